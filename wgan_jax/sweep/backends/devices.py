"""Which devices each slot of the local backend has for its own. Nothing here starts CUDA, libtpu or JAX.

GPUs: CUDA_VISIBLE_DEVICES; of several processes on one, each allocates its part of the memory
(https://docs.jax.dev/en/latest/gpu_memory_allocation.html). TPUs: a chip is one process's at a time; libtpu is told
which chips of the host, and their shape, as JAX's own tests of several processes do.
"""

import glob
import importlib.util
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wgan_jax.errors import UserError

SHAPES = {1: '1,1,1', 2: '1,2,1', 4: '2,2,1', 8: '2,4,1'}  # of so many chips of a host
MEMORY = 0.8  # of a GPU, for all processes on it; CUDA itself takes some for each
FRACTIONS = 'XLA_CLIENT_MEM_FRACTION', 'XLA_PYTHON_CLIENT_MEM_FRACTION'  # new and old name: JAX refuses both at once
COORDINATOR_PORT = 8482  # where JAX has one on a TPU host; every slot needs its own


class Place(NamedTuple):
  """Where a slot's processes run. name: of its devices, '' where they are nobody's own. environment: that says so."""

  name: str
  environment: dict[str, str]


def places(slots: int, environment: Mapping[str, str] = os.environ) -> list[Place]:
  """Where each of so many slots runs its processes: on devices of its own, which are shared in turn where there are
  fewer GPUs than slots.

  A single slot has all there are. CPUs are everyone's; each process has its share of threads: two toy runs side by side
  on two cores took 21.7 s of CPU each with one thread, 25.6 s with two (toy_wgan_gp, 1,500 rounds, Intel Xeon,
  2026-11-26).

  Raises:
    UserError: when there are fewer TPU chips than slots.
  """
  if slots == 1:
    return [Place('', {})]
  platforms = {*(environment.get('JAX_PLATFORMS') or 'cuda,tpu').split(',')}
  if platforms & {'cuda', 'gpu'} and (gpus := _gpus(environment)):
    return _on_gpus(gpus, slots, environment)
  if 'tpu' in platforms and (chips := _chips(environment)):
    return _on_chips(chips, slots)
  threads = environment.get('NPROC') or f'{max(1, _cores() // slots)}'
  return [Place('', {'NPROC': threads})] * slots


def _on_gpus(gpus: Sequence[str], slots: int, environment: Mapping[str, str]) -> list[Place]:
  if slots <= len(gpus):
    return [Place(f'GPU {ids}', {'CUDA_VISIBLE_DEVICES': ids}) for ids in _parts(gpus, len(gpus) // slots)[:slots]]
  each = MEMORY / -(-slots // len(gpus))
  memory = {} if any(environment.get(name) for name in FRACTIONS) else {FRACTIONS[0]: f'{each:.3f}'}
  shared = [Place(f'GPU {gpu}', {'CUDA_VISIBLE_DEVICES': gpu, **memory}) for gpu in gpus]
  return [shared[slot % len(gpus)] for slot in range(slots)]


def _on_chips(chips: Sequence[str], slots: int) -> list[Place]:
  if slots > len(chips):
    raise UserError(f'a TPU chip is of one process, and this machine has {len(chips)}: set --parallel={len(chips)}')
  each = max(size for size in SHAPES if size <= len(chips) // slots)
  return [
    Place(
      f'TPU {ids}',
      {
        'TPU_VISIBLE_CHIPS': ids,
        'TPU_CHIPS_PER_PROCESS_BOUNDS': SHAPES[each],
        'TPU_PROCESS_BOUNDS': '1,1,1',
        'ALLOW_MULTIPLE_LIBTPU_LOAD': '1',
        'JAX_COORDINATOR_PORT': f'{COORDINATOR_PORT + slot}',
      },
    )
    for slot, ids in enumerate(_parts(chips, each)[:slots])
  ]


def _parts(ids, size):
  return [','.join(ids[i : i + size]) for i in range(0, len(ids) - size + 1, size)]


def _gpus(environment):
  """Names of the GPUs that this process may use."""
  if (visible := environment.get('CUDA_VISIBLE_DEVICES')) is not None:
    return _until_none(visible)
  try:
    listed = subprocess.run(['nvidia-smi', '-L'], capture_output=True, text=True, timeout=60).stdout
    return re.findall(r'(?m)^GPU (\d+):', listed)
  except (OSError, subprocess.TimeoutExpired):
    return [f'{i}' for i in range(len(glob.glob('/dev/nvidia[0-9]*')))]


def _until_none(visible):
  """CUDA reads on until the first that is no GPU, of which -1 is the one people write."""
  ids = [gpu.strip() for gpu in visible.split(',')]
  return ids[: next((i for i, gpu in enumerate(ids) if gpu in ('', '-1')), len(ids))]


def _chips(environment):
  """Numbers of the TPU chips that this process may use."""
  if visible := environment.get('TPU_VISIBLE_CHIPS') or environment.get('TPU_VISIBLE_DEVICES'):
    return visible.split(',')
  if importlib.util.find_spec('libtpu') is None:
    return []
  return [f'{i}' for i in range(len(glob.glob('/dev/accel[0-9]*') or glob.glob('/dev/vfio/[0-9]*')))]


def _cores():
  return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
