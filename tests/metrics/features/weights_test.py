import hashlib
import io
import pickle
import zipfile

import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import weights

ARRAYS = {
  'a/b': np.float32([[1, 2]]),
  'half': np.float16([0.5, 3]),
  'long': np.int64([7]),
  'swapped': np.array([1.5], '>f8'),
}


@pytest.fixture
def npz(tmp_path):
  np.savez_compressed(tmp_path / 'w.npz', **ARRAYS)
  return tmp_path / 'w.npz'


def test_arrays_of_numpy_with_halves_made_whole_and_their_hash(npz):
  arrays, sha256 = weights.read(npz)
  assert sha256 == hashlib.sha256(npz.read_bytes()).hexdigest()
  assert {key: x.dtype for key, x in arrays.items()} == {
    'a/b': np.float32,
    'half': np.float32,
    'long': np.int64,
    'swapped': np.float64,
  }
  for key, expected in ARRAYS.items():
    np.testing.assert_array_equal(arrays[key], expected)


def test_what_a_file_is_counts_not_what_it_is_called(npz, tmp_path):
  other = npz.rename(tmp_path / 'w.pth')
  assert set(weights.read(str(other))[0]) == set(ARRAYS)


@pytest.mark.parametrize('zipped', [True, False])
def test_tensors_of_torch(tmp_path, zipped):
  torch = pytest.importorskip('torch')
  torch.save({'a': torch.tensor([1.5], dtype=torch.float16)}, tmp_path / 'w.npz', _use_new_zipfile_serialization=zipped)
  arrays, _ = weights.read(tmp_path / 'w.npz')
  assert arrays['a'].dtype == np.float32 and arrays['a'] == 1.5


def npy(header):
  """A file of one array whose header says something else than it holds."""
  array = io.BytesIO()
  np.lib.format.write_array_header_1_0(array, header)
  file = io.BytesIO()
  with zipfile.ZipFile(file, 'w') as records:
    records.writestr('a.npy', array.getvalue() + b'1234')
  return file.getvalue()


def of_numpy(**arrays):
  file = io.BytesIO()
  np.savez(file, **arrays)
  return file.getvalue()


def bomb():
  """8 GiB by what it says, in a few bytes."""
  data = of_numpy(a=np.zeros(1), b=np.zeros(1))
  size = data.index(b'PK\x01\x02') + 24  # in the first entry of the central directory
  return data.replace(data[size : size + 4], b'\xfe\xff\xff\xff')


class Witness:
  def __reduce__(self):
    return pytest.fail, ('was run',)


BAD = {
  'empty': (b'', 'is empty'),
  'page': (b'\n<!DOCTYPE html><html>Not found</html>', 'web page'),
  'text': (b'version https://git-lfs.github.com/spec/v1', 'neither .pth nor .npz'),
  'torn npz': (of_numpy(a=np.arange(99.0))[:-200], 'torn'),
  'other zip': (b'PK\x05\x06' + bytes(18), 'holds no arrays'),
  'objects': (of_numpy(a=np.array([Witness()])), 'allow_pickle=False'),
  'texts': (of_numpy(a=np.array(['x'])), "holds <U1 in 'a'"),
  'more than it has': (npy({'descr': '<f4', 'fortran_order': False, 'shape': (2**20,)}), 'torn'),
  'absurdly more': (npy({'descr': '<f4', 'fortran_order': False, 'shape': (2**60,)}), 'torn'),
  'bomb': (bomb(), 'claims arrays of more than 4 GiB'),
  'code': (pickle.dumps(Witness(), 2), 'pytest'),
  'code, newest pickle': (pickle.dumps(Witness(), 5), 'pytest|outcomes'),
}


@pytest.mark.parametrize('data, said', BAD.values(), ids=BAD)
def test_anything_else_is_refused_in_one_line(tmp_path, data, said):
  (tmp_path / 'w.pth').write_bytes(data)
  with pytest.raises(UserError, match=said) as caught:
    weights.read(tmp_path / 'w.pth')
  assert '\n' not in str(caught.value) and str(tmp_path / 'w.pth') in str(caught.value)


def test_folders_and_missing_files(tmp_path):
  with pytest.raises(UserError, match='is a folder'):
    weights.read(tmp_path)
  with pytest.raises(UserError, match='there is no file of weights at'):
    weights.read(tmp_path / 'nothing.pth')
