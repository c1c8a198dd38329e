"""Against the paper's figure, counted by hand, and PyTorch's layers on the same weights."""

import functools
import itertools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import heads
from wgan_jax.networks.began import BeganEncoder, BeganGenerator, halvings

# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})


def outline(network, *shape):
  """(output, variables) as shapes, for which nothing is compiled."""
  return jax.eval_shape(lambda x: network.init_with_output(jax.random.key(0), x, train=True), jnp.ones(shape))


def count(network, *shape):
  return sum(leaf.size for leaf in jax.tree.leaves(outline(network, *shape)[1]['params']))


def test_images_are_halved_until_they_are_at_most_eight_wide():
  sides = {4: 0, 8: 0, 9: 1, 16: 1, 17: 2, 28: 2, 32: 2, 33: 3, 64: 3, 128: 4}
  assert {side: halvings(side, side) for side in sides} == sides
  assert halvings(8, 32) == halvings(32, 8) == 2


@pytest.mark.parametrize('shape', [(8, 8, 1), (16, 16, 3), (32, 32, 3), (64, 64, 3), (16, 32, 1)])
def test_a_pair_maps_codes_to_images_to_codes(shape):
  images, variables = outline(BeganGenerator(shape), 2, 64)
  codes, _ = outline(BeganEncoder(head=functools.partial(heads.Vector, size=64)), *images.shape)
  chex.assert_shape([images, codes], [(2, *shape), (2, 64)])
  assert set(variables) == {'params'}


def conv(a, b):
  return 9 * a * b + b


@pytest.mark.parametrize('side, doublings', [(8, 0), (32, 2), (64, 3)])
def test_the_generators_parameters_are_as_counted_by_hand(side, doublings):
  # 64 -> 8x8xn, then at each size two convolutions from n to n channels, then one to RGB.
  dense = 64 * 8 * 8 * 128 + 8 * 8 * 128
  expected = dense + (1 + doublings) * 2 * conv(128, 128) + conv(128, 3)
  assert count(BeganGenerator((side, side, 3)), 2, 64) == expected


# Channels from RGB on; the paper's n, 2n, 3n, ... of which the last is not raised.
@pytest.mark.parametrize('side, channels', [(8, [3, 1, 1, 1]), (32, [3, 1, 1, 2, 2, 3, 3, 3])])
def test_the_encoders_parameters_are_as_counted_by_hand(side, channels):
  channels = [channels[0], *(128 * n for n in channels[1:])]
  convolutions = sum(itertools.starmap(conv, itertools.pairwise(channels)))
  encoder = BeganEncoder(head=functools.partial(heads.Vector, size=64))
  assert count(encoder, 2, side, side, 3) == convolutions + 8 * 8 * channels[-1] * 64 + 64


def moved(network, x):
  """(output, PyTorch's parameters), none of them at the zeros that biases begin as."""
  torch = pytest.importorskip('torch')
  rng = np.random.default_rng(0)
  params = outline(network, *x.shape)[1]['params']
  params = jax.tree.map(lambda p: rng.normal(0, 0.25, p.shape).astype(np.float32), params)
  y = quick(lambda params, x: network.apply({'params': params}, x, train=True))(params, x)
  return y, jax.tree.map(torch.tensor, params)


def torch_conv(params, i, h, **options):
  functional = pytest.importorskip('torch').nn.functional
  layer = params[f'Conv_{i}']
  return functional.conv2d(h, layer['kernel'].permute(3, 2, 0, 1), layer['bias'], **options)


def test_the_generator_is_pytorchs_layers_with_nearest_neighbours_between():
  torch = pytest.importorskip('torch')
  elu, interpolate = torch.nn.functional.elu, torch.nn.functional.interpolate
  z = np.random.default_rng(1).normal(size=(2, 5)).astype(np.float32)
  images, params = moved(BeganGenerator((10, 12, 2), 3), z)
  convolve = functools.partial(torch_conv, params, padding=1)
  h = torch.tensor(z) @ params['Dense_0']['kernel'] + params['Dense_0']['bias']
  h = h.reshape(2, 5, 6, 3).permute(0, 3, 1, 2)
  h = elu(convolve(1, elu(convolve(0, h))))
  h = interpolate(h, scale_factor=2, mode='nearest')
  h = convolve(4, elu(convolve(3, elu(convolve(2, h)))))
  np.testing.assert_allclose(images, torch.tanh(h).permute(0, 2, 3, 1), rtol=1e-3, atol=1e-4)


def test_the_encoder_is_pytorchs_layers_with_a_stride_at_the_end_of_each_level():
  torch = pytest.importorskip('torch')
  elu = torch.nn.functional.elu
  x = np.random.default_rng(1).normal(size=(2, 10, 12, 2)).astype(np.float32)
  logits, params = moved(BeganEncoder(3), x)
  convolve = functools.partial(torch_conv, params, padding=1)
  h = elu(convolve(0, torch.tensor(x).permute(0, 3, 1, 2)))
  # SAME with a 3x3 kernel and stride 2 pads an even image after it only.
  h = torch.nn.functional.pad(elu(convolve(1, h)), (0, 1, 0, 1))
  h = elu(torch_conv(params, 2, h, stride=2))
  h = elu(convolve(4, elu(convolve(3, h)))).permute(0, 2, 3, 1).reshape(2, -1)
  last = params['Logit_0']['Dense_0']
  np.testing.assert_allclose(logits, (h @ last['kernel'] + last['bias'])[:, 0], rtol=1e-3, atol=1e-3)
