"""Gradients of networks that compute in bfloat16 are those in float32, sums over many pixels included."""

import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments import base
from wgan_jax.build_architectures import ARCHITECTURES
from wgan_jax.build_networks import Networks
from wgan_jax.networks import layers
from wgan_jax.networks.attention import SelfAttention
from wgan_jax.networks.blocks import DownBlock
from wgan_jax.networks.norms import NoNorm
from wgan_jax.networks.r3gan import Bottleneck

KEY = jax.random.key(0)
X = jax.random.normal(KEY, (32, 16, 16, 8))


def gradients(module, params, x):
  def loss(params):
    return jnp.mean(layers.full(module.apply({'params': params}, x)) ** 2)

  return jax.jit(jax.grad(loss))(params)


def relative_error(a, b):
  return float(jnp.linalg.norm((a - b).ravel()) / jnp.linalg.norm(b.ravel()))


def assert_same_gradients(make, x, atol):
  half, single = make(functools.partial(layers.Conv, dtype=jnp.bfloat16)), make(layers.Conv)
  params = single.init(KEY, x)['params']
  params = jax.tree.map(lambda p: p + 0.3 * jax.random.normal(jax.random.key(p.size), p.shape), params)
  found = gradients(half, params, x.astype(jnp.bfloat16))
  chex.assert_trees_all_equal_shapes_and_dtypes(found, params)
  errors = jax.tree.map(relative_error, found, gradients(single, params, x))
  assert max(jax.tree.leaves(errors)) < atol, errors


def test_a_bias_gathers_its_gradient_over_all_pixels_in_float32():
  # 65,536 equal numbers, of which a sum in bfloat16 would not come further than 512.
  conv = layers.Conv(1, (1, 1), dtype=jnp.bfloat16)
  params = {'kernel': jnp.ones((1, 1, 1, 1)), 'bias': jnp.zeros(1)}
  total = jax.grad(lambda p: jnp.sum(layers.full(conv.apply({'params': p}, jnp.ones((64, 32, 32, 1))))))(params)
  np.testing.assert_array_equal(total['bias'], [65536])


def test_a_block_has_the_gradients_of_float32():
  assert_same_gradients(lambda conv: DownBlock(8, conv, NoNorm, train=True), X, 0.05)


def test_attention_has_the_gradients_of_float32():
  assert_same_gradients(SelfAttention, X, 0.05)


def test_a_grouped_bottleneck_has_the_gradients_of_float32():
  assert_same_gradients(lambda conv: Bottleneck(4, conv, NoNorm, train=True), X, 0.05)


@pytest.mark.parametrize('name', sorted(ARCHITECTURES))
def test_a_generators_last_layer_is_in_float32_and_all_before_it_are_not(name):
  config, seen, inside = base.get_config(), [], []
  config.generator.update(name=name, width=8, depth=1, dtype='bfloat16', activation='relu')
  networks = Networks(config, (16, 16, 1), 0)

  def activation(h):
    inside.append(h.dtype)
    return jax.nn.relu(h)

  network = networks.generator(output=lambda x: seen.append(x.dtype) or x, activation=activation)
  jax.eval_shape(lambda: network.init(KEY, jnp.zeros((2, 128)), train=True))
  assert set(seen) == {jnp.dtype('float32')} and jnp.dtype('bfloat16') in inside
