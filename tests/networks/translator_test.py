"""Against the paper's list of layers, counted by hand, and what is near and far in an image."""

import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.norms import InstanceNorm, LayerNorm, NoNorm
from wgan_jax.networks.translator import PatchCritic, TranslatorGenerator

# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})


def outline(network, *shape):
  """(output, variables) as shapes, for which nothing is compiled."""
  return jax.eval_shape(lambda x: network.init_with_output(jax.random.key(0), x, train=True), jnp.ones(shape))


def drawn(network, *shape):
  """Parameters for images of this shape, none of them at the zeros that biases begin as."""
  rng = np.random.default_rng(0)
  params = outline(network, *shape)[1]['params']
  return jax.tree.map(lambda p: rng.normal(0, 0.2, p.shape).astype(np.float32), params)


def count(network, *shape):
  return sum(leaf.size for leaf in jax.tree.leaves(outline(network, *shape)[1]['params']))


@pytest.mark.parametrize('shape', [(8, 8, 1), (28, 28, 1), (12, 8, 3)])
def test_images_of_any_channels_become_images_of_the_shape_asked_for(shape):
  images, _ = outline(TranslatorGenerator(shape, 4, 2), 3, *shape[:2], 2)
  chex.assert_shape(images, (3, *shape))


# 28 -> 14 -> 7 -> 4, rounding up.
@pytest.mark.parametrize(
  'shape, depth, logits', [((8, 8), 0, (8, 8)), ((8, 8), 3, (1, 1)), ((28, 28), 3, (4, 4)), ((12, 8), 2, (3, 2))]
)
def test_a_critic_has_a_logit_for_each_patch(shape, depth, logits):
  y, _ = outline(PatchCritic(4, depth), 3, *shape, 1)
  chex.assert_shape(y, (3, *logits))


def conv(weights, a, b):
  return weights * a * b + b


@pytest.mark.parametrize('depth', [0, 6, 9])
def test_the_generators_parameters_are_as_counted_by_hand(depth):
  # 64 -> 128 -> 256, so many blocks of two convolutions, and back; the norms have none.
  ends = conv(9, 3, 64) + conv(9, 64, 128) + conv(9, 128, 256) + conv(9, 256, 128) + conv(9, 128, 64) + conv(9, 64, 1)
  assert count(TranslatorGenerator((32, 32, 1), depth=depth), 1, 32, 32, 3) == ends + depth * 2 * conv(9, 256, 256)


# A layer norm has a scale and a shift per channel, and the first layer has no norm.
@pytest.mark.parametrize('norm, more', [(InstanceNorm, 0), (LayerNorm, 2 * (128 + 256))])
def test_the_critics_parameters_are_as_counted_by_hand(norm, more):
  expected = conv(16, 3, 64) + conv(16, 64, 128) + conv(16, 128, 256) + conv(9, 256, 1)
  assert count(PatchCritic(norm=norm), 1, 32, 32, 3) == expected + more


def test_a_block_that_adds_nothing_passes_its_input_on():
  x = np.random.default_rng(1).normal(size=(2, 8, 12, 2)).astype(np.float32)
  deep, flat = (TranslatorGenerator((8, 12, 1), 2, depth) for depth in (1, 0))
  params = drawn(deep, *x.shape)
  silent = {**params, 'Conv_4': jax.tree.map(np.zeros_like, params['Conv_4'])}
  rest = {f'Conv_{i}': params[f'Conv_{j}'] for i, j in enumerate([0, 1, 2, 5, 6, 7])}

  @quick
  def outputs(params, silent, rest):
    pairs = [(deep, params), (deep, silent), (flat, rest)]
    return [network.apply({'params': p}, x, train=True) for network, p in pairs]

  loud, quiet, none = outputs(params, silent, rest)
  np.testing.assert_allclose(quiet, none, rtol=1e-4, atol=1e-5)
  assert np.max(np.abs(loud - quiet)) > 0.1


def test_the_generator_is_pytorchs_layers_each_normed_before_its_relu():
  torch = pytest.importorskip('torch')
  functional = torch.nn.functional
  x = np.random.default_rng(1).normal(size=(2, 8, 12, 2)).astype(np.float32)
  network = TranslatorGenerator((8, 12, 1), 2, 1)
  params = drawn(network, *x.shape)
  images = quick(lambda params: network.apply({'params': params}, x, train=True))(params)
  params = jax.tree.map(torch.tensor, params)

  def convolve(i, h, **options):
    layer = params[f'Conv_{i}']
    return functional.conv2d(h, layer['kernel'].permute(3, 2, 0, 1), layer['bias'], **options)

  def double(i, h):
    layer = params[f'Conv_{i}']
    # 2n + 1 pixels, the first of which SAME cuts off.
    h = functional.conv_transpose2d(h, layer['kernel'].permute(2, 3, 0, 1), stride=2)[:, :, :-1, :-1]
    return h + layer['bias'].reshape(-1, 1, 1)

  relu, norm = functional.relu, functools.partial(functional.instance_norm, eps=1e-5)
  h = relu(norm(convolve(0, torch.tensor(x).permute(0, 3, 1, 2), padding=1)))
  for i in (1, 2):  # SAME with a 3x3 kernel and stride 2 pads an even image after it only
    h = relu(norm(convolve(i, functional.pad(h, (0, 1, 0, 1)), stride=2)))
  h = h + norm(convolve(4, relu(norm(convolve(3, h, padding=1))), padding=1))
  for i in (5, 6):
    h = relu(norm(double(i, h)))
  expected = torch.tanh(convolve(7, h, padding=1)).permute(0, 2, 3, 1)
  np.testing.assert_allclose(images, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize('norm, local', [(NoNorm, True), (InstanceNorm, False)])
def test_a_patch_knows_its_own_part_of_the_image_only(norm, local):
  x = np.random.default_rng(1).normal(size=(1, 16, 24, 1)).astype(np.float32)
  critic = PatchCritic(3, 2, norm=norm)
  apply = quick(lambda params, x: critic.apply({'params': params}, x, train=True))
  params, other = drawn(critic, *x.shape), x.copy()
  other[0, 0, 0] += 3
  changed = np.abs(apply(params, x) - apply(params, other))[0] > 1e-6
  # The corner is in the first pixel of both halvings, and the last 3x3 kernel sees that from the first 2x2 patches.
  near = np.zeros((4, 6), bool)
  near[:2, :2] = True
  assert changed[near].all()
  assert changed[~near].any() != local
