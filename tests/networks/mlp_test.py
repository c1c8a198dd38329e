import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.mlp import MlpCritic, MlpGenerator
from wgan_jax.networks.norms import LayerNorm

KEY = jax.random.key(0)


def count(network, x):
  params = jax.eval_shape(lambda x: network.init(KEY, x, train=True), x)['params']
  return sum(leaf.size for leaf in jax.tree.leaves(params))


def output_shape(network, x):
  return jax.eval_shape(lambda x: network.init_with_output(KEY, x, train=True)[0], x)


def test_parameters_of_the_papers_toy_networks_are_as_counted_by_hand():
  hidden = 2 * 512 + 512 + 2 * (512 * 512 + 512)
  assert count(MlpGenerator((2,)), jnp.ones((4, 2))) == hidden + 512 * 2 + 2
  assert count(MlpCritic(), jnp.ones((4, 2))) == hidden + 512 + 1


def test_a_critic_reads_an_image_as_one_vector():
  assert count(MlpCritic(8, 1), jnp.ones((4, 5, 5, 3))) == 75 * 8 + 8 + 8 + 1


@pytest.mark.parametrize('shape', [(2,), (4, 4, 3)])
def test_a_pair_maps_codes_to_samples_to_logits(shape):
  samples = output_shape(MlpGenerator(shape, 8, 2), jnp.ones((6, 5)))
  logits = output_shape(MlpCritic(8, 2), samples)
  chex.assert_shape([samples, logits], [(6, *shape), (6,)])


@pytest.mark.parametrize('shape, bounded', [((2,), False), ((4, 4, 1), True)])
def test_images_end_in_tanh_and_points_do_not(shape, bounded):
  samples, _ = MlpGenerator(shape, 8, 1).init_with_output(KEY, 100 * jax.random.normal(KEY, (6, 5)), train=True)
  assert (jnp.max(jnp.abs(samples)) <= 1) == bounded


def test_a_critic_is_its_layers_in_float64():
  x = jax.random.normal(KEY, (6, 3))
  logits, variables = MlpCritic(8, 2).init_with_output(KEY, x, train=True)
  h = np.asarray(x, np.float64)
  params = variables['params']
  for i, layer in enumerate([params['Dense_0'], params['Dense_1'], params['Logit_0']['Dense_0']]):
    h = h @ np.asarray(layer['kernel'], np.float64) + np.asarray(layer['bias'])
    h = np.maximum(h, 0) if i < 2 else h
  np.testing.assert_allclose(logits, h[:, 0], rtol=1e-5, atol=1e-6)


def test_a_norm_stands_before_each_relu():
  x = 3 + jax.random.normal(KEY, (6, 3))
  network = MlpCritic(8, 1, norm=LayerNorm)
  logits, variables = network.init_with_output(KEY, x, train=True)
  params = variables['params']
  h = np.asarray(x @ params['Dense_0']['kernel'], np.float64)
  h = (h - h.mean(axis=1, keepdims=True)) / np.sqrt(h.var(axis=1, keepdims=True) + 1e-5)
  expected = np.maximum(h, 0) @ np.asarray(params['Logit_0']['Dense_0']['kernel'])
  np.testing.assert_allclose(logits, expected[:, 0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize('network', [MlpCritic(8, 2), MlpGenerator((3,), 8, 2)])
def test_the_activation_stands_behind_every_hidden_layer_and_not_behind_the_last(network):
  x = jax.random.normal(KEY, (6, 3))
  variables = network.init(KEY, x, train=True)
  seen = []
  y = network.clone(activation=lambda h: seen.append(h) or jnp.tanh(h)).apply(variables, x, train=True)
  params, h = variables['params'], np.asarray(x, np.float64)
  last = params['Logit_0']['Dense_0'] if 'Logit_0' in params else params['Dense_2']
  for layer in (params['Dense_0'], params['Dense_1'], last):
    before = h @ np.asarray(layer['kernel'], np.float64)
    h = np.tanh(before)
  chex.assert_shape(seen, (6, 8))
  assert len(seen) == 2
  np.testing.assert_allclose(y.reshape(6, -1), before, rtol=1e-4, atol=1e-5)


def test_an_output_of_ones_own_is_what_samples_go_through():
  z = jax.random.normal(KEY, (6, 5))
  squared = MlpGenerator((4, 4, 1), 8, 1, output=jnp.square)
  variables = squared.init(KEY, z, train=True)
  plain = squared.clone(output=lambda x: x).apply(variables, z, train=True)
  chex.assert_shape(plain, (6, 4, 4, 1))
  assert jnp.min(plain) < -0.1
  chex.assert_trees_all_close(squared.apply(variables, z, train=True), plain**2, rtol=1e-5)


def test_a_head_is_given_the_hidden_features_and_the_label():
  x, label = jax.random.normal(KEY, (6, 3)), jnp.arange(6)

  def head(dense):
    return lambda features, label, *, train: (features, label, train)

  (features, told, train), _ = MlpCritic(8, 2, head=head).init_with_output(KEY, x, label, train=False)
  chex.assert_shape(features, (6, 8))
  assert jnp.min(features) == 0 < jnp.max(features)
  assert told is label and train is False


def test_hidden_kernels_have_hes_variance():
  params = MlpCritic(256, 2).init(KEY, jnp.ones((1, 2)), train=True)['params']
  np.testing.assert_allclose(jnp.var(params['Dense_1']['kernel']), 2 / 256, rtol=0.05)
