"""Blocks and layers of Inception against the same in PyTorch, at small sizes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax.traverse_util import flatten_dict, unflatten_dict

from wgan_jax.metrics.features import inception_blocks as blocks
from wgan_jax.metrics.features import inception_layers as layers

torch = pytest.importorskip('torch')
F = torch.nn.functional

# Chains of layers whose outputs follow one another; '/2' is a stride of two without padding.
A = 'branch1x1', 'branch5x5_1 branch5x5_2', 'branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3', 'mean branch_pool'
B = 'branch3x3/2', 'branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3/2', 'max/2'
C = (
  'branch1x1',
  'branch7x7_1 branch7x7_2 branch7x7_3',
  'branch7x7dbl_1 branch7x7dbl_2 branch7x7dbl_3 branch7x7dbl_4 branch7x7dbl_5',
  'mean branch_pool',
)
D = 'branch3x3_1 branch3x3_2/2', 'branch7x7x3_1 branch7x7x3_2 branch7x7x3_3 branch7x7x3_4/2', 'max/2'
E = (
  'branch1x1',
  'branch3x3_1 branch3x3_2a',
  'branch3x3_1 branch3x3_2b',
  'branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3a',
  'branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3b',
)
CASES = {
  'A': (blocks.A(16), A),
  'B': (blocks.B(), B),
  'C': (blocks.C(24), C),
  'D': (blocks.D(), D),
  'E mean': (blocks.E(), (*E, 'mean branch_pool')),
  'E max': (blocks.E(maxima=True), (*E, 'max branch_pool')),
}
WINDOWS = {'branch7x7_2': (1, 7), 'branch7x7dbl_2': (7, 1), 'branch3x3_2a': (1, 3), 'branch3x3dbl_3b': (3, 1)}


def step(x, name, weights):
  """One link of a chain. x [B, C, H, W]."""
  name, _, stride = name.partition('/')
  if name == 'mean':
    return F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
  if name == 'max':
    return F.max_pool2d(x, 3, stride=2) if stride else F.max_pool2d(x, 3, stride=1, padding=1)
  kernel = torch.tensor(weights[name, 'kernel']).permute(3, 2, 0, 1)
  padding = 0 if stride else [side // 2 for side in kernel.shape[2:]]
  return F.relu(F.conv2d(x, kernel, torch.tensor(weights[name, 'bias']), stride=int(stride or 1), padding=padding))


def random_weights(module, x, seed=0):
  """{(layer, 'kernel' or 'bias'): array}, of the shapes that the module asks for."""
  rng = np.random.default_rng(seed)
  shapes = flatten_dict(jax.eval_shape(module.init, jax.random.key(0), x)['params'])
  deviations = {'kernel': 0.1, 'bias': 1.0}
  return {path: rng.normal(0, deviations[path[1]], leaf.shape).astype(np.float32) for path, leaf in shapes.items()}


@pytest.mark.parametrize('name', CASES)
def test_a_block_is_what_its_branches_come_to_in_pytorch(name):
  module, chains = CASES[name]
  x = np.random.default_rng(1).normal(size=(2, 9, 7, 40)).astype(np.float32)
  weights = random_weights(module, x)
  ours = jax.jit(module.apply)({'params': unflatten_dict(weights)}, x)
  outputs = []
  for chain in chains:
    y = torch.tensor(x).permute(0, 3, 1, 2)
    for link in chain.split():
      y = step(y, link, weights)
    outputs.append(y)
  expected = torch.cat(outputs, dim=1).permute(0, 2, 3, 1).numpy()
  np.testing.assert_allclose(ours, expected, atol=1e-5 * np.abs(expected).max())
  links = {link.partition('/')[0] for chain in chains for link in chain.split()}
  assert {layer for layer, _ in weights} == links - {'mean', 'max'}
  for layer, window in WINDOWS.items():
    assert (layer, 'kernel') not in weights or weights[layer, 'kernel'].shape[:2] == window


@pytest.mark.parametrize('stride, padding', [(1, 'SAME'), (1, 'VALID'), (2, 'VALID')])
@pytest.mark.parametrize('window', [(3, 3), (1, 7), (5, 5)])
def test_convolutions_are_pytorchs(window, stride, padding):
  rng = np.random.default_rng(0)
  x, kernel = rng.normal(size=(2, 12, 13, 5)).astype(np.float32), rng.normal(size=(*window, 5, 6)).astype(np.float32)
  planes, turned = torch.tensor(x).permute(0, 3, 1, 2), torch.tensor(kernel).permute(3, 2, 0, 1)
  pads = [side // 2 for side in window] if padding == 'SAME' else 0
  expected = F.conv2d(planes, turned, stride=stride, padding=pads).permute(0, 2, 3, 1).numpy()
  ours = jax.jit(lambda x, kernel: layers.convolve(x, kernel, stride, padding))(x, kernel)
  np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_means_leave_padding_out_of_the_count():
  pooled = layers.mean_pool_same(jnp.ones((1, 4, 5, 2)))
  np.testing.assert_allclose(pooled, 1.0, atol=1e-6)
