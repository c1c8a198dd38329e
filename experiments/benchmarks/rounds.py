r"""How long a round takes, here and in plain PyTorch, measured side by side on this machine.

  python -m experiments.benchmarks.rounds --rounds=dcgan,toy64 --repeats=5

The two take turns, so that what slows the machine down slows both; times are medians.
"""

import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import flax
import jax
import jax.numpy as jnp
from absl import app, flags, logging

from experiments.benchmarks.jax_rounds import ROUNDS, jax_round, mlp_flops

try:
  import torch

  from experiments.benchmarks.torch_rounds import torch_round
except ImportError:
  torch = None

ROUNDS_FLAG = flags.DEFINE_list('rounds', list(ROUNDS), f'which rounds, of {", ".join(ROUNDS)}')
flags.register_validator('rounds', lambda names: set(names) <= set(ROUNDS), f'known: {", ".join(ROUNDS)}')
REPEATS = flags.DEFINE_integer('repeats', 5, 'measurements, of which the median is printed')
STARTS = flags.DEFINE_bool('starts', True, 'whether to measure the first and the second start too')
HEAD = 'round', 'torch eager ms', 'wgan_jax ms', 'torch/ours', 'goal', 'of GFLOP/s', 'first start s', 'second start s'
LINE = '{:<20} {:>20} {:>12} {:>10} {:>6} {:>13} {:>14} {:>15}'


def machine() -> str:
  """Device, cores, versions, date."""
  info = pathlib.Path('/proc/cpuinfo')
  lines = info.read_text().splitlines() if info.exists() else []
  models = [line.split(':')[1].strip() for line in lines if line.startswith('model name')]
  device = jax.devices()[0]
  return '\n'.join(
    [
      f'device: {device.platform} {device.device_kind}, {(models or [platform.processor()])[0]}',
      f'cores: {len(os.sched_getaffinity(0))} of {os.cpu_count()}',
      f'versions: Python {platform.python_version()}, jax {jax.__version__}, flax {flax.__version__}, '
      f'torch {torch.__version__ if torch else "not installed"}',
      f'date: {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC',
    ]
  )


def timed(run) -> float:
  """Milliseconds."""
  start = time.perf_counter()
  run()
  return 1000 * (time.perf_counter() - start)


def compare(name: str, repeats: int) -> tuple[float | None, float]:
  """Median milliseconds of one round: (torch's or None, ours)."""
  kind = ROUNDS[name]
  rounds = min(kind.dispatch, 20)
  ours, theirs = jax_round(kind), torch_round(name, kind, rounds) if torch else None
  times = [(timed(theirs) / rounds if theirs else None, timed(ours) / kind.dispatch) for _ in range(repeats)]
  torch_times, jax_times = zip(*times, strict=True)
  return statistics.median(torch_times) if torch else None, statistics.median(jax_times)


def product_rate(size: int = 2048) -> float:
  """GFLOP/s of a float32 matrix product, the best of 10."""
  a = jax.random.normal(jax.random.key(0), (size, size))
  product = jax.jit(jnp.matmul)
  product(a, a).block_until_ready()
  return 2 * size**3 / min(timed(lambda: product(a, a).block_until_ready()) for _ in range(10)) / 1e6


def starts(name: str) -> tuple[float, float]:
  """Seconds of tracing and compiling one round: (with an empty cache, with what that start left in it)."""
  with tempfile.TemporaryDirectory() as folder:
    cache = {'JAX_COMPILATION_CACHE_DIR': folder, 'JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS': '0'}
    command = [sys.executable, '-m', 'experiments.benchmarks.startup', name]
    options = dict(env={**os.environ, **cache}, capture_output=True, text=True, check=True)
    return tuple(float(subprocess.run(command, **options).stdout) for _ in range(2))


def row(name: str) -> list[str]:
  """One line of the table."""
  theirs, ours = compare(name, REPEATS.value)
  share = ''
  if name == 'toy512':
    rate, peak = mlp_flops(ROUNDS[name], 512) / ours / 1e6, product_rate()
    share = f'{rate / peak:.0%} of {peak:.0f}'
  first, second = [f'{seconds:.1f}' for seconds in starts(name)] if STARTS.value else ('', '')
  peer, ratio = (f'{theirs:.1f}', f'{theirs / ours:.2f}') if torch else ('torch not installed', '')
  return [ROUNDS[name].title, peer, f'{ours:.2f}', ratio, f'{ROUNDS[name].goal}', share, first, second]


def main(argv):
  del argv
  logging.set_verbosity(logging.ERROR)
  print(machine())
  print(LINE.format(*HEAD))
  for name in ROUNDS_FLAG.value:
    print(LINE.format(*row(name)), flush=True)


if __name__ == '__main__':
  app.run(main)
