import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from wgan_jax.networks import inits, layers
from wgan_jax.networks.equalized import equalized

KEY = jax.random.key(8)
LAYERS = {'dense': (layers.Dense, (2000, 60), 60), 'conv': (layers.Conv, (40, 9, 9, 12), 9 * 12)}  # and their fan-ins


@pytest.mark.parametrize('kind', LAYERS)
@pytest.mark.parametrize('options, gain', [({}, 1.0), ({'kernel_init': inits.He(0.5)}, 0.5)])
def test_kernels_have_variance_one_and_outputs_the_gains_times_that_of_inputs(kind, options, gain):
  layer, shape, fan_in = LAYERS[kind]
  x = jax.random.normal(KEY, shape)
  y, variables = equalized(layer)(50, **options).init_with_output(jax.random.key(9), x)
  kernel = variables['params']['kernel']
  np.testing.assert_allclose(jnp.std(kernel), 1, rtol=0.05)
  inner = y if y.ndim == 2 else y[:, 1:-1, 1:-1]  # where no zeros are beyond the border
  np.testing.assert_allclose(jnp.std(inner), gain, rtol=0.05)
  plain = layer(50).apply({'params': {**variables['params'], 'kernel': kernel * gain / np.sqrt(fan_in)}}, x)
  np.testing.assert_allclose(y, plain, rtol=1e-5, atol=1e-5)


def test_another_initialiser_has_the_gain_of_rectifiers():
  x = jax.random.normal(KEY, (4000, 60))
  y = equalized(layers.Dense)(50, kernel_init=jax.nn.initializers.he_normal()).init_with_output(KEY, x)[0]
  np.testing.assert_allclose(jnp.mean(jax.nn.relu(y) ** 2), 1, rtol=0.05)


@pytest.mark.parametrize('fan_in', [4, 400])
def test_adam_moves_every_kernel_by_an_equal_part_of_its_size(fan_in):
  layer, rate = equalized(layers.Dense)(100), 1e-2
  x, y = jax.random.normal(KEY, (7, fan_in)), jax.random.normal(KEY, (7, 100))
  params = layer.init(KEY, x)['params']
  slopes = jax.grad(lambda params: jnp.sum((layer.apply({'params': params}, x) - y) ** 2))(params)
  updates, _ = optax.adam(rate).update(slopes, optax.adam(rate).init(params))

  def effective(kernel):
    return layer.apply({'params': {'kernel': kernel, 'bias': jnp.zeros(100)}}, jnp.eye(fan_in))

  # Adam's first step is the rate itself, whatever the gradient, here of kernels of standard deviation 1 / sqrt(fan_in).
  step = effective(params['kernel'] + updates['kernel']) - effective(params['kernel'])
  np.testing.assert_allclose(jnp.abs(step), rate / np.sqrt(fan_in), rtol=1e-2)
  np.testing.assert_allclose(jnp.std(effective(params['kernel'])), 1 / np.sqrt(fan_in), rtol=0.1)
