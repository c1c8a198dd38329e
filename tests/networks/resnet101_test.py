import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import layers, resnet101
from wgan_jax.networks.norms import LayerNorm, NoNorm
from wgan_jax.networks.resnet101 import Bottleneck, DownBottleneck, Resnet101Critic, Resnet101Generator, UpBottleneck

KEY = jax.random.key(0)
CONV = functools.partial(layers.Conv, train=True)


@pytest.fixture
def shallow(monkeypatch):
  """One bottleneck of the smallest size, and those that resample."""
  monkeypatch.setattr(resnet101, 'DEPTHS', (1, 0, 0, 0, 0))


def drawn(params):
  rng = np.random.default_rng(0)
  return jax.tree.map(lambda p: rng.normal(0, 0.3, p.shape).astype(np.float32), params)


def torch_block(torch, kind, params, x):
  """The same bottleneck in PyTorch, x [B, C, H, W], without its norm."""
  functional, kernels = torch.nn.functional, [params[f'Conv_{i}'] for i in range(len(params))]

  def kernel(i):
    return torch.tensor(kernels[i]['kernel']).permute(3, 2, 0, 1)

  def bias(i):
    return torch.tensor(kernels[i]['bias'])

  relu = functional.relu
  h = functional.conv2d(relu(x), kernel(0), bias(0))
  if kind is UpBottleneck:
    # 3x3, stride 2, from an even size: SAME pads the larger image behind alone, and so the transpose crops there.
    h = functional.conv_transpose2d(relu(h), kernel(1).transpose(0, 1), stride=2)[..., :-1, :-1]
    h = h + bias(1)[:, None, None]
    shortcut = functional.conv2d(x, kernel(3), bias(3)).unflatten(1, (4, -1)).transpose(1, 2).flatten(1, 2)
    shortcut = functional.pixel_shuffle(shortcut, 2)  # whose four pixels lie next to one another
  elif kind is DownBottleneck:
    h = functional.conv2d(functional.pad(relu(h), (0, 1, 0, 1)), kernel(1), bias(1), stride=2)
    shortcut = functional.conv2d(x, kernel(3), bias(3), stride=2)
  else:
    h = functional.conv2d(relu(h), kernel(1), bias(1), padding=1)
    shortcut = x
  return shortcut + 0.3 * functional.conv2d(relu(h), kernel(2))


@pytest.mark.parametrize('kind, width', [(Bottleneck, 8), (UpBottleneck, 4), (DownBottleneck, 12)])
def test_bottlenecks_are_pytorchs(kind, width):
  torch = pytest.importorskip('torch')
  x = np.random.default_rng(1).normal(size=(2, 4, 4, 8)).astype(np.float32)
  block = kind(width, CONV, NoNorm, True)
  params = drawn(jax.eval_shape(lambda: block.init(KEY, x))['params'])
  ours = jax.jit(block.apply)({'params': params}, x)
  theirs = torch_block(torch, kind, params, torch.tensor(x).permute(0, 3, 1, 2))
  np.testing.assert_allclose(ours, theirs.permute(0, 2, 3, 1), rtol=1e-4, atol=1e-4)


def test_the_norm_is_of_what_is_added():
  # Whatever the branch is, its normalised mean square is 1, of which 0.3 is added.
  x = jax.random.normal(KEY, (2, 4, 4, 8))
  y, _ = jax.jit(Bottleneck(8, CONV, LayerNorm, True).init_with_output)(KEY, x)
  np.testing.assert_allclose(jnp.mean((y - x) ** 2, axis=(1, 2, 3)), 0.3**2, rtol=1e-2)


def test_depth_becomes_space_row_by_row():
  h = jnp.arange(8.0).reshape(1, 1, 1, 8)
  np.testing.assert_array_equal(resnet101.depth_to_space(h)[0, :, :, 0], [[0, 2], [4, 6]])
  np.testing.assert_array_equal(resnet101.depth_to_space(h)[0, :, :, 1], [[1, 3], [5, 7]])


def test_a_fifth_of_the_last_layer_is_what_comes_out(shallow):
  generator = Resnet101Generator((16, 16, 3), 4, output=lambda h: h)
  shapes = jax.eval_shape(lambda z: generator.init(KEY, z, train=True), jnp.ones((2, 3)))
  variables = jax.tree.map(lambda x: jnp.zeros(x.shape), shapes)
  variables['params']['Conv_0']['bias'] += 5.0
  run = jax.jit(lambda variables: generator.apply(variables, jnp.ones((2, 3)), train=True, mutable=['batch_stats'])[0])
  images = run(variables)
  np.testing.assert_allclose(images, jnp.ones((2, 16, 16, 3)), rtol=1e-6)
  critic = Resnet101Critic(4, head=lambda dense: lambda features, label, train: (jnp.ones(2), features))
  logits, features = jax.jit(lambda x: critic.init_with_output(KEY, x, train=True)[0])(images)
  chex.assert_trees_all_close(logits, jnp.full(2, 0.2))
  chex.assert_shape(features, (2, 8 * 4))  # of one pixel


@pytest.mark.parametrize('shape', [(16, 32, 1), (32, 32, 3)])
def test_a_pair_maps_codes_to_images_to_logits(shallow, shape):
  images, variables = jax.eval_shape(
    lambda z: Resnet101Generator(shape, 4).init_with_output(KEY, z, train=True), jnp.ones((2, 3))
  )
  logits = jax.eval_shape(lambda x: Resnet101Critic(4, remat=True).init_with_output(KEY, x, train=True)[0], images)
  chex.assert_shape([images, logits], [(2, *shape), (2,)])
  assert variables['params']['Dense_0']['kernel'].shape == (3, shape[0] // 16 * shape[1] // 16 * 32)
