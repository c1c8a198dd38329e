import functools
import math

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import heads, layers
from wgan_jax.networks.conditional import Embedded
from wgan_jax.networks.norms import NoNorm
from wgan_jax.networks.r3gan import Bottleneck, R3ganCritic, R3ganGenerator, halvings

KEY = jax.random.key(0)
LABEL = np.array([2, 0, 9])
# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})
INNER = functools.partial(heads.InnerProduct, embed=functools.partial(layers.Embed, 10))


def count(network, *inputs):
  variables = jax.eval_shape(lambda *inputs: network.init(KEY, *inputs, train=True), *inputs)
  return sum(leaf.size for leaf in jax.tree.leaves(variables['params']))


# What https://github.com/brownvc/R3GAN, R3GAN/Networks.py, has with the presets of its train.py: FFHQ-64 and FFHQ-256,
# CIFAR10 with --cond=0. Counted in PyTorch 2.13.
@pytest.mark.parametrize(
  'side, generator, critic',
  [(32, 20_732_160, 20_683_776), (64, 22_429_824, 22_381_440), (256, 23_057_952, 23_009_568)],
)
def test_parameters_are_as_many_as_the_authors(side, generator, critic):
  assert count(R3ganGenerator((side, side, 3)), jnp.zeros((1, 64))) == generator
  assert count(R3ganCritic(), jnp.zeros((1, side, side, 3))) == critic


def test_parameters_of_the_conditional_pair_are_as_many_as_the_authors():
  # The preset CIFAR10 with --cond=1.
  assert count(Embedded(R3ganGenerator((32, 32, 3)), 10), jnp.zeros((1, 64)), LABEL[:1]) == 20_781_952
  assert count(R3ganCritic(head=INNER), jnp.zeros((1, 32, 32, 3)), LABEL[:1]) == 21_280_512


@pytest.mark.parametrize('shape', [(8, 8, 1), (12, 20, 3), (7, 9, 2)])
def test_a_pair_maps_codes_to_images_to_logits(shape):
  generator, critic = R3ganGenerator(shape, 8, 1), R3ganCritic(8, 1)
  images = jax.eval_shape(lambda z: generator.init_with_output(KEY, z, train=True)[0], jnp.zeros((3, 5)))
  logits = jax.eval_shape(lambda x: critic.init_with_output(KEY, x, train=True)[0], images)
  chex.assert_shape([images, logits], [(3, *shape), (3,)])


@pytest.mark.parametrize(
  'size, expected', [((32, 32), 3), ((28, 28), 2), ((8, 8), 1), ((4, 4), 0), ((12, 20), 1), ((7, 8), 0), ((48, 48), 3)]
)
def test_images_are_halved_while_even_and_8_or_more(size, expected):
  assert halvings(*size) == expected


def test_a_block_begins_as_the_identity_and_gradients_reach_its_last_layer_alone():
  x = np.random.default_rng(0).normal(size=(2, 4, 4, 16)).astype(np.float32)
  block = Bottleneck(4, layers.Conv, NoNorm, True)

  def loss(params):
    y = block.apply(params, x)
    return jnp.sum(y**3), y

  gradient, y = quick(jax.grad(loss, has_aux=True))(quick(block.init)(KEY, x))
  np.testing.assert_array_equal(y, x)
  assert jax.tree.map(lambda g: bool(jnp.any(g != 0)), gradient['params']) == {
    'Conv_0': {'kernel': False, 'bias': False},
    'Conv_1': {'kernel': False, 'bias': False},
    'Conv_2': {'kernel': True},
  }


@pytest.mark.parametrize('name, inputs', [('Conv_0', 64), ('Conv_1', 9 * 16)])
def test_a_blocks_weights_begin_smaller_the_more_blocks_there_are(name, inputs):
  block = Bottleneck(16, layers.Conv, NoNorm, True)
  kernel = quick(block.init)(KEY, jnp.zeros((1, 4, 4, 64)))['params'][name]['kernel']
  # Of the leaky ReLU's gain over 16^(1 / 4).
  assert np.std(kernel) == pytest.approx(math.sqrt(2 / 1.04 / inputs) / 2, rel=0.03)


def test_logits_begin_with_the_spread_of_the_images():
  # Every layer but the blocks' keeps the variance, and blocks begin as the identity; interpolation takes some away.
  x = np.random.default_rng(0).normal(size=(64, 4, 4, 3)).astype(np.float32)
  logits = quick(lambda keys: jax.vmap(lambda key: R3ganCritic(64).init_with_output(key, x, train=True)[0])(keys))(
    jax.random.split(KEY, 8)
  )
  assert 0.7 < np.std(logits) < 1.4


def test_remat_and_a_bias_free_head_change_nothing():
  x = np.random.default_rng(0).normal(size=(3, 8, 8, 1)).astype(np.float32)
  plain, remat = R3ganCritic(8, 1, head=INNER), R3ganCritic(8, 1, remat=True, head=INNER)
  variables = quick(lambda x: plain.init(KEY, x, LABEL, train=True))(x)
  filled = jax.tree.map(lambda p: p + 0.1, variables)

  def of(network):
    return quick(jax.grad(lambda v: jnp.sum(network.apply(v, x, LABEL, train=True) ** 2)))(filled)

  chex.assert_trees_all_close(of(remat), of(plain), rtol=1e-4, atol=1e-4)
  assert set(variables['params']['InnerProduct_0']['Dense_0']) == {'kernel'}
