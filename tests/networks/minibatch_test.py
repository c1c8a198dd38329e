import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.minibatch import with_deviation

H = np.random.default_rng(3).normal(size=(8, 2, 3, 5)).astype(np.float32)


def by_hand(h, group):
  """The channel that is added, [B, H, W]."""
  told = [h[i : i + group].std(axis=0).mean() for i in range(0, len(h), group)]
  return np.repeat(told, group)[:, None, None] * np.ones(h.shape[:3])


@pytest.mark.parametrize('group', [1, 2, 4, 8])
def test_each_group_of_neighbours_is_told_its_mean_deviation(group):
  h = with_deviation(jnp.asarray(H), group)
  np.testing.assert_array_equal(h[..., :-1], H)
  np.testing.assert_allclose(h[..., -1], by_hand(H, group), rtol=1e-5, atol=1.01e-4)  # the root of 1e-8


def test_a_batch_that_does_not_divide_has_smaller_groups():
  np.testing.assert_allclose(with_deviation(jnp.asarray(H[:6]), 4)[..., -1], by_hand(H[:6], 2), rtol=1e-5)


@pytest.mark.parametrize('devices', [2, 4, 8])
def test_however_devices_cut_the_batch_groups_and_gradients_are_the_same(devices):
  weights = np.random.default_rng(4).normal(size=(8, 2, 3, 6)).astype(np.float32)

  def total(h, weights, axis_name=None):
    return jnp.sum(weights * with_deviation(h, 4, axis_name) ** 2)

  def piece(h, weights):
    return with_deviation(h, 4, 'batch'), jax.grad(total)(h, weights, 'batch')

  pieces = [x.reshape(devices, -1, *x.shape[1:]) for x in (H, weights)]
  y, slope = jax.vmap(piece, axis_name='batch')(*pieces)
  np.testing.assert_allclose(y.reshape(*H.shape[:3], 6), with_deviation(jnp.asarray(H), 4), rtol=1e-5)
  np.testing.assert_allclose(slope.reshape(H.shape), jax.grad(total)(jnp.asarray(H), weights), rtol=1e-4, atol=1e-5)


def test_samples_that_are_all_alike_have_finite_gradients():
  same = jnp.ones((4, 2, 2, 1))
  slope = jax.grad(lambda h: jnp.sum(with_deviation(h)))(same)
  assert jnp.all(jnp.isfinite(slope))
  np.testing.assert_allclose(with_deviation(same)[..., -1], 1e-4, rtol=1e-5)


def test_half_precision_stays_half_and_its_deviation_is_computed_in_single():
  near = jnp.asarray(100 + H / 8, jnp.bfloat16)
  y = with_deviation(near)
  assert y.dtype == jnp.bfloat16
  np.testing.assert_allclose(y[..., -1].astype(np.float32), by_hand(np.float64(near), 4), rtol=1e-2)
