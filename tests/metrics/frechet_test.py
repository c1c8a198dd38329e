import numpy as np
import pytest
import scipy.linalg

from wgan_jax.errors import UserError
from wgan_jax.metrics.frechet import frechet_distance, gaussian_distance
from wgan_jax.metrics.moments import Moments


def features(n, dimensions, seed=0, rank=None):
  rng = np.random.default_rng(seed)
  return rng.normal(size=(n, rank or dimensions)) @ rng.normal(size=(rank or dimensions, dimensions)) + rng.normal()


def by_sqrtm(real, fake):
  (m, c), (n, d) = ((x.mean(axis=0), np.cov(x, rowvar=False)) for x in (real, fake))
  return np.sum((m - n) ** 2) + np.trace(c + d - 2 * np.real(scipy.linalg.sqrtm(c @ d)))


def test_in_one_dimension_it_is_the_squared_difference_of_means_and_of_deviations():
  assert gaussian_distance(np.array([1.0]), np.array([[9.0]]), np.array([4.0]), np.array([[25.0]])) == pytest.approx(13)


def test_covariances_that_commute_have_a_closed_form():
  q = np.linalg.qr(features(40, 40))[0]
  a, b = np.logspace(0, -9, 40), np.random.default_rng(1).permutation(np.logspace(1, -10, 40))
  found = gaussian_distance(np.zeros(40), (q * a) @ q.T, np.full(40, 0.5), (q * b) @ q.T)
  assert found == pytest.approx(10 + np.sum((np.sqrt(a) - np.sqrt(b)) ** 2), rel=1e-12)


def test_singular_covariances_keep_all_digits():
  # By eigenvalues of the product 1e-16 of noise becomes a root of 1e-8: in every one of the missing dimensions.
  q = np.linalg.qr(features(100, 100))[0]
  a, b = np.zeros(100), np.zeros(100)
  a[:50], b[25:75] = 1.0, 4.0
  found = gaussian_distance(np.zeros(100), (q * a) @ q.T, np.zeros(100), (q * b) @ q.T)
  assert found == pytest.approx(50 + 200 - 2 * 25 * 2, rel=1e-13)


def test_equal_gaussians_are_no_distance_apart_and_neither_are_points():
  x = features(300, 20)
  assert frechet_distance(x, x[::-1]) == pytest.approx(0.0, abs=1e-10)
  assert gaussian_distance(np.zeros(3), np.zeros((3, 3)), np.ones(3), np.zeros((3, 3))) == pytest.approx(3.0)


@pytest.mark.parametrize('dimensions, n', [(2, 50), (64, 300), (192, 400)])
def test_it_is_that_of_scipys_root(dimensions, n):
  real, fake = features(n, dimensions), features(n + 11, dimensions, seed=1)
  assert frechet_distance(real, fake) == pytest.approx(by_sqrtm(real, fake), rel=1e-8)


def test_it_is_the_optimal_cost_between_gaussians():
  # The Gaussian that x is sent to by the optimal map, Ax with A symmetric and positive: E|x - Ax|^2 is the cost.
  x, a = features(500, 6), np.diag([0.5, 1, 2, 3, 1, 0.1]) + 0.05
  x = x - x.mean(axis=0)
  cost = np.sum((x - x @ a) ** 2) / (len(x) - 1)
  assert frechet_distance(x, x @ a) == pytest.approx(cost, rel=1e-10)


def test_features_and_their_moments_say_the_same_and_order_does_not_matter():
  real, fake = features(300, 8), features(200, 8, seed=1)
  streamed = Moments()
  for chunk in np.array_split(fake, 17):
    streamed.add(chunk)
  assert frechet_distance(real, fake) == frechet_distance(Moments().add(real), streamed)
  assert frechet_distance(fake, real) == pytest.approx(frechet_distance(real, fake), rel=1e-12)


def test_fewer_samples_than_dimensions_are_refused_unless_asked_for():
  real, few = features(50, 30), features(30, 30, seed=1)
  with pytest.raises(UserError, match=r'^30 fake samples[^\n]*30 dimensions[^\n]*more than 30[^\n]*$'):
    frechet_distance(real, few)
  with pytest.raises(UserError, match='30 real samples'):
    frechet_distance(few, real)
  assert frechet_distance(real, few, allow_singular=True) == pytest.approx(by_sqrtm(real, few), rel=1e-5)
  assert frechet_distance(real, features(31, 30, seed=1)) > 0


@pytest.mark.parametrize(
  'fake, message',
  [
    (np.zeros((1, 3)), '1 fake sample: at least 2'),
    (np.zeros((0, 3)), '0 fake samples: at least 2'),
    (np.zeros((50, 2)) + np.arange(2), 'real features have 3 dimensions, fake ones 2'),
    (np.full((50, 3), np.nan), '50 of 50 fake features'),
  ],
)
def test_other_mistakes(fake, message):
  with pytest.raises(UserError, match=message):
    frechet_distance(features(50, 3), fake)
