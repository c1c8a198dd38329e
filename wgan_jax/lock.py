"""Folders that one process at a time works in: it locks a file there, which ends when it ends, in whatever way."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from wgan_jax import remote
from wgan_jax.errors import UserError

RUN, SWEEP = remote.LOCK, '.sweep.lock'  # of whoever trains in the folder of a run, and starts units of a sweep
TAKEN = {
  RUN: 'another process is training in {}: wait for it, or choose another --workdir=',
  SWEEP: 'another process runs the sweep in {}: --status shows how it stands',
}


@contextlib.contextmanager
def held(folder: os.PathLike, file: str, path: str = '') -> Iterator[None]:
  """The folder, made where it is missing, is this process's while inside; buckets know no locks.

  file: RUN or SWEEP. path: what people call the folder, where that is something else.

  Raises:
    UserError: when it is another's, or cannot be written.
  """
  if remote.is_remote(folder):
    yield
    return
  path = path or os.fspath(folder)
  try:
    os.makedirs(folder, exist_ok=True)
    lock = os.open(os.path.join(folder, file), os.O_RDWR | os.O_CREAT)
  except OSError as error:
    raise UserError(f'cannot write in --workdir={path}: {error.strerror.lower()}; choose another --workdir=') from error
  try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
  except OSError as error:
    os.close(lock)
    raise UserError(TAKEN[file].format(path)) from error
  try:
    yield
  finally:
    os.close(lock)


def taken(folder: os.PathLike, file: str) -> bool:
  """Whether a process holds the folder, which may not be there."""
  try:
    lock = os.open(os.path.join(folder, file), os.O_RDONLY)
  except OSError:
    return False
  try:
    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
  except OSError:
    return True
  finally:
    os.close(lock)
  return False
