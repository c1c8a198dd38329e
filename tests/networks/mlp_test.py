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


def test_parameters_of_the_papers_toy_networks_are_as_counted_by_hand():
  hidden = 2 * 512 + 512 + 2 * (512 * 512 + 512)
  assert count(MlpGenerator((2,)), jnp.ones((4, 2))) == hidden + 512 * 2 + 2
  assert count(MlpCritic(), jnp.ones((4, 2))) == hidden + 512 + 1


def test_a_critic_reads_an_image_as_one_vector():
  assert count(MlpCritic(8, 1), jnp.ones((4, 5, 5, 3))) == 75 * 8 + 8 + 8 + 1


@pytest.mark.parametrize('shape', [(2,), (4, 4, 3)])
def test_a_pair_maps_codes_to_samples_to_logits(shape):
  z = jnp.ones((6, 5))
  samples, _ = MlpGenerator(shape, 8, 2).init_with_output(KEY, z, train=True)
  logits, _ = MlpCritic(8, 2).init_with_output(KEY, samples, train=True)
  chex.assert_shape([samples, logits], [(6, *shape), (6,)])


@pytest.mark.parametrize('shape, bounded', [((2,), False), ((4, 4, 1), True)])
def test_images_end_in_tanh_and_points_do_not(shape, bounded):
  samples, _ = MlpGenerator(shape, 8, 1).init_with_output(KEY, 100 * jax.random.normal(KEY, (6, 5)), train=True)
  assert (jnp.max(jnp.abs(samples)) <= 1) == bounded


def test_a_critic_is_its_layers_in_float64():
  x = jax.random.normal(KEY, (6, 3))
  logits, variables = MlpCritic(8, 2).init_with_output(KEY, x, train=True)
  h = np.asarray(x, np.float64)
  for i in range(3):
    layer = variables['params'][f'Dense_{i}']
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
  expected = np.maximum(h, 0) @ np.asarray(params['Dense_1']['kernel'])
  np.testing.assert_allclose(logits, expected[:, 0], rtol=1e-4, atol=1e-4)


def test_hidden_kernels_have_hes_variance():
  params = MlpCritic(256, 2).init(KEY, jnp.ones((1, 2)), train=True)['params']
  np.testing.assert_allclose(jnp.var(params['Dense_1']['kernel']), 2 / 256, rtol=0.05)
