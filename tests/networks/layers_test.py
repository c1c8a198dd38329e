import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import layers

KEY = jax.random.key(0)


def doubled(module, kernel, *, train):
  return kernel * (2.0 if train else 3.0)


def test_dense_is_a_product_and_a_bias():
  params = {'kernel': jnp.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]]), 'bias': jnp.array([0.5, 0.0, -0.5])}
  y = layers.Dense(3).apply({'params': params}, jnp.array([[1.0, 2.0], [0.0, 1.0]]))
  chex.assert_trees_all_close(y, jnp.array([[1.5, 0.0, 4.5], [0.5, -1.0, 0.5]]))


def test_embed_looks_rows_up():
  kernel = jnp.arange(6.0).reshape(3, 2)
  y = layers.Embed(3, 2).apply({'params': {'kernel': kernel}}, jnp.array([2, 0]))
  chex.assert_trees_all_close(y, jnp.array([[4.0, 5.0], [0.0, 1.0]]))


def test_embed_mixes_rows_by_weights():
  kernel = jnp.arange(6.0).reshape(3, 2)
  y = layers.Embed(3, 2).apply({'params': {'kernel': kernel}}, jnp.array([[0.5, 0.0, 0.5], [0.0, 1.0, 0.0]]))
  chex.assert_trees_all_close(y, jnp.array([[2.0, 3.0], [2.0, 3.0]]))


@pytest.mark.parametrize('layer, x', [(layers.Dense, jnp.ones((2, 3))), (layers.Conv, jnp.ones((2, 4, 4, 3)))])
def test_products_are_in_the_type_that_is_asked_for_and_kernels_in_float32(layer, x):
  y, variables = layer(5, dtype=jnp.bfloat16).init_with_output(KEY, x)
  assert y.dtype == jnp.bfloat16
  chex.assert_trees_all_equal_dtypes(variables['params'], {'kernel': jnp.float32(0), 'bias': jnp.float32(0)})
  same, kernel = layer(5).init_with_output(KEY, x)[0], variables['params']['kernel']
  np.testing.assert_allclose(y.astype('f'), same, rtol=0.02, atol=0.02)
  assert np.any(np.asarray(y.astype('f')) != np.asarray(same)) and np.any(kernel != kernel.astype(jnp.bfloat16))


def test_conv_hands_its_kernel_to_its_op_and_adds_the_bias_per_channel():
  x = jax.random.normal(KEY, (2, 4, 4, 3))
  seen = []

  def op(x, kernel):
    return seen.append(kernel.shape) or jnp.tensordot(x, kernel[0, 0], 1)

  params = {'kernel': jax.random.normal(KEY, (1, 2, 3, 5)), 'bias': jnp.arange(5.0)}
  y = layers.Conv(5, (1, 2), op=op).apply({'params': params}, x)
  expected = np.einsum('bhwi,io->bhwo', x, params['kernel'][0, 0]) + np.arange(5)
  assert seen == [(1, 2, 3, 5)]
  np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


LAYERS = [
  (layers.Dense(4), jnp.ones((2, 3)), {'kernel': (3, 4), 'bias': (4,)}),
  (layers.Conv(4, (5, 3)), jnp.ones((2, 6, 6, 3)), {'kernel': (5, 3, 3, 4), 'bias': (4,)}),
  (layers.Embed(7, 4), jnp.array([1, 2]), {'kernel': (7, 4)}),
]


@pytest.mark.parametrize('layer, x, shapes', LAYERS)
def test_the_kernels_last_axis_is_the_outputs(layer, x, shapes):
  params = jax.eval_shape(layer.init, KEY, x)['params']
  assert {name: param.shape for name, param in params.items()} == shapes


@pytest.mark.parametrize('layer, x, shapes', LAYERS)
def test_a_layer_computes_with_its_reparameterised_kernel_and_says_whether_it_trains(layer, x, shapes):
  variables = layer.init(KEY, x)
  variables['params'] = {**variables['params'], **({'bias': jnp.zeros(4)} if 'bias' in shapes else {})}
  plain = layer.apply(variables, x)
  for train, factor in [(True, 2.0), (False, 3.0)]:
    y = layer.clone(reparameterize=doubled, train=train).apply(variables, x)
    chex.assert_trees_all_close(y, factor * plain, rtol=1e-5)


@pytest.mark.parametrize(
  'layer, x',
  [(layers.Dense(4, use_bias=False), jnp.ones((1, 3))), (layers.Conv(4, use_bias=False), jnp.ones((1, 4, 4, 3)))],
)
def test_without_a_bias_there_is_none(layer, x):
  assert set(jax.eval_shape(layer.init, KEY, x)['params']) == {'kernel'}


def test_gates_are_every_other_channel():
  x = np.random.default_rng(0).normal(size=(2, 3, 6)).astype(np.float32)
  expected = np.tanh(x[..., 1::2]) / (1 + np.exp(-x[..., ::2]))
  np.testing.assert_allclose(layers.gated(x), expected, rtol=1e-5)
