"""Prints the memory that XLA plans for what comes and goes in one round of a recipe, as it is and made smaller.

python -m experiments.benchmarks.memory biggan_cifar [BATCH_SIZE]

One critic update and one of the generator. On a CPU the figures say how the ways compare, not what an accelerator
needs.

Measured, biggan_cifar, batch 64, jax 0.10.2, CPU, 2026-11-26: not yet.
"""

import importlib
import sys
import time

import jax
import jax.numpy as jnp

from wgan_jax import build, parallel
from wgan_jax.engine import initial_state, play_rounds

SHAPES = {'cifar10': (32, 32, 3), 'imagenet2012': (128, 128, 3), 'digits': (8, 8, 1)}
BOTH = ('generator', 'critic')
REMAT = {f'{network}.remat': True for network in BOTH}
HALF = {f'{network}.dtype': 'bfloat16' for network in BOTH}
PIECES = {'train.accumulate': 8}
WAYS = {
  'as it is': {},
  'rematerialised': REMAT,
  'bfloat16': HALF,
  'in 8 pieces': PIECES,
  'all three': REMAT | HALF | PIECES,
}


def temporary_mebibytes(name: str, batch_size: int, changes: dict) -> float:
  """Of the arrays that are neither in the state nor in the feed, at their peak."""
  config = importlib.import_module(f'experiments.{name}').get_config()
  config.update_from_flattened_dict({**changes, 'game.n_critic': 1})
  shape = SHAPES[config.data.name]
  play = build.build_play(config, shape, classes=10)
  batch = {'image': jnp.zeros((batch_size, *shape)), 'label': jnp.zeros(batch_size, int)}
  alone = jax.vmap(lambda key: initial_state(play, batch, key), axis_name=parallel.AXIS)
  state = jax.eval_shape(lambda: jax.tree.map(lambda x: x[0], alone(jax.random.key(0)[None])))
  feed = jax.tree.map(lambda x: jax.ShapeDtypeStruct((1, 2, 1, *x.shape), x.dtype), batch)

  def program(state, feed, key, n, resident):
    return play_rounds(play, state, feed, key, n, resident)

  mapped = parallel.over_devices(program, jax.devices()[:1])
  compiled = mapped.lower(state, feed, jax.random.key(0), jnp.int32(1), None).compile()
  return compiled.memory_analysis().temp_size_in_bytes / 2**20


def main():
  name, batch_size = sys.argv[1], int((sys.argv[2:] or [64])[0])
  print(f'{name}, batch {batch_size}, {jax.devices()[0].device_kind}, jax {jax.__version__}')
  for title, changes in WAYS.items():
    start = time.perf_counter()
    print(f'{title:<16}{temporary_mebibytes(name, batch_size, changes):10,.0f} MiB', end='')
    print(f'   compiled in {time.perf_counter() - start:.0f} s', flush=True)


if __name__ == '__main__':
  main()
