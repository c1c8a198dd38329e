"""The growing pair against itself at a smaller size, NumPy convolutions, and the paper's table of parameters."""

import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import layers
from wgan_jax.networks.progressive import ProgressiveCritic, ProgressiveGenerator
from wgan_jax.penalties import gradient_square

KEY, LEVELS = jax.random.key(4), (0.0, 0.3, 1.0, 1.7, 2.0)
Z = jax.random.normal(KEY, (4, 6))
X = jax.random.normal(jax.random.key(5), (4, 16, 16, 3))
GENERATOR, CRITIC = ProgressiveGenerator((16, 16, 3), 5), ProgressiveCritic((16, 16, 3), 5)
CALLS = {'generator': (GENERATOR, Z), 'critic': (CRITIC, X)}


@functools.cache
def params_of(network):
  network, x = CALLS[network]
  params = jax.jit(functools.partial(network.init, train=True))(KEY, x)['params']
  # Biases that are not zero.
  return jax.tree.map(lambda p: p + 0.1 * jax.random.normal(jax.random.key(p.size), p.shape), params)


@functools.cache
def compiled(network):
  return jax.jit(functools.partial(at, network))


@functools.cache
def slopes(network):
  return jax.jit(jax.grad(lambda params, level, x: jnp.sum(at(network, params, level, x) ** 2)))


def at(network, params, level, x):
  return network.apply({'params': params, 'memory': {'level': level}}, x, train=False)


def play(name, level, x=None):
  network, own = CALLS[name]
  return np.asarray(compiled(network)(params_of(name), jnp.float32(level), own if x is None else x))


def smaller(params, network):
  """The parameters that a network of smaller images knows, by their names."""
  x = jnp.zeros((4, 6)) if isinstance(network, ProgressiveGenerator) else jnp.zeros((4, *network.shape))
  known = jax.eval_shape(functools.partial(network.init, train=True), KEY, x)['params']
  return {name: params[name] for name in known}


def pooled(x, times):
  return np.asarray(x).reshape(x.shape[0], x.shape[1] // times, times, -1, times, x.shape[3]).mean((2, 4))


@pytest.mark.parametrize('level, side', [(0, 4), (1, 8), (2, 16)])
def test_at_a_whole_level_a_generator_is_that_of_smaller_images_enlarged(level, side):
  small = GENERATOR.clone(shape=(side, side, 3))
  image = at(small, smaller(params_of('generator'), small), jnp.float32(level), Z)
  chex.assert_shape(image, (4, side, side, 3))
  np.testing.assert_allclose(
    play('generator', level), np.kron(image, np.ones((1, 16 // side, 16 // side, 1))), atol=1e-5
  )


@pytest.mark.parametrize('level, side', [(0, 4), (1, 8), (2, 16)])
def test_at_a_whole_level_a_critic_is_that_of_smaller_images_given_means(level, side):
  small = CRITIC.clone(shape=(side, side, 3))
  logits = at(small, smaller(params_of('critic'), small), jnp.float32(level), pooled(X, 16 // side))
  np.testing.assert_allclose(play('critic', level), logits, atol=1e-5)


@pytest.mark.parametrize('below, share', [(0, 0.3), (1, 0.7)])
def test_between_levels_a_generators_image_is_a_mixture_of_both(below, share):
  old, new = play('generator', below), play('generator', below + 1)
  assert np.abs(new - old).max() > 0.5
  np.testing.assert_allclose(play('generator', below + share), (1 - share) * old + share * new, atol=1e-5)


def convolved(h, layer):
  """Leaky ReLU of a convolution, tap by tap."""
  kernel, bias = np.asarray(layer['kernel']), np.asarray(layer['bias'])
  pad, size = len(kernel) // 2, h.shape[1]
  h = np.pad(h, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
  taps = [h[:, i : i + size, j : j + size] @ kernel[i, j] for i, j in np.ndindex(kernel.shape[:2])]
  y = sum(taps) + bias
  return np.where(y > 0, y, 0.2 * y)


def test_between_levels_a_critics_features_are_a_mixture_of_both_before_they_go_on():
  params, share = params_of('critic'), 0.3
  new = convolved(pooled(X, 2), params['image_8x8']['Conv_0'])
  for name in ('Conv_0', 'Conv_1'):
    new = convolved(new, params['8x8'][name])
  old = convolved(pooled(X, 4), params['image_4x4']['Conv_0'])
  mixed = ((1 - share) * old + share * pooled(new, 2)).astype(np.float32)
  variables = {'params': params, 'memory': {'level': jnp.float32(0)}}
  logits = CRITIC.apply(variables, mixed, method=lambda critic, h: critic.verdict(h, train=False))
  np.testing.assert_allclose(play('critic', share), logits, atol=1e-5)
  assert np.abs(play('critic', 0.0) - logits).max() > 0.01


@pytest.mark.parametrize('name', CALLS)
@pytest.mark.parametrize('level', [1.0, 2.0])
def test_nothing_jumps_where_a_level_is_reached_or_left(name, level):
  before, there, after = (play(name, level + step) for step in (-1e-4, 0.0, 1e-4))
  np.testing.assert_allclose(before, there, atol=2e-3)
  np.testing.assert_allclose(after, there, atol=2e-3)
  assert np.abs(play(name, level - 0.5) - there).max() > 0.02


USED = {0.0: ('4x4',), 0.3: ('4x4', '8x8'), 1.0: ('8x8',), 1.7: ('8x8', '16x16'), 2.0: ('16x16',)}


@pytest.mark.parametrize('name', CALLS)
@pytest.mark.parametrize('level', LEVELS)
def test_layers_of_no_part_in_a_level_have_gradients_of_exactly_zero(name, level):
  network, x = CALLS[name]
  gradients = slopes(network)(params_of(name), jnp.float32(level), x)
  sides = [side for side in ('4x4', '8x8', '16x16') if int(side.split('x')[0]) <= 4 * 2 ** np.ceil(level)]
  expected = {*sides, *(f'image_{side}' for side in USED[level])}
  moved = {name for name, tree in gradients.items() if any(np.any(g) for g in jax.tree.leaves(tree))}
  assert moved == expected


def test_a_penalty_and_its_gradient_are_those_of_smaller_images_of_which_a_pixel_is_four():
  small = CRITIC.clone(shape=(8, 8, 3))

  def penalty(params, critic, level, x):
    return jnp.sum(gradient_square(lambda x: at(critic, params, level, x), x))

  measure = jax.jit(jax.value_and_grad(penalty), static_argnums=1)
  params = params_of('critic')
  value, slopes = measure(params, CRITIC, jnp.float32(1), X)
  expected, small_slopes = measure(smaller(params, small), small, jnp.float32(1), pooled(X, 2))
  assert expected > 0.01
  np.testing.assert_allclose(value, expected / 4, rtol=1e-4)
  chex.assert_trees_all_close(smaller(slopes, small), jax.tree.map(lambda g: g / 4, small_slopes), rtol=1e-3, atol=1e-5)
  assert not any(np.any(g) for g in jax.tree.leaves(slopes['16x16']))


def test_levels_side_by_side_are_levels_alone():
  both = jax.jit(jax.vmap(lambda level: at(GENERATOR, params_of('generator'), level, Z)))(jnp.float32([0.3, 2.0]))
  np.testing.assert_allclose(both, np.stack([play('generator', level) for level in (0.3, 2.0)]), atol=1e-5)


@pytest.mark.parametrize('name', CALLS)
def test_a_table_of_its_parameters_counts_each_once(name):
  network, x = CALLS[name]
  total = 1 + sum(p.size for p in jax.tree.leaves(params_of(name)))  # the level is one
  assert f'Total Parameters: {total:,}' in network.tabulate(KEY, x, train=True, console_kwargs={'width': 240})


@pytest.mark.parametrize('name', CALLS)
def test_it_begins_at_its_highest_level_and_stays_within(name):
  network, x = CALLS[name]
  assert jax.jit(functools.partial(network.init, train=True))(KEY, x)['memory']['level'] == 2
  np.testing.assert_array_equal(play(name, 7.5), play(name, 2.0))
  np.testing.assert_array_equal(play(name, -1.0), play(name, 0.0))


def test_half_precision_inside_leaves_as_single():
  conv = functools.partial(layers.Conv, dtype=jnp.bfloat16)
  for network, x in (GENERATOR.clone(conv=conv), Z), (CRITIC.clone(conv=conv), X):
    found, _ = jax.eval_shape(functools.partial(network.init_with_output, train=True), KEY, x)
    assert found.dtype == jnp.float32
