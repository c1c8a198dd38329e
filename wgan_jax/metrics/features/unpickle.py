"""Tensors out of files that torch.save wrote, in either of its formats, without torch and without trust.

An archive is a zip file that is not compressed: NAME/data.pkl holds the pickle, NAME/data/KEY the bytes of a storage.
Before that, a file was four pickles (a magic number, a version, facts of the machine, the object), a fifth with the
storages' keys, and then for each of them the number of its elements and their bytes. In both, a tensor is a call of
torch._utils._rebuild_tensor_v2 with a storage, an offset, sizes and strides, all counted in elements.
"""

import io
import math
import struct
import zipfile
from typing import Any

import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import tensors
from wgan_jax.metrics.features.pickle_machine import Machine, Refused, short

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001
MOST_BYTES = 2**32  # of all tensors together
MOST_THINGS = 100_000  # in a file
DEEPEST = 16  # dictionaries in dictionaries
BIG_ENDIAN = 'was written by a big-endian machine: load and save it by torch on this one'


def read(data: bytes, name: str) -> dict[str, np.ndarray]:
  """{key: array} of all tensors in what torch.save wrote; keys of dictionaries in dictionaries are joined by dots.

  bfloat16 comes as float32, everything else as it is. Numbers and texts beside the tensors are left out.

  Raises:
    UserError: for anything else, in one line that begins with `name`.
  """
  try:
    value, storages = (_of_archive if data[:2] == b'PK' else _of_pickles)(data)
    found = dict(_flat(value, '', DEEPEST, iter(range(MOST_THINGS))))
    if sum(math.prod(t.shape) * t.storage.raw.itemsize for t in found.values()) > MOST_BYTES:
      raise Refused(f'claims tensors of more than {MOST_BYTES >> 30} GiB')
    return {key: tensors.array(tensor, storages[tensor.storage.key]) for key, tensor in found.items()}
  except Refused as error:
    raise UserError(f'{name} {error}') from error


def _of_archive(data):
  """(the pickled value, {key: bytes})."""
  try:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
      records = {info.filename: info for info in file.infolist()}
      head = _head(records)
      if len(records) < len(file.infolist()) or sum(info.file_size for info in records.values()) > len(data):
        raise Refused('claims to hold more than its own size')
      if f'{head}byteorder' in records and file.read(f'{head}byteorder') != b'little':
        raise Refused(BIG_ENDIAN)
      value, wanted = _unpickled(io.BytesIO(file.read(f'{head}data.pkl')))
      if missing := [key for key in wanted if f'{head}data/{key}' not in records]:
        raise Refused(f'lacks the storage {short(missing[0])}')
      return value, {key: file.read(f'{head}data/{key}') for key in wanted}
  except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, struct.error) as error:
    raise Refused(f'is a torn zip file ({short(error)})') from error


def _head(records):
  """What the names of an archive's records begin with."""
  heads = [name.removesuffix('data.pkl') for name in records if name.split('/')[1:] == ['data.pkl']]
  if len(heads) != 1:
    raise Refused('is a zip file, but neither of torch.save nor of numpy')
  if f'{heads[0]}constants.pkl' in records:
    raise Refused('is a TorchScript program; a file of its state_dict is wanted')
  if any(info.compress_type != zipfile.ZIP_STORED for info in records.values()):
    raise Refused('holds compressed records, which torch.save does not write')
  return heads[0]


def _of_pickles(data):
  """The same of the older format."""
  stream = io.BytesIO(data)
  head = [Machine({}).run(stream) for _ in range(3)]
  if head[:2] != [MAGIC, VERSION] or not isinstance(head[2], dict):
    raise Refused('is a pickle, but not of torch.save')
  if head[2].get('little_endian') is not True:
    raise Refused(BIG_ENDIAN)
  value, wanted = _unpickled(stream)
  keys, storages = Machine({}).run(stream), {}
  if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys) or set(keys) != set(wanted):
    raise Refused('lists other storages than its tensors use')
  for key in keys:
    size = stream.read(8)
    if len(size) < 8 or struct.unpack('<q', size)[0] != wanted[key].size:
      raise Refused(f'is torn: the storage {short(key)} is not of the size that its tensors say')
    storages[key] = stream.read(wanted[key].size * wanted[key].raw.itemsize)
  return value, storages


def _unpickled(stream):
  """(value with Tensors in it, {key: Storage} of those they use)."""
  wanted = {}

  def storage(persistent):
    found = tensors.storage(persistent)
    if wanted.setdefault(found.key, found) != found:
      raise Refused(f'tells the storage {short(found.key)} in two ways')
    return found

  names = {
    **dict.fromkeys(tensors.STORAGES),
    'collections OrderedDict': _dictionary,
    'torch._utils _rebuild_tensor': tensors.tensor,
    'torch._utils _rebuild_tensor_v2': tensors.tensor,
    'torch._utils _rebuild_parameter': tensors.parameter,
  }
  return Machine(names, storage).run(stream), wanted


def _dictionary(items=()):
  if any(type(item) not in (list, tuple) or len(item) != 2 or not isinstance(item[0], str | int) for item in items):
    raise Refused('holds an OrderedDict of what are no keys and values')
  return dict(items)


def _flat(value: Any, key: str, deeper: int, left):
  """Yields (key, Tensor) of all that dictionaries, lists and tuples hold; `left` counts down what may be looked at."""
  if next(left, None) is None or deeper < 0:
    raise Refused('is nested too deeply, or holds too much')
  if isinstance(value, tensors.Tensor):
    yield key, value
  elif isinstance(value, dict | list) or type(value) is tuple:
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
      yield from _flat(inner, f'{key}.{name}' if key else str(name), deeper - 1, left)
