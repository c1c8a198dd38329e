import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.axis import gathered

RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(16, 3)), RNG.normal(size=3)
MAPS = {'vmap': jax.vmap, 'pmap': jax.pmap}
every_map = pytest.mark.parametrize('mapped', MAPS.values(), ids=MAPS)


def spread(xp, outputs):
  """A loss that is no mean of terms of single samples."""
  return xp.std(xp.tanh(outputs)) ** 3 + xp.max(outputs) * xp.min(outputs)


def slope(f, w, h=1e-6):
  """The gradient of f: vector -> float by central differences, in float64."""
  return np.array([(f(w + h * e) - f(w - h * e)) / (2 * h) for e in np.eye(len(w))])


def test_without_an_axis_nothing_is_gathered():
  x = jnp.float32(X)
  assert gathered(x, None) is x


@every_map
@pytest.mark.parametrize('shape', [(16,), (16, 3), (16, 2, 2, 1)])
def test_each_device_receives_all_rows_in_their_order(mapped, shape):
  x = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
  everywhere = mapped(lambda part: gathered(part, 'batch'), axis_name='batch')(x.reshape(8, 2, *shape[1:]))
  assert everywhere.shape == (8, *shape)
  for received in np.asarray(everywhere):
    np.testing.assert_array_equal(received, x)


@every_map
def test_mean_over_devices_of_the_gradients_is_that_of_the_whole_batchs_loss(mapped):
  def step(w, part):
    loss = lambda w: spread(jnp, gathered(part @ w, 'batch'))
    return jax.lax.pmean(jax.value_and_grad(loss)(w), 'batch')

  parts = jnp.float32(X).reshape(8, 2, 3)
  values, gradients = mapped(step, axis_name='batch', in_axes=(None, 0))(jnp.float32(W), parts)
  whole = lambda w: spread(np, X @ w)
  np.testing.assert_allclose(values, np.full(8, whole(W)), rtol=1e-5)
  np.testing.assert_allclose(gradients, np.tile(slope(whole, W), (8, 1)), rtol=1e-4)
