"""One process at a time starts units of a sweep."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from etils import epath

from wgan_jax.errors import UserError

FILE = '.sweep.lock'


@contextlib.contextmanager
def held(root: epath.Path) -> Iterator[None]:
  """The folder of a sweep, made where it is missing, is this process's while inside; buckets know no locks.

  Raises:
    UserError: when it is another's, or cannot be written.
  """
  if '://' in f'{root}':
    yield
    return
  try:
    root.mkdir(parents=True, exist_ok=True)
    lock = os.open(root / FILE, os.O_RDWR | os.O_CREAT)
  except OSError as error:
    raise UserError(f'cannot write in --workdir={root}: {error.strerror.lower()}; choose another --workdir=') from error
  try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # which ends with this process, however it ends
  except OSError as error:
    os.close(lock)
    raise UserError(f'another process runs the sweep in {root}: --status shows how it stands') from error
  try:
    yield
  finally:
    os.close(lock)
