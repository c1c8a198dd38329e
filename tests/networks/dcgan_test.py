import itertools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.dcgan import DcganCritic, DcganGenerator, ladder
from wgan_jax.networks.norms import LayerNorm, NoNorm

KEY = jax.random.key(0)


def outline(network, x):
  """(output, variables) as shapes, for which nothing is compiled."""
  return jax.eval_shape(lambda x: network.init_with_output(KEY, x, train=True), x)


def count(network, x):
  params = outline(network, x)[1]['params']
  return sum(leaf.size for leaf in jax.tree.leaves(params))


def test_a_ladder_halves_rounding_up_until_it_is_at_most_four():
  assert ladder(28, 28) == [(28, 28), (14, 14), (7, 7), (4, 4)]
  assert ladder(64, 64) == [(64, 64), (32, 32), (16, 16), (8, 8), (4, 4)]
  assert ladder(9, 16) == [(9, 16), (5, 8), (3, 4)]


def test_parameters_for_mnist_are_as_counted_by_hand():
  # 4x4x256 -> 7x7x128 -> 14x14x64 -> 28x28x1 with 5x5 kernels, and back.
  dense = 128 * 4 * 4 * 256 + 4 * 4 * 256
  convolutions = (25 * 256 * 128 + 128) + (25 * 128 * 64 + 64) + (25 * 64 + 1)
  norms = 2 * (256 + 128 + 64)
  assert count(DcganGenerator((28, 28, 1)), jnp.ones((2, 128))) == dense + convolutions + norms
  convolutions = (25 * 64 + 64) + (25 * 64 * 128 + 128) + (25 * 128 * 256 + 256)
  critic = convolutions + 4 * 4 * 256 + 1
  assert count(DcganCritic(), jnp.ones((2, 28, 28, 1))) == critic
  # No norm after the first layer.
  assert count(DcganCritic(norm=LayerNorm), jnp.ones((2, 28, 28, 1))) == critic + 2 * (128 + 256)


@pytest.mark.parametrize('kernel_size, weights', [((4, 4), 16), ((5, 5), 25)])
def test_parameters_for_rgb_of_64_pixels_are_as_counted_by_hand(kernel_size, weights):
  channels = [3, 8, 16, 32, 64]
  convolutions = sum(weights * a * b + b for a, b in itertools.pairwise(channels))
  critic = DcganCritic(8, kernel_size)
  assert count(critic, jnp.ones((2, 64, 64, 3))) == convolutions + 4 * 4 * 64 + 1


@pytest.mark.parametrize('shape', [(8, 8, 1), (28, 28, 1), (9, 16, 3)])
def test_a_pair_maps_codes_to_images_to_logits_at_any_size(shape):
  images, variables = outline(DcganGenerator(shape, 2), jnp.ones((3, 5)))
  logits, _ = outline(DcganCritic(2), images)
  chex.assert_shape([images, logits], [(3, *shape), (3,)])
  assert len(jax.tree.leaves(variables['batch_stats'])) == 2 * (len(ladder(*shape[:2])) - 1)


def test_a_critic_is_pytorchs_strided_convolutions():
  torch = pytest.importorskip('torch')
  functional = torch.nn.functional
  rng, critic = np.random.default_rng(0), DcganCritic(4, norm=NoNorm)
  x = rng.normal(size=(2, 8, 8, 3)).astype(np.float32)
  shapes = outline(critic, x)[1]['params']
  params = jax.tree.map(lambda p: rng.normal(0, 0.2, p.shape).astype(np.float32), shapes)
  logits = jax.jit(lambda params: critic.apply({'params': params}, x, train=True))(params)
  h = torch.tensor(x).permute(0, 3, 1, 2)
  kernel = torch.tensor(np.asarray(params['Conv_0']['kernel'])).permute(3, 2, 0, 1)
  # SAME with a 5x5 kernel and stride 2 pads an even image by 1 before it and 2 after.
  h = functional.conv2d(functional.pad(h, (1, 2, 1, 2)), kernel, torch.tensor(params['Conv_0']['bias']), stride=2)
  h = functional.leaky_relu(h, 0.2)
  h = h.permute(0, 2, 3, 1).reshape(2, -1).numpy()
  last = params['Logit_0']['Dense_0']
  expected = h @ np.asarray(last['kernel']) + np.asarray(last['bias'])
  np.testing.assert_allclose(logits, expected[:, 0], rtol=1e-4, atol=1e-5)


def test_rows_of_a_tall_image_are_its_first_axis():
  images, _ = outline(DcganGenerator((16, 8, 1), 2), jnp.ones((1, 5)))
  chex.assert_shape(images, (1, 16, 8, 1))
