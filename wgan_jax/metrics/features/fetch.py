"""The one file that this project fetches, once and only when asked: the weights of FID's network."""

import hashlib
import http.client
import os
import pathlib
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

from wgan_jax import progress
from wgan_jax.data.cache import cache_folder
from wgan_jax.errors import UserError

CHUNK = 2**20  # bytes
TIMEOUT = 30  # seconds without a byte


class Remote(NamedTuple):
  """A file somewhere else, which is the same for ever."""

  name: str
  address: str
  sha256: str
  size: int  # bytes


# What pytorch-fid publishes: Inception v3 as of 2015-12-05, ported from TensorFlow's. The name holds the first eight
# digits of the SHA-256, the whole of which torch-fidelity's users and others pin.
INCEPTION = Remote(
  name='pt_inception-2015-12-05-6726825d.pth',
  address='https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth',
  sha256='6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2',
  size=95_628_359,
)


def inception() -> pathlib.Path:
  """Where the weights of FID's network are, which are fetched if they are not there."""
  return once(INCEPTION)


def once(remote: Remote) -> pathlib.Path:
  """The file in our cache folder, fetched if it is not there; its hash is that of `remote`, or it is not used.

  Raises:
    UserError: when it cannot be had, with all that is needed to bring it here by hand.
  """
  path = cache_folder() / 'weights' / remote.name
  if path.exists() and _sha256(path) == remote.sha256:
    return path
  partial = _partial(path)
  try:
    with partial.open('wb') as file:
      for chunk in _chunks(remote):
        file.write(chunk)
    if (found := _sha256(partial)) != remote.sha256:
      raise ValueError(f'what came has the SHA-256 {found[:16]}..., not {remote.sha256[:16]}...')
    # A rename is atomic: whoever is killed before it leaves no file of this name.
    os.replace(partial, path)
  except (OSError, ValueError, http.client.HTTPException) as error:
    raise UserError(_by_hand(remote, path, error)) from error
  finally:
    partial.unlink(missing_ok=True)
  return path


def _partial(path):
  try:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix='.partial-')
  except OSError as error:
    raise UserError(f'cannot write in {path.parent}: set XDG_CACHE_HOME to a folder that can be written') from error
  os.close(handle)
  return pathlib.Path(name)


def _chunks(remote: Remote) -> Iterator[bytes]:
  came, reads = 0, remote.size // CHUNK + 1  # the last one is never full
  with _answer(remote) as answer:
    for _ in progress.steps(range(reads), f'fetching {remote.name}, MiB', reads):
      chunk = answer.read(CHUNK)
      came += len(chunk)
      yield chunk
  if came != remote.size:
    raise ValueError(f'{came:,} bytes came of {remote.size:,}')


def _answer(remote):
  try:
    return urllib.request.urlopen(remote.address, timeout=TIMEOUT)
  except urllib.error.HTTPError as error:
    error.close()
    raise


def _sha256(path):
  with path.open('rb') as file:
    return hashlib.file_digest(file, 'sha256').hexdigest()


def _by_hand(remote, path, error):
  reason = ' '.join(str(getattr(error, 'reason', error) or type(error).__name__).split())
  return (
    f'cannot fetch {remote.name} ({reason}): get it from {remote.address}, and put it at {path} or name its place by '
    '--config.evaluate.weights=PATH'
  )
