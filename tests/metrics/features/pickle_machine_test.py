"""Pickles made by hand: what could run is named and refused, and so is what claims more than it holds."""

import builtins
import collections
import io
import os
import pathlib
import pickle
import struct
import zipfile

import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import unpickle

WITNESS = pathlib.Path('was_run')


class Calls:
  """Pickles as a call of a function."""

  def __init__(self, function, *arguments):
    self.call = function, arguments

  def __reduce__(self):
    return self.call


def archive(pickled, storages=None, byteorder=b'little', compression=zipfile.ZIP_STORED, also='version'):
  file = io.BytesIO()
  with zipfile.ZipFile(file, 'w', compression) as records:
    records.writestr('archive/data.pkl', pickled)
    records.writestr('archive/byteorder', byteorder)
    records.writestr(f'archive/{also}', b'3')
    for key, data in (storages or {}).items():
      records.writestr(f'archive/data/{key}', data)
  return file.getvalue()


def before(pickled, keys=(), data=b'', little_endian=True):
  facts = {'little_endian': little_endian}
  head = [pickle.dumps(x, 2) for x in (unpickle.MAGIC, unpickle.VERSION, facts)]
  return b''.join([*head, pickled, pickle.dumps(list(keys), 2), data])


def tensor(offset=0, shape=(2,), strides=(1,), size=2, kind='FloatStorage', tail=b''):
  """A pickle of {'a': one tensor}, its numbers as they are told, however absurd."""

  def inner(value):  # without the instructions around it
    return pickle.dumps(value, 2)[2:-1]

  storage = b'(' + inner('storage') + f'ctorch\n{kind}\n'.encode() + inner('0') + inner('cpu') + inner(size) + tail
  arguments = b'(' + storage + b'tQ' + inner(offset) + inner(shape) + inner(strides) + b'\x89Nt'
  return b'\x80\x02}' + inner('a') + b'ctorch._utils\n_rebuild_tensor_v2\n' + arguments + b'Rs.'


FLOATS = np.float32([1.5, -2.0]).tobytes()


def test_the_harmless_one_is_read():
  for data in (
    archive(tensor(), {'0': FLOATS}),
    before(tensor(tail=b'N'), ['0'], struct.pack('<q', 2) + FLOATS),
  ):
    np.testing.assert_array_equal(unpickle.read(data, 'FILE')['a'], [1.5, -2.0])


MALICIOUS = {
  'system': (Calls(os.system, f'touch {WITNESS}'), 'system'),
  'eval': (Calls(builtins.eval, f'open("{WITNESS}", "w")'), r'(builtins|__builtin__).eval'),
  'nested': ({'a': [Calls(builtins.exec, f'open("{WITNESS}", "w")')]}, r'(builtins|__builtin__).exec'),
  'getattr': (Calls(getattr, collections.OrderedDict, 'fromkeys'), r'(builtins|__builtin__).getattr'),
  'numpy': ({'a': np.ones(2)}, 'numpy'),
  'open': (Calls(open, str(WITNESS), 'w'), r'(io|_io).open'),
}


@pytest.mark.parametrize('thing, named', MALICIOUS.values(), ids=MALICIOUS)
@pytest.mark.parametrize('protocol', [0, 1, 2, 3, 4, 5])
def test_functions_are_named_not_run(thing, named, protocol, tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  pickled = pickle.dumps(thing, protocol)
  for data in (archive(pickled), before(pickled)):
    # Protocol 0 needs instructions for its texts and numbers that no tensor needs, some of them before the name.
    with pytest.raises(UserError, match=f'^FILE .*({named if protocol else f"{named}|instruction"})'):
      unpickle.read(data, 'FILE')
  assert not WITNESS.exists()
  pickle.loads(pickle.dumps(Calls(open, str(WITNESS), 'w'))).close()
  assert WITNESS.exists()  # and would have been, had the pickle been loaded


BY_HAND = {  # what Python's own machine would do something with
  'attributes of a function': b'ctorch._utils\n_rebuild_tensor_v2\n}b.',
  'attributes beside a dictionary': b'ctorch._utils\n_rebuild_tensor_v2\nN}\x86b.',
  'a new object': b'ccollections\nOrderedDict\n)\x81.',
  'an instance': b'(icollections\nOrderedDict\n.',
  'an extension': b'\x82\x01.',
  'a call of a storage': b'ctorch\nFloatStorage\n)R.',
  'a call of a text': b'X\x01\x00\x00\x00a)R.',
  'a call with a list': b'ccollections\nOrderedDict\n]R.',
  'a global by a number': b'K\x01K\x02\x93.',
  'a global by a longer name': b'X\x05\x00\x00\x00torchX\x0f\x00\x00\x00FloatStorage.os\x93.',
  'an item of a list': b']K\x01K\x02s.',
  'an item of nothing': b's.',
  'an append to a dictionary': b'}K\x01a.',
  'a key that is a tuple': b'}(K\x01tK\x02s.',
  'a text that never ends': b'X\xff\xff\xff\x7fabc',
  'a frame that never ends': b'\x95\xff\xff\xff\xff\xff\xff\xff\x7f.',
  'what was never kept': b'h\x05.',
  'no mark': b't.',
  'no end': b'}',
  'nothing at all': b'',
  'a persistent id that is a text': b'X\x01\x00\x00\x00aQ.',
  'a parameter of a number': b'ctorch._utils\n_rebuild_parameter\n(K\x01\x88Nt' + b'R.',
  'a parameter of too many': b'ctorch._utils\n_rebuild_parameter\n)R.',
  'a dictionary in itself': b'}q\x00X\x01\x00\x00\x00ah\x00s.',
  'a dictionary of pairs of nothing': b'ccollections\nOrderedDict\n(](]tR.',
  'hashes of what doubles': b'ccollections\nOrderedDict\n(])' + b'q\x00h\x00\x86' * 99 + b'K\x01\x86atR.',
  'lists that are shown too often': b']q\x00(' + b'K\x01' * 400 + b'e]q\x01(' + b'h\x00' * 400 + b'e.',
  'lists that double 40 times': b']' + b'q\x00]h\x00ah\x00a' * 40 + b'.',
}


@pytest.mark.parametrize('pickled', BY_HAND.values(), ids=BY_HAND)
def test_tricks_are_refused_in_one_line(pickled):
  for data in (archive(b'\x80\x04' + pickled), before(b'\x80\x04' + pickled)):
    with pytest.raises(UserError, match=r'^FILE ') as caught:
      unpickle.read(data, 'FILE')
    assert '\n' not in str(caught.value) and len(str(caught.value)) < 300


ABSURD = {
  'beyond the storage': dict(offset=1),
  'negative offset': dict(offset=-1),
  'negative stride': dict(strides=(-1,)),
  'more than there is': dict(shape=(2**40,), strides=(0,)),
  'overlapping': dict(shape=(3,), strides=(0,)),
  'sizes that are no numbers': dict(shape=('a',)),
  'sizes of true': dict(shape=(True,)),
  'fewer strides': dict(shape=(1, 1)),
  'nothing of no sense': dict(shape=(0, 2**40), strides=(1, 1)),
  'many axes': dict(shape=(1,) * 40, strides=(1,) * 40),
  'storage larger than its bytes': dict(size=2**30, shape=(2**30,)),
  'storage of objects': dict(kind='ObjectStorage'),
  'view of a storage': dict(tail=b'K\x01'),
}


@pytest.mark.parametrize('numbers', ABSURD.values(), ids=ABSURD)
def test_tensors_that_cannot_be_are_refused(numbers):
  size = struct.pack('<q', numbers.get('size', 2))
  for data in (archive(tensor(**numbers), {'0': FLOATS}), before(tensor(**numbers), ['0'], size + FLOATS[:-1])):
    with pytest.raises(UserError, match=r'^FILE '):
      unpickle.read(data, 'FILE')


@pytest.mark.filterwarnings('ignore:Duplicate name')
def test_archives_that_lie_are_refused():
  cases = {
    'lacks the storage 0': archive(tensor()),
    'TorchScript': archive(tensor(), {'0': FLOATS}, also='constants.pkl'),
    'neither of torch.save nor of numpy': archive(tensor(), {'0': FLOATS}).replace(b'data.pkl', b'data.txt'),
    'claims to hold more': archive(tensor(), {'0': FLOATS}, also='data/0'),
    'tells the storage 0 in two ways': archive(tensor()[:-1] + tensor(kind='IntStorage')[3:], {'0': FLOATS}),
    'big-endian': archive(tensor(), {'0': FLOATS}, byteorder=b'big'),
    'has 12 of 8 bytes': archive(tensor(), {'0': FLOATS + FLOATS[:4]}),
    'compressed': archive(tensor(), {'0': FLOATS}, compression=zipfile.ZIP_DEFLATED),
  }
  for said, data in cases.items():
    with pytest.raises(UserError, match=said):
      unpickle.read(data, 'FILE')


def test_all_tensors_together_have_a_limit(monkeypatch):
  data = archive(tensor(), {'0': FLOATS})
  monkeypatch.setattr(unpickle, 'MOST_BYTES', len(FLOATS))
  assert unpickle.read(data, 'FILE')
  monkeypatch.setattr(unpickle, 'MOST_BYTES', len(FLOATS) - 1)
  with pytest.raises(UserError, match='claims tensors of more'):
    unpickle.read(data, 'FILE')


def test_files_of_the_older_format_that_lie_are_refused():
  good = struct.pack('<q', 2) + FLOATS
  cases = {
    'big-endian': before(tensor(), ['0'], good, little_endian=False),
    'lists other storages': before(tensor(), ['0', '1'], good + good),
    'not of the size': before(tensor(), ['0'], struct.pack('<q', 3) + FLOATS),
    'not of torch.save': pickle.dumps({'a': 1}, 2) * 3,
  }
  for said, data in cases.items():
    with pytest.raises(UserError, match=said):
      unpickle.read(data, 'FILE')
