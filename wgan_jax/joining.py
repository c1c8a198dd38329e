"""How the processes of one run find one another."""

import socket
import sys
import time
from typing import Any

import jax

from wgan_jax.errors import UserError
from wgan_jax.hosts import share

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


def _find(options: dict[str, Any]) -> None:
  """Joins the processes of the cluster that this one is on, if there is any."""
  try:
    jax.distributed.initialize(initialization_timeout=PATIENCE, **options)
  except ValueError as error:
    if NO_CLUSTER not in f'{error}':
      raise UserError(f'the cluster that this process is on cannot be joined: {error}') from error
