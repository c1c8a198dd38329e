import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import layers
from wgan_jax.networks.norms import LayerNorm
from wgan_jax.networks.resnet import ResnetCritic, ResnetGenerator, mean_pool, sum_pool
from wgan_jax.networks.spectral import spectral_norm

KEY = jax.random.key(0)
IMAGES, CODES = jnp.zeros((1, 32, 32, 3)), jnp.zeros((1, 128))


def count(network, x, collection='params'):
  variables = jax.eval_shape(lambda x: network.init(KEY, x, train=True), x)
  return sum(leaf.size for leaf in jax.tree.leaves(variables[collection]))


def torch_count(make):
  """Parameters of the modules that `make(conv, linear, norm)` lists."""
  torch = pytest.importorskip('torch')
  on_nothing = {'device': 'meta'}

  def conv(a, b, size=3):
    return torch.nn.Conv2d(a, b, size, **on_nothing)

  def linear(a, b):
    return torch.nn.Linear(a, b, **on_nothing)

  def norm(channels):
    return torch.nn.BatchNorm2d(channels, **on_nothing)

  return sum(p.numel() for module in make(conv, linear, norm) for p in module.parameters())


def generator(width, conv, linear, norm):
  def block():
    return [norm(width), conv(width, width), norm(width), conv(width, width), conv(width, width, 1)]

  return [linear(128, 4 * 4 * width), *block(), *block(), *block(), norm(width), conv(width, 3)]


def critic(width, conv, linear, norm):
  first = [conv(3, width), conv(width, width), conv(3, width, 1)]
  down = [conv(width, width), conv(width, width), conv(width, width, 1)]
  plain = [conv(width, width), conv(width, width)]
  return [*first, *down, *plain, *plain, linear(width, 1)]


@pytest.mark.parametrize('width', [128, 256])
def test_generators_have_as_many_parameters_as_in_pytorch(width):
  ours = count(ResnetGenerator((32, 32, 3), width), CODES)
  assert ours == torch_count(functools.partial(generator, width))
  assert ours == {128: 1_204_483, 256: 4_276_739}[width]


def test_the_critic_has_as_many_parameters_as_in_pytorch():
  ours = count(ResnetCritic(128), IMAGES)
  assert ours == torch_count(functools.partial(critic, 128)) == 1_053_825


def test_layer_norm_adds_scale_and_shift_in_all_blocks_but_the_first():
  assert count(ResnetCritic(128, norm=LayerNorm), IMAGES) == 1_053_825 + 3 * 2 * 2 * 128


def test_spectral_norm_adds_two_vectors_for_each_kernel_and_no_parameter():
  dense, conv = (functools.partial(layer, reparameterize=spectral_norm) for layer in (layers.Dense, layers.Conv))
  network = ResnetCritic(128, sum_pool, dense=dense, conv=conv)
  assert count(network, IMAGES) == 1_053_825
  left, right = 10 * 128 + 1, (27 + 1152 + 3) + (2 * 1152 + 128) + 4 * 1152 + 128
  assert count(network, IMAGES, 'spectral') == left + right


@pytest.mark.parametrize('shape', [(8, 8, 1), (16, 24, 3)])
def test_a_pair_maps_codes_to_images_to_logits(shape):
  images, _ = ResnetGenerator(shape, 2).init_with_output(KEY, jax.random.normal(KEY, (3, 5)), train=True)
  logits = jax.eval_shape(lambda x: ResnetCritic(2).init_with_output(KEY, x, train=True)[0], images)
  chex.assert_shape([images, logits], [(3, *shape), (3,)])
  assert jnp.max(jnp.abs(images)) < 1


def test_pools_are_mean_and_sum_over_space():
  h = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)
  np.testing.assert_allclose(mean_pool(h), np.einsum('bhwc->bc', h) / 12, rtol=1e-5, atol=1e-6)
  np.testing.assert_allclose(sum_pool(h), np.einsum('bhwc->bc', h), rtol=1e-5, atol=1e-5)


def test_the_pool_and_a_relu_stand_before_the_last_layer():
  x = jax.random.normal(KEY, (2, 8, 8, 1))
  variables = ResnetCritic(8).init(KEY, x, train=True)
  mean, total = (ResnetCritic(8, pool).apply(variables, x, train=True) for pool in (mean_pool, sum_pool))
  # 8x8 halves twice to 2x2; without a bias the sum's logit is four times the mean's.
  chex.assert_trees_all_close(total, 4 * mean, rtol=1e-4)
  seen = []
  ResnetCritic(8, lambda h: seen.append(h) or mean_pool(h)).apply(variables, x, train=True)
  assert jnp.min(seen[0]) == 0 < jnp.max(seen[0])
