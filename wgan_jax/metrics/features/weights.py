"""Files of weights, whatever their names end in: what torch.save or numpy wrote, and nothing that could run."""

import hashlib
import io
import os
import pathlib
import tokenize
import zipfile
import zlib

import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import unpickle
from wgan_jax.metrics.features.pickle_machine import short

MOST_BYTES = 2**32  # of a file, and of what an .npz unpacks to
# What zipfile and numpy say of torn files; numpy reads the header of an array as Python's tokens.
TORN = OSError, EOFError, ValueError, RuntimeError, MemoryError, SyntaxError, zipfile.BadZipFile, zlib.error
TORN += (tokenize.TokenError,)
PICKLES = b'\x80\x02', b'\x80\x03', b'\x80\x04', b'\x80\x05'  # how those of each protocol begin


def read(path: str | os.PathLike) -> tuple[dict[str, np.ndarray], str]:
  """({key: array}, the SHA-256 of the file in hex digits). float16 and bfloat16 come as float32.

  Raises:
    UserError: when there is no such file, or it is neither torch's nor numpy's, torn, or holds more than arrays.
  """
  path = pathlib.Path(path).expanduser()
  data = _bytes(path)
  arrays = (_of_npz if _is_npz(data) else unpickle.read)(data, str(path))
  if not arrays:
    raise UserError(f'{path} holds no arrays')
  halves = {key: x.astype(np.float32) for key, x in arrays.items() if x.dtype == np.float16}
  return {**arrays, **halves}, hashlib.sha256(data).hexdigest()


def _bytes(path):
  if path.exists() and not path.is_file():
    raise UserError(f'{path} is a {"folder" if path.is_dir() else "device"}; a file of weights is wanted')
  try:
    if path.stat().st_size > MOST_BYTES:
      raise UserError(f'{path} is larger than {MOST_BYTES >> 30} GiB, which no weights here are')
    data = path.read_bytes()
  except FileNotFoundError as error:
    raise UserError(f'there is no file of weights at {path}') from error
  except OSError as error:
    raise UserError(f'{path} cannot be read: {error.strerror}') from error
  if not data:
    raise UserError(f'{path} is empty: fetch it again')
  if data[:2] not in (b'PK', *PICKLES):
    page = data.lstrip()[:1] == b'<'
    raise UserError(f'{path} is {"a web page: fetch the file itself" if page else "neither .pth nor .npz"}')
  return data


def _is_npz(data):
  try:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
      return all(name.endswith('.npy') for name in file.namelist())
  except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
    return False


def _of_npz(data, name):
  try:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
      if sum(info.file_size for info in file.infolist()) > MOST_BYTES:
        raise UserError(f'{name} claims arrays of more than {MOST_BYTES >> 30} GiB')
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
      arrays = {key: file[key] for key in file.files}
  except TORN as error:
    raise UserError(f'{name} is torn, or holds more than arrays of numbers ({short(error)})') from error
  if odd := [key for key, x in arrays.items() if x.dtype.kind not in 'fiub']:
    raise UserError(f'{name} holds {arrays[odd[0]].dtype} in {odd[0]!r}, not numbers')
  return {key: x.astype(x.dtype.newbyteorder('=')) for key, x in arrays.items()}
