"""Files of torch.save are read as torch reads them."""

import collections
import io

import chex
import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import unpickle

torch = pytest.importorskip('torch')
FORMATS = pytest.mark.parametrize('zipped', [True, False], ids=['archive', 'before'])
DTYPES = 'float32', 'float64', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'


def read(thing, zipped, **options):
  file = io.BytesIO()
  torch.save(thing, file, _use_new_zipfile_serialization=zipped, **options)
  return unpickle.read(file.getvalue(), 'FILE')


@FORMATS
@pytest.mark.parametrize('dtype', DTYPES)
def test_numbers_of_every_kind_come_as_they_are(zipped, dtype):
  tensor = torch.tensor([[0, 1, 100], [1, 0, 7]]).to(getattr(torch, dtype))
  found = read({'a': tensor}, zipped)['a']
  assert found.dtype == dtype
  np.testing.assert_array_equal(found, tensor.numpy())


@FORMATS
def test_bfloat16_comes_as_float32(zipped):
  tensor = torch.randn(100, generator=torch.Generator().manual_seed(0)).to(torch.bfloat16)
  found = read({'a': tensor}, zipped)['a']
  assert found.dtype == np.float32
  np.testing.assert_array_equal(found, tensor.float().numpy())


@FORMATS
def test_views_of_one_storage(zipped):
  whole = torch.arange(60.0).reshape(3, 4, 5)
  views = {'turned': whole.permute(2, 0, 1), 'inner': whole[1:, ::2, 3], 'scalar': whole[2, 3, 4], 'none': whole[:0]}
  chex.assert_trees_all_equal(read(views, zipped), {key: view.numpy() for key, view in views.items()})


@FORMATS
@pytest.mark.parametrize('protocol', [2, 3, 4])
def test_a_state_dict_with_its_notes(zipped, protocol):
  torch.manual_seed(0)
  network = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 5), torch.nn.BatchNorm2d(3))
  state = network.state_dict()
  expected = {key: x.numpy() for key, x in state.items()}
  assert '1.num_batches_tracked' in expected and state._metadata
  chex.assert_trees_all_equal(read(state, zipped, pickle_protocol=protocol), expected)


@FORMATS
def test_dictionaries_in_dictionaries_and_what_stands_beside_the_tensors(zipped):
  one = torch.ones(1)
  parameter = torch.nn.Parameter(one * 2)
  state = collections.OrderedDict(weight=parameter)
  thing = {'epoch': 3, 'rate': 0.1, 'name': 'x', 'none': None, 'net': state, 'list': [one, (one * 3,)], 7: one * 4}
  found = read(thing, zipped)
  assert {key: float(x[0]) for key, x in found.items()} == {
    'net.weight': 2,
    'list.0': 1,
    'list.1.0': 3,
    '7': 4,
  }


@FORMATS
@pytest.mark.parametrize(
  'thing, named',
  [
    (torch.nn.Linear(1, 1), 'torch.nn.modules.linear.Linear'),
    ({'a': torch.device('cpu')}, 'torch.device'),
    ({'a': np.ones(2)}, 'numpy'),
    ({'a': torch.ones(2).to_sparse()}, '_rebuild_sparse_tensor'),
    ({'a': {1, 2}}, 'set'),
    ({'a': torch.ones(1).expand(2**30)}, 'in a storage of 1 elements'),
  ],
  ids=['module', 'device', 'numpy', 'sparse', 'set', 'expanded'],
)
def test_what_is_no_plain_tensor_is_refused_by_its_name(zipped, thing, named):
  with pytest.raises(UserError, match=f'^FILE .*{named}'):
    read(thing, zipped)


@FORMATS
def test_a_file_cut_anywhere_is_refused(zipped):
  file = io.BytesIO()
  torch.save({'a': torch.arange(8.0)}, file, _use_new_zipfile_serialization=zipped)
  data = file.getvalue()
  for end in range(2, len(data) - 1, 7):
    with pytest.raises(UserError, match=r'^FILE '):
      unpickle.read(data[:end], 'FILE')


def test_a_changed_byte_in_an_archive_is_noticed():
  file = io.BytesIO()
  torch.save({'a': torch.full((8,), 3.0)}, file)
  data = file.getvalue()
  place = data.index(np.full(8, 3.0, np.float32).tobytes())
  with pytest.raises(UserError, match='torn zip file'):
    unpickle.read(data[:place] + b'\x01' + data[place + 1 :], 'FILE')
