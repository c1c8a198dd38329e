import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.metrics.pairwise import rbf_kernel

from wgan_jax.kernels import gaussian, rational_quadratic, squared_distances, squared_mmd

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(7, 3)), RNG.normal(0.5, 2.0, (5, 3))
SINGLE_X, SINGLE_Y = jnp.float32(X), jnp.float32(Y)
SQUARES = np.array([[sum((a - b) ** 2) for b in Y] for a in X])
KERNELS = {'gaussian': gaussian(), 'rational_quadratic': rational_quadratic()}


def test_squared_distances_are_those_of_each_pair():
  np.testing.assert_allclose(squared_distances(SINGLE_X, SINGLE_Y), SQUARES, rtol=1e-6)


@pytest.mark.parametrize(
  'kernel, alphas', [(rational_quadratic(), [0.2, 0.5, 1, 2, 5]), (rational_quadratic([0.3]), [0.3])]
)
def test_rational_quadratic_is_the_sum_over_alphas(kernel, alphas):
  expected = sum(np.power(1 + SQUARES / (2 * alpha), -alpha) for alpha in alphas)
  np.testing.assert_allclose(kernel(SINGLE_X, SINGLE_Y), expected, rtol=1e-6)


def test_a_sum_over_many_pairs_is_that_of_the_terms_when_compiled():
  """It was 1.4 times as much where several log1p met in one reduction."""
  x, y = RNG.normal(size=(300, 2)), RNG.normal(0.3, 1.0, (200, 2))
  squares = np.sum((x[:, None] - y[None]) ** 2, axis=-1)
  expected = sum(np.power(1 + squares / (2 * alpha), -alpha).sum() for alpha in (0.2, 0.5, 1, 2, 5))
  total = jax.jit(lambda a, b: jnp.sum(rational_quadratic()(a, b)))(jnp.float32(x), jnp.float32(y))
  np.testing.assert_allclose(total, expected, rtol=1e-5)


@pytest.mark.parametrize('kernel, sigmas', [(gaussian(), [1, 2, 4, 8, 16]), (gaussian([0.7]), [0.7])])
def test_gaussian_is_the_sum_of_scikit_learns_over_sigmas(kernel, sigmas):
  expected = sum(rbf_kernel(X, Y, gamma=1 / (2 * sigma**2)) for sigma in sigmas)
  np.testing.assert_allclose(kernel(SINGLE_X, SINGLE_Y), expected, rtol=5e-6)
  np.testing.assert_allclose(expected, sum(np.exp(-SQUARES / (2 * sigma**2)) for sigma in sigmas), rtol=1e-10)


@pytest.mark.parametrize('name', KERNELS)
def test_a_kernel_is_symmetric_largest_at_zero_and_positive_definite(name):
  gram = np.asarray(KERNELS[name](SINGLE_X, SINGLE_X))
  np.testing.assert_allclose(gram, gram.T, rtol=1e-6)
  np.testing.assert_allclose(np.diag(gram), 5.0, rtol=1e-6)
  assert np.linalg.eigvalsh(gram).min() > -1e-5
  assert np.all(gram[~np.eye(7, dtype=bool)] < gram[0, 0])


def test_gradient_of_a_kernel_is_finite_where_points_meet():
  def loss(x):
    return sum(kernel(x, x).sum() for kernel in KERNELS.values())

  chex.assert_tree_all_finite(jax.jit(jax.grad(loss))(jnp.ones((3, 2))))


def test_squared_mmd_is_the_sum_over_pairs():
  def k(a, b):
    return sum(np.exp(-np.sum((a - b) ** 2) / (2 * sigma**2)) for sigma in (1.0, 3.0))

  n, m, within, between = len(X), len(Y), 0.0, 0.0
  for i in range(n):
    within += sum(k(X[i], X[j]) for j in range(n) if j != i) / (n * (n - 1))
    between += sum(k(X[i], Y[j]) for j in range(m)) / (n * m)
  for i in range(m):
    within += sum(k(Y[i], Y[j]) for j in range(m) if j != i) / (m * (m - 1))
  value = squared_mmd(gaussian([1.0, 3.0]), SINGLE_X, SINGLE_Y)
  chex.assert_shape(value, ())
  np.testing.assert_allclose(value, within - 2 * between, rtol=1e-5)


@pytest.mark.parametrize('name', KERNELS)
def test_squared_mmd_is_unbiased(name):
  x, y = jax.random.normal(jax.random.key(0), (2, 4000, 4, 2))
  draws = np.asarray(jax.jit(jax.vmap(lambda x, y: squared_mmd(KERNELS[name], x, y)))(x, y))
  error = draws.std() / np.sqrt(4000)
  assert abs(draws.mean()) < 4 * error
  assert draws.min() < 0
  # With the diagonals it would be far from zero: k(x, x) is the largest value that a kernel takes.
  gram = np.asarray(jax.jit(jax.vmap(KERNELS[name]))(x, x))
  assert 20 * error < np.mean(gram[:, 0, 0] - gram.mean(axis=(1, 2)))


@pytest.mark.parametrize('name', KERNELS)
def test_squared_mmd_of_distributions_far_apart_is_positive(name):
  x, y = jax.random.normal(jax.random.key(1), (2, 50, 2)) + jnp.array([0.0, 2.0]).reshape(2, 1, 1)
  assert jax.jit(lambda x, y: squared_mmd(KERNELS[name], x, y))(x, y) > 0.2


def test_squared_mmd_of_two_normals_is_the_closed_form():
  # For k(a, b) = exp(-(a - b)^2 / 2), N(0, 1) and N(m, 1): E k = exp(-d^2 / 6) / sqrt(3), d the means' distance.
  x, y = jax.random.normal(jax.random.key(1), (2, 1000, 1)) + jnp.array([0.0, 2.0]).reshape(2, 1, 1)
  value = jax.jit(lambda x, y: squared_mmd(gaussian([1.0]), x, y))(x, y)
  np.testing.assert_allclose(value, 2 / np.sqrt(3) * (1 - np.exp(-4 / 6)), atol=0.06)


@pytest.mark.parametrize('shape', [(4,), (4, 2, 1)])
def test_squared_mmd_takes_vectors_only(shape):
  with pytest.raises(AssertionError):
    squared_mmd(gaussian(), jnp.zeros(shape), jnp.zeros(shape))
