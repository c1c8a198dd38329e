"""The functions that the table of divergences is made of."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import wrightomega

from wgan_jax.build import DIVERGENCES
from wgan_jax.divergences import bounded_exp, f_gan, log_wright_omega


@pytest.fixture(autouse=True)
def _double_precision():
  with jax.enable_x64(True):
    yield


def wright_omega(z):
  return jnp.exp(log_wright_omega(z))


@pytest.mark.parametrize('dtype, rtol', [(jnp.float32, 1e-6), (jnp.float64, 1e-13)])
def test_wright_omega_is_scipys(dtype, rtol):
  z = np.concatenate([np.linspace(-60, 100, 1601), [0.999, 1.0, 1.001, 1e3, 1e5, 1e8]]).astype(dtype)
  expected = wrightomega(np.float64(z))
  for f in (wright_omega, jax.jit(wright_omega), jax.vmap(wright_omega)):
    np.testing.assert_allclose(f(jnp.asarray(z)), expected, rtol=rtol)


def test_wright_omega_has_its_first_and_second_derivative():
  z = np.linspace(-20, 20, 81)
  w, first = wrightomega(z), jax.vmap(jax.grad(wright_omega))(z)
  np.testing.assert_allclose(first, w / (1 + w), rtol=1e-12)
  np.testing.assert_allclose(first, (wrightomega(z + 1e-5) - wrightomega(z - 1e-5)) / 2e-5, rtol=1e-7)
  np.testing.assert_allclose(jax.jit(jax.vmap(jax.grad(jax.grad(wright_omega))))(z), w / (1 + w) ** 3, rtol=1e-12)


def test_exponentials_go_on_along_their_tangent():
  x = jnp.float64([19.0, 20.0, 21.0, 30.0])
  np.testing.assert_allclose(bounded_exp(x), np.exp(20) * np.array([np.exp(-1), 1, 2, 11]), rtol=1e-12)
  slopes = jax.vmap(jax.grad(bounded_exp))(x)
  np.testing.assert_allclose(slopes, np.exp([19.0, 20.0, 20.0, 20.0]), rtol=1e-12)


@pytest.mark.parametrize('name', DIVERGENCES)
def test_the_undecided_logit_is_the_optimal_one_of_equal_densities(name):
  row = DIVERGENCES[name]
  np.testing.assert_allclose(row.activation(row.undecided), row.optimal(1.0), atol=1e-12)
  assert f_gan(row).undecided == row.undecided
