"""DRAGAN's points, read off critics whose gradients tell where they are."""

import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from wgan_jax.keys import sample_keys
from wgan_jax.penalties import dragan, uniform_noise

KEY = jax.random.key(0)
RNG = np.random.default_rng(0)
REAL = RNG.normal(size=(5, 3)).astype(np.float32)


def linear(norm):
  return lambda x: x @ jnp.float32(norm * np.array([2.0, -1.0, 2.0]) / 3)


def quadratic(x):
  return jnp.sum(x**2, axis=1)


@functools.partial(jax.jit, static_argnums=2)
def moved(real, scale, noise=uniform_noise):
  """DRAGAN's points x for real [B, D] > 0: of a critic x_j^2 / 2, the gradient's norm at x is x_j."""
  penalty = dragan(1.0, scale, target=0.0, noise=noise)
  return jnp.sqrt(jax.vmap(lambda mask: penalty(lambda x: x**2 @ mask / 2, real, None, KEY))(jnp.eye(real.shape[1]))).T


def shifts(real, scale):
  return np.asarray(moved(jnp.float32(real), scale)) - real


@pytest.mark.parametrize('norm, expected', [(3.0, 40.0), (0.5, 2.5)])
def test_dragan_pulls_to_its_target_from_both_sides_and_sees_no_fake(norm, expected):
  chex.assert_trees_all_close(dragan()(linear(norm), REAL, None, KEY), jnp.full(5, expected), rtol=1e-5)
  other = dragan(2.0, target=norm + 1.5)(linear(norm), REAL, None, KEY)
  chex.assert_trees_all_close(other, jnp.full(5, 4.5), rtol=1e-5)


def test_dragan_draws_one_alpha_per_sample_and_one_u_per_number():
  real = RNG.uniform(1, 3, (200, 50))
  share = shifts(real, 0.5) / (0.5 * real.std())
  assert np.all((share > -1e-5) & (share < 1))
  alpha = share.max(axis=1, keepdims=True)  # almost: it is alpha times the largest of fifty uniform numbers
  assert stats.kstest(alpha[:, 0], stats.uniform.cdf).pvalue > 0.01
  u = share / alpha
  assert stats.kstest(u[(u < 1) & (alpha > 0.05)], 'uniform').pvalue > 0.01  # below their largest the others are
  assert max(abs(stats.spearmanr(alpha[:, 0], column).statistic) for column in u.T) < 0.35


def test_dragans_noise_is_the_papers_where_asked():
  real = np.float32(RNG.uniform(9, 11, (200, 50)))
  share = (moved(real, 0.5, jax.random.normal) - real) / (0.5 * real.std())
  assert stats.kstest(np.ravel(share), 'norm').pvalue > 0.01


def test_dragan_scales_its_noise_by_the_spread_of_the_whole_batch():
  wide = np.repeat(np.linspace(5, 9, 8)[:, None], 4, axis=1)  # no sample of it has any spread of its own
  narrow = RNG.uniform(1, 2, (8, 4))
  unit = shifts(narrow, 0.5) / narrow.std()
  np.testing.assert_allclose(shifts(wide, 0.5) / wide.std(), unit, atol=1e-5)
  np.testing.assert_allclose(shifts(narrow, 2.0) / narrow.std(), 4 * unit, atol=1e-5)
  np.testing.assert_allclose(shifts(narrow, 0.0), 0.0, atol=1e-6)


def test_dragan_on_a_cut_batch_is_that_of_the_whole_one():
  real = jnp.float32(RNG.normal(size=(8, 3)))

  def part(real):
    return dragan(axis_name='devices')(quadratic, real, None, sample_keys(KEY, 2, 'devices'))

  cut = jax.jit(jax.vmap(part, axis_name='devices'))(real.reshape(4, 2, 3))
  whole = jax.jit(lambda real: dragan(scale=0.5)(quadratic, real, None, KEY))(real)  # 0.5 unless said
  chex.assert_trees_all_close(cut.reshape(8), whole, rtol=1e-5)
