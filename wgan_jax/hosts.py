"""Several processes that play one run together, a host of a pod each or more to a host: how they find one another, and
how they agree.

Every process runs the same program on the same global batch, of which it computes its share. What is decided from
something that they do not have in common, a clock or a folder, is decided by the first process and told to the others.
"""

import atexit
import functools
import json
import pathlib
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.experimental import multihost_utils

from wgan_jax.errors import UserError

LOST = 'another process of this run was lost'
OF_LOST = 'Gloo', 'NCCL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'ABORTED', 'heartbeat', 'Connection'  # their words
PATIENCE = 300  # seconds in which all processes have to come
NO_CLUSTER = 'coordinator_address'  # what JAX misses where no environment tells of other processes


def join(coordinator: str | None, processes: int | None, process: int | None, heartbeat_seconds: int) -> None:
  """Finds the other processes; comes before any other call to JAX that looks at devices.

  With a coordinator named, they are as many as said. Else the cluster's environment tells (Slurm, a TPU pod on GKE or
  on GCE, Kubernetes, Open MPI: whatever `jax.distributed.initialize` knows). Where there is none, this process is
  alone.

  Args:
    coordinator: HOST:PORT where process 0 listens.
    processes: how many are expected: named to be sure that a cluster that was not recognised does not train as many
      copies of one run in one folder.
    process: the number of this one.
    heartbeat_seconds: after which a process that says nothing is taken for lost.

  Raises:
    UserError: when the three do not go together, or other processes are there than expected.
  """
  options = {'heartbeat_timeout_seconds': heartbeat_seconds}
  if coordinator is not None:
    if processes is None or process is None or not 0 <= process < processes:
      raise UserError('--coordinator=HOST:PORT needs --num_processes=N and --process_id=0 ... N-1 too')
    _meet(coordinator, processes, process)
    jax.distributed.initialize(coordinator, processes, process, initialization_timeout=PATIENCE, **options)
  elif process is not None:
    raise UserError('--process_id needs --coordinator=HOST:PORT too')
  else:
    _find(options)
  if processes not in (None, found := share()[1]):
    raise UserError(
      f'{processes} processes were expected and {found} found: name --coordinator=HOST:PORT and --process_id too, or '
      'start all of them as your cluster does (srun, a job of the pod)'
    )


def _meet(coordinator, processes, process):
  """Raises a UserError where JAX would crash, or wait for long without a word, at an address that a user gave."""
  host, _, port = coordinator.rpartition(':')
  if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
    raise UserError(f'--coordinator={coordinator} is no HOST:PORT, such as 10.0.0.1:1234')
  if process == 0:
    with socket.socket() as ours:
      ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      try:
        ours.bind(('', int(port)))
      except OSError as error:
        raise UserError(f'process 0 cannot listen at --coordinator={coordinator}: {error.strerror.lower()}') from error
    print(f'waiting for {processes - 1} more processes at {coordinator}', file=sys.stderr)  # noqa: T201
    return
  print(f'looking for process 0 at {coordinator}', file=sys.stderr)  # noqa: T201
  last = time.monotonic() + PATIENCE
  while True:
    try:
      socket.create_connection((host.strip('[]'), int(port)), timeout=5).close()
      return
    except OSError as error:
      if time.monotonic() > last:
        raise UserError(f'process 0 does not listen at --coordinator={coordinator} ({error})') from error
    time.sleep(0.2)


def _find(options):
  """Joins the processes of the cluster that this one is on, if there is any."""
  try:
    jax.distributed.initialize(initialization_timeout=PATIENCE, **options)
  except ValueError as error:
    if NO_CLUSTER not in f'{error}':
      raise UserError(f'the cluster that this process is on cannot be joined: {error}') from error


def share() -> tuple[int, int]:
  """(i, n): this process computes the i-th of n equal parts of each batch."""
  # Whoever has not joined others is alone, and need not have looked at a device to know it.
  return (jax.process_index(), jax.process_count()) if jax.distributed.is_initialized() else (0, 1)


def several() -> bool:
  """Whether there are other processes."""
  return share()[1] > 1


def first() -> bool:
  """Whether this process decides, speaks and writes."""
  return share()[0] == 0


def writable(folder: pathlib.Path) -> pathlib.Path:
  """The folder in the first process; in others one of their own that goes when they end, so that they write nothing."""
  return folder if first() else _scratch()


@functools.cache
def _scratch():
  folder = tempfile.TemporaryDirectory(prefix='wgan_jax-')
  atexit.register(folder.cleanup)
  return pathlib.Path(folder.name)


def everyones() -> list[jax.Device]:
  """The devices of all processes, those of one process side by side and in the order of `share`."""
  return sorted(jax.devices(), key=lambda device: (device.process_index, device.id))


def lost(error: Exception) -> bool:
  """Whether an error of JAX comes of a process that does not answer any more, as far as its words tell."""
  return several() and any(word in f'{error}' for word in OF_LOST)


def agreed(tree: Any) -> Any:
  """Arrays (or numbers) of the first process, everywhere, to the bit; others give some of the same shapes and types."""
  if not several():
    return tree
  # As bytes: sums, which carry them, would make 0 of -0.
  flat = jax.tree.map(lambda x: np.atleast_1d(np.ascontiguousarray(x)).view(np.uint8), tree)
  told = multihost_utils.broadcast_one_to_all(flat)
  return jax.tree.map(lambda x, like: np.asarray(x).view(np.asarray(like).dtype).reshape(np.shape(like)), told, tree)


def told(decide: Callable[[], Any]) -> Any:
  """What `decide` returns in the first process, as JSON has it; the others only hear of it.

  Raises:
    UserError: everywhere, when it raises one there.
  """
  if not several():
    return decide()
  content = b''
  if first():
    try:
      answer = {'value': decide()}
    except UserError as error:
      answer = {'error': f'{error}'}
    content = json.dumps(answer).encode()
  length = int(agreed(np.int32(len(content))))
  answer = json.loads(agreed(np.frombuffer(content.ljust(length), np.uint8)).tobytes())
  if 'error' in answer:
    raise UserError(answer['error'])
  return answer['value']


def found(look: Callable[[], tuple[Any, Any] | None], like: Any) -> tuple[Any, Any] | None:
  """(facts, arrays) that `look` finds in the first process, None where it finds nothing.

  look: returns facts, which are told as JSON has them, and arrays of the shapes and types of `like`.
  """
  here = []

  def facts():
    here.append(look())
    return here[0] and [here[0][0]]

  if (there := told(facts)) is None:
    return None
  empty = jax.tree.map(lambda x: np.zeros(x.shape, x.dtype), like)
  return there[0], agreed(here[0][1] if here else empty)


def joined(rows: Any) -> Any:
  """Arrays [rows of all processes, ...] on the host, of each one's own [rows, ...], in the order of `share`."""
  return jax.tree.map(lambda x: multihost_utils.process_allgather(x, tiled=True), rows) if several() else rows


def all_agree(true_here: bool) -> bool:
  """Whether it is true in every process."""
  return bool(np.all(multihost_utils.process_allgather(np.bool_(true_here)))) if several() else true_here
