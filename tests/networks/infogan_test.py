"""Against the paper's table of layers, counted by hand, and PyTorch's on the same weights."""

import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.infogan import InfoganCritic, InfoganGenerator
from wgan_jax.networks.norms import BatchNorm, NoNorm

# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})


def outline(network, *shape):
  """(output, variables) as shapes, for which nothing is compiled."""
  return jax.eval_shape(lambda x: network.init_with_output(jax.random.key(0), x, train=True), jnp.ones(shape))


def count(network, *shape):
  return sum(leaf.size for leaf in jax.tree.leaves(outline(network, *shape)[1]['params']))


def test_the_generator_for_mnist_has_the_papers_parameters():
  # 74 -> 1024 -> 7x7x128 -> 14x14x64 -> 28x28x1 with 4x4 kernels, each but the last with a scale and a shift.
  dense = (74 * 1024 + 1024) + (1024 * 7 * 7 * 128 + 7 * 7 * 128)
  convolutions = (16 * 128 * 64 + 64) + (16 * 64 * 1 + 1)
  norms = 2 * (1024 + 7 * 7 * 128 + 64)
  assert count(InfoganGenerator((28, 28, 1)), 2, 74) == dense + convolutions + norms


def test_the_critic_for_mnist_has_the_papers_parameters():
  # 28x28x1 -> 14x14x64 -> 7x7x128 -> 1024 -> 1.
  critic = (16 * 1 * 64 + 64) + (16 * 64 * 128 + 128) + (7 * 7 * 128 * 1024 + 1024) + (1024 + 1)
  assert count(InfoganCritic(), 2, 28, 28, 1) == critic
  # No norm after the first convolution.
  assert count(InfoganCritic(norm=BatchNorm), 2, 28, 28, 1) == critic + 2 * (128 + 1024)


@pytest.mark.parametrize('shape', [(28, 28, 1), (32, 32, 3), (8, 12, 1)])
def test_a_pair_maps_codes_to_images_to_logits(shape):
  images, variables = outline(InfoganGenerator(shape), 3, 62)
  logits, _ = outline(InfoganCritic(), *images.shape)
  chex.assert_shape([images, logits], [(3, *shape), (3,)])
  assert len(jax.tree.leaves(variables['batch_stats'])) == 2 * 3


def moved(network, x):
  """(output, PyTorch's parameters by layer) with every parameter away from the zeros and ones that it begins as."""
  torch = pytest.importorskip('torch')
  rng = np.random.default_rng(0)
  variables = outline(network, *x.shape)[1]
  params = jax.tree.map(lambda p: rng.normal(0.1, 0.3, p.shape).astype(np.float32), variables['params'])
  stats = jax.tree.map(lambda p: np.ones(p.shape, np.float32), variables.get('batch_stats', {}))
  apply = quick(lambda params, x: network.apply({'params': params, 'batch_stats': stats}, x, train=True, mutable=True))
  return apply(params, x)[0], jax.tree.map(torch.tensor, params)


def layers_of(params):
  """(dense, norm, lrelu) by PyTorch, each but the last called with a layer's number and its input."""
  functional = pytest.importorskip('torch').nn.functional

  def dense(layer, h):
    return functional.linear(h, layer['kernel'].T, layer['bias'])

  def norm(i, h):
    layer = params[f'BatchNorm_{i}']['BatchNorm_0']
    return functional.batch_norm(h, None, None, layer['scale'], layer['bias'], training=True)

  return dense, norm, functools.partial(functional.leaky_relu, negative_slope=0.2)


def test_the_generator_is_pytorchs_layers_each_normed_before_its_leaky_relu():
  torch = pytest.importorskip('torch')
  z = np.random.default_rng(1).normal(size=(4, 5)).astype(np.float32)
  images, params = moved(InfoganGenerator((8, 12, 2), 3), z)
  dense, norm, lrelu = layers_of(params)

  def double(i, h):
    layer = params[f'Conv_{i}']
    kernel = layer['kernel'].permute(2, 3, 0, 1)
    return torch.nn.functional.conv_transpose2d(h, kernel, layer['bias'], stride=2, padding=1)

  h = lrelu(norm(0, dense(params['Dense_0'], torch.tensor(z))))
  h = lrelu(norm(1, dense(params['Dense_1'], h))).reshape(4, 2, 3, 6).permute(0, 3, 1, 2)
  expected = torch.tanh(double(1, lrelu(norm(2, double(0, h))))).permute(0, 2, 3, 1)
  np.testing.assert_allclose(images, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize('normed', [True, False])
def test_the_critic_is_pytorchs_layers_each_but_the_first_normed_before_its_leaky_relu(normed):
  torch = pytest.importorskip('torch')
  x = np.random.default_rng(1).normal(size=(4, 8, 12, 2)).astype(np.float32)
  logits, params = moved(InfoganCritic(3, norm=BatchNorm if normed else NoNorm), x)
  dense, norm, lrelu = layers_of(params)
  norm = norm if normed else lambda i, h: h

  def halve(i, h):
    layer = params[f'Conv_{i}']
    return torch.nn.functional.conv2d(h, layer['kernel'].permute(3, 2, 0, 1), layer['bias'], stride=2, padding=1)

  h = lrelu(halve(0, torch.tensor(x).permute(0, 3, 1, 2)))
  h = lrelu(norm(0, halve(1, h))).permute(0, 2, 3, 1).reshape(4, -1)
  expected = dense(params['Logit_0']['Dense_0'], lrelu(norm(1, dense(params['Dense_0'], h))))
  np.testing.assert_allclose(logits, expected[:, 0], rtol=1e-3, atol=1e-3)
