"""What a pickle of PyTorch's says of tensors: storages, views of them, and their numbers once the bytes are there."""

import math
from typing import Any, NamedTuple

import numpy as np

from wgan_jax.metrics.features.pickle_machine import Name, Refused, short

MOST, MOST_AXES = 2**32, 16  # of any number here, and of the axes of a tensor
STORAGES = {  # numpy's name for the bytes of an element; bfloat16 is the upper half of a float32
  'torch FloatStorage': '<f4',
  'torch DoubleStorage': '<f8',
  'torch HalfStorage': '<f2',
  'torch BFloat16Storage': 'bfloat16',
  'torch LongStorage': '<i8',
  'torch IntStorage': '<i4',
  'torch ShortStorage': '<i2',
  'torch CharStorage': 'i1',
  'torch ByteStorage': 'u1',
  'torch BoolStorage': 'bool',
}
RAW = {'bfloat16': '<u2', 'bool': 'u1'}  # what is read for those that numpy cannot read, or not safely


class Storage(NamedTuple):
  """A row of `size` elements, by its key in the file."""

  kind: str
  key: str
  size: int

  @property
  def raw(self) -> np.dtype:
    return np.dtype(RAW.get(self.kind, self.kind))


class Tensor(NamedTuple):
  """A view of a storage; all counted in elements."""

  storage: Storage
  offset: int
  shape: tuple[int, ...]
  strides: tuple[int, ...]


def storage(persistent: Any) -> Storage:
  """Of a persistent id: ('storage', its kind, its key, the device it was on, its size) and, of views, more."""
  ok = isinstance(persistent, tuple) and len(persistent) in (5, 6) and persistent[0] == 'storage'
  if not ok or any(persistent[5:]) or not isinstance(persistent[1], Name) or persistent[1].text not in STORAGES:
    raise Refused('refers to what is no plain storage of numbers')
  kind, key, size = STORAGES[persistent[1].text], persistent[2], persistent[4]
  if not isinstance(key, str) or not _counts([size]):
    raise Refused('refers to a storage of no sensible key or size')
  return Storage(kind, key, size)


def tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_grad_and_hooks: Any) -> Tensor:
  """For torch._utils._rebuild_tensor and _rebuild_tensor_v2: a view that lies within its storage."""
  ok = isinstance(storage, Storage) and isinstance(shape, tuple) and isinstance(strides, tuple)
  if not ok or not _counts([offset, *shape, *strides]) or not len(shape) == len(strides) <= MOST_AXES:
    raise Refused('holds a tensor of no sensible shape')
  end = offset + 1 + sum((side - 1) * stride for side, stride in zip(shape, strides, strict=True))
  if math.prod(side for side in shape if side) > MOST:
    raise Refused('holds a tensor of no sensible shape')
  if 0 not in shape and (end > storage.size or math.prod(shape) > storage.size):
    raise Refused(f'holds a tensor of shape {shape} in a storage of {storage.size} elements')
  return Tensor(storage, offset, shape, strides)


def parameter(tensor: Any, *_grad_and_hooks: Any) -> Tensor:
  """For torch._utils._rebuild_parameter, which adds to a tensor only that it is one."""
  if not isinstance(tensor, Tensor):
    raise Refused('holds a parameter that is no tensor')
  return tensor


def array(tensor: Tensor, data: bytes) -> np.ndarray:
  """A copy of the numbers that the tensor shows of its storage's bytes; bfloat16 as float32."""
  kind, key, size = tensor.storage
  dtype = tensor.storage.raw
  if len(data) != size * dtype.itemsize:
    raise Refused(f'is torn: the storage {short(key)} has {len(data)} of {size * dtype.itemsize} bytes')
  if 0 in tensor.shape:
    return np.zeros(tensor.shape, {'bfloat16': np.float32}.get(kind, kind))
  elements = np.frombuffer(data, dtype)[tensor.offset :]
  view = np.lib.stride_tricks.as_strided(elements, tensor.shape, [n * dtype.itemsize for n in tensor.strides])
  if kind == 'bfloat16':
    return (view.astype(np.uint32) << 16).view(np.float32)
  return view != 0 if kind == 'bool' else np.array(view)


def _counts(numbers):
  return all(type(n) is int and 0 <= n <= MOST for n in numbers)
