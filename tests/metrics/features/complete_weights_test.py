"""Files of weights from end to end: Inception v3 whole, of random numbers, written by torch in both of its formats."""

import hashlib

import chex
import jax
import numpy as np
import pytest

from experiments import base
from wgan_jax import build_features
from wgan_jax.errors import UserError
from wgan_jax.metrics.features import fetch, weights

torch = pytest.importorskip('torch')
IMAGES = np.random.default_rng(1).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)


def block_a(n, pool):
  yield from (('branch1x1', 64, n, 1, 1), ('branch5x5_1', 48, n, 1, 1), ('branch5x5_2', 64, 48, 5, 5))
  yield from (('branch3x3dbl_1', 64, n, 1, 1), ('branch3x3dbl_2', 96, 64, 3, 3), ('branch3x3dbl_3', 96, 96, 3, 3))
  yield 'branch_pool', pool, n, 1, 1


def block_c(c):
  yield from (('branch1x1', 192, 768, 1, 1), ('branch_pool', 192, 768, 1, 1))
  yield from (('branch7x7_1', c, 768, 1, 1), ('branch7x7_2', c, c, 1, 7), ('branch7x7_3', 192, c, 7, 1))
  yield from (('branch7x7dbl_1', c, 768, 1, 1), ('branch7x7dbl_2', c, c, 7, 1), ('branch7x7dbl_3', c, c, 1, 7))
  yield from (('branch7x7dbl_4', c, c, 7, 1), ('branch7x7dbl_5', 192, c, 1, 7))


def block_e(n):
  yield from (('branch1x1', 320, n, 1, 1), ('branch_pool', 192, n, 1, 1), ('branch3x3_1', 384, n, 1, 1))
  yield from (('branch3x3_2a', 384, 384, 1, 3), ('branch3x3_2b', 384, 384, 3, 1), ('branch3x3dbl_1', 448, n, 1, 1))
  yield from (('branch3x3dbl_2', 384, 448, 3, 3), ('branch3x3dbl_3a', 384, 384, 1, 3))
  yield 'branch3x3dbl_3b', 384, 384, 3, 1


BLOCKS = {  # torchvision's: (layer, channels out, channels in, height, width of its window)
  '': (
    *(('Conv2d_1a_3x3', 32, 3, 3, 3), ('Conv2d_2a_3x3', 32, 32, 3, 3), ('Conv2d_2b_3x3', 64, 32, 3, 3)),
    *(('Conv2d_3b_1x1', 80, 64, 1, 1), ('Conv2d_4a_3x3', 192, 80, 3, 3)),
  ),
  **{f'Mixed_5{x}.': block_a(n, pool) for x, n, pool in (('b', 192, 32), ('c', 256, 64), ('d', 288, 64))},
  'Mixed_6a.': (
    *(('branch3x3', 384, 288, 3, 3), ('branch3x3dbl_1', 64, 288, 1, 1)),
    *(('branch3x3dbl_2', 96, 64, 3, 3), ('branch3x3dbl_3', 96, 96, 3, 3)),
  ),
  **{f'Mixed_6{x}.': block_c(c) for x, c in (('b', 128), ('c', 160), ('d', 160), ('e', 192))},
  'Mixed_7a.': (
    *(('branch3x3_1', 192, 768, 1, 1), ('branch3x3_2', 320, 192, 3, 3), ('branch7x7x3_1', 192, 768, 1, 1)),
    *(('branch7x7x3_2', 192, 192, 1, 7), ('branch7x7x3_3', 192, 192, 7, 1), ('branch7x7x3_4', 192, 192, 3, 3)),
  ),
  **{f'Mixed_7{x}.': block_e(n) for x, n in (('b', 1280), ('c', 2048))},
}
SHAPES = {f'{block}{layer}': tuple(shape) for block, layers in BLOCKS.items() for layer, *shape in layers}


@pytest.fixture(scope='module')
def state():
  """{torch's name: tensor} that keeps activations near one."""
  rng = np.random.default_rng(0)
  arrays = {'fc.weight': rng.standard_normal((1008, 2048), np.float32) / 45, 'fc.bias': np.ones(1008, np.float32)}
  for layer, (n, *rest) in SHAPES.items():
    kernel = rng.standard_normal((n, *rest), np.float32)
    arrays[f'{layer}.conv.weight'] = kernel * np.float32((2 / np.prod(rest)) ** 0.5)
    arrays[f'{layer}.bn.weight'] = rng.uniform(0.9, 1.1, n).astype(np.float32)
    arrays[f'{layer}.bn.running_var'] = rng.uniform(0.9, 1.1, n).astype(np.float32)
    for name in ('bias', 'running_mean'):
      arrays[f'{layer}.bn.{name}'] = rng.uniform(-0.1, 0.1, n).astype(np.float32)
    arrays[f'{layer}.bn.num_batches_tracked'] = np.array(0)
  return {name: torch.from_numpy(x) for name, x in arrays.items()}


@pytest.fixture
def save(tmp_path):
  """save(state, **options of torch.save) -> a file, removed at the end: pytest would keep its megabytes."""
  path = tmp_path / 'inception.pth'

  def write(state, **options):
    torch.save(state, path, **options)
    return path

  yield write
  path.unlink(missing_ok=True)


def networks(path, **keys):
  config = base.get_config()
  config.evaluate.update({'weights': str(path), **keys})
  return build_features.networks(config, (32, 32, 3))


def test_both_formats_load_and_run_to_pool3_and_logits(state, save):
  path = save(state, _use_new_zipfile_serialization=False)
  # The published file is in this format too and has as many numbers, but for those that count batches.
  assert path.stat().st_size == pytest.approx(fetch.INCEPTION.size, rel=1e-4)
  older = weights.read(path)[0]
  path = save(state)
  assert path.read_bytes()[:2] == b'PK'
  chex.assert_trees_all_equal(weights.read(path)[0], older, {name: x.numpy() for name, x in state.items()})
  (network,) = networks(path)
  assert (network.distance, network.dimensions) == ('FID', 2048)
  assert network.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
  outputs = jax.jit(network.apply)(network.weights, IMAGES)
  chex.assert_shape(outputs, [(2, 2048), (2, 1008)])
  assert np.min(outputs.features) >= 0 and np.min(np.std(outputs.features, axis=1)) > 0.05
  expected = np.asarray(outputs.features) @ state['fc.weight'].numpy().T  # without the bias
  np.testing.assert_allclose(outputs.logits, expected, rtol=1e-4, atol=1e-4)


def test_a_file_that_ends_early_is_used_as_far_as_it_goes(state, save):
  path = save({name: x for name, x in state.items() if not name.startswith(('Mixed_7b', 'Mixed_7c', 'fc'))})
  found = networks(path, resizer='legacy_tf, clean')
  assert [(network.distance, network.dimensions, network.resizer) for network in found] == [
    ('FID-768', 768, 'legacy_tf'),
    ('FID-768', 768, 'clean'),
  ]
  outputs = jax.eval_shape(found[0].apply, found[0].weights, IMAGES)
  assert outputs.logits is None and outputs.features.shape == (2, 768)
  with pytest.raises(UserError, match=r'layer 2048 needs Mixed_7b\..*; with these set it to 64 or 192 or 768$'):
    networks(path, layer=2048)


@pytest.mark.parametrize(
  'change, message',
  [
    (
      {'Mixed_7c.branch_pool.bn.running_mean': None},
      r'lack Mixed_7c\.branch_pool\.bn\.running_mean, of shape \(192,\)$',
    ),
    ({'Mixed_7c.branch_pool.conv.weight': None}, r'lack Mixed_7c\.branch_pool\.conv\.weight, of shape'),
    (
      {'Mixed_5b.branch1x1.bn.bias': torch.ones(63)},
      r'Mixed_5b\.branch1x1\.bn\.bias has shape \(63,\); .* has \(64,\)$',
    ),
    ({'fc.weight': torch.ones(1000, 2048)}, r'fc\.weight has shape \(1000, 2048\); .* has \(1008, 2048\)$'),
  ],
)
def test_what_is_wrong_with_a_file_is_one_line(state, save, change, message):
  # Of the blocks alone that are changed, and the first layer, by which such files are known.
  layers = ('Conv2d_1a_3x3', *(name.split('.')[0] for name in change))
  few = {name: x for name, x in state.items() if name.startswith(layers)} | change
  path = save({name: x for name, x in few.items() if x is not None})
  with pytest.raises(UserError, match=message) as caught:
    networks(path)
  assert '\n' not in str(caught.value)


def test_other_arrays_are_told_apart(tmp_path):
  np.savez(tmp_path / 'other.npz', images=IMAGES)
  with pytest.raises(UserError, match=r'not the weights of Inception v3: there is neither .* nor conv/w') as caught:
    networks(tmp_path / 'other.npz')
  assert '\n' not in str(caught.value)
