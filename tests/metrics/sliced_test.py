import numpy as np
import pytest
import scipy.stats

from wgan_jax.errors import UserError
from wgan_jax.metrics.sliced import sliced_w1, sliced_wasserstein


def test_in_one_dimension_it_is_the_distance_itself():
  rng = np.random.default_rng(0)
  real, fake = rng.normal(size=(500, 1)), rng.gamma(2.0, size=(500, 1))
  assert sliced_w1(real, fake) == pytest.approx(scipy.stats.wasserstein_distance(real[:, 0], fake[:, 0]), rel=1e-5)


@pytest.mark.parametrize('n, m', [(500, 300), (7, 3), (1, 4), (6, 12)])
def test_of_unequally_many_points_too(n, m):
  rng = np.random.default_rng(0)
  real, fake = rng.normal(size=(n, 1)), rng.gamma(2.0, size=(m, 1))
  assert sliced_w1(real, fake) == pytest.approx(scipy.stats.wasserstein_distance(real[:, 0], fake[:, 0]), rel=1e-5)
  assert sliced_wasserstein(fake, real, p=2) == pytest.approx(sliced_wasserstein(real, fake, p=2), rel=1e-6)


@pytest.mark.parametrize('p', [1, 2, 3])
def test_samples_given_twice_are_the_same_distribution(p):
  rng = np.random.default_rng(0)
  real, fake = rng.normal(size=(40, 3)), rng.gamma(2.0, size=(40, 3))
  once, twice = (sliced_wasserstein(np.repeat(real, times, axis=0), fake, p) for times in (1, 2))
  assert twice == pytest.approx(once, rel=1e-6)


def test_a_shift_costs_its_length_times_the_mean_cosine():
  # |cos| averaged over the circle is 2 / pi, cos^2 is 1 / 2.
  real = np.random.default_rng(0).normal(size=(200, 2))
  shifted = real + np.array([3.0, 4.0])
  assert sliced_w1(real, shifted, directions=20_000) == pytest.approx(5 * 2 / np.pi, rel=1e-2)
  assert sliced_wasserstein(real, shifted, 2, directions=20_000) == pytest.approx(5 / np.sqrt(2), rel=1e-2)


def test_images_are_compared_as_vectors_and_equal_sets_cost_nothing():
  real = np.random.default_rng(0).normal(size=(50, 4, 4, 3))
  assert sliced_w1(real, real[::-1]) == pytest.approx(0.0, abs=1e-6)
  assert sliced_w1(real, real + 1) > 0.1


@pytest.mark.parametrize('p, m', [(1, 300), (2, 300), (2, 170)])
def test_agrees_with_pot(p, m):
  ot = pytest.importorskip('ot')
  rng = np.random.default_rng(0)
  real, fake = rng.normal(size=(300, 5)), rng.normal(size=(m, 5)) * 2
  theirs = ot.sliced_wasserstein_distance(real, fake, n_projections=5_000, p=p, seed=0)
  assert sliced_wasserstein(real, fake, p, directions=5_000) == pytest.approx(theirs, rel=2e-2)


def test_mistakes():
  real = np.zeros((5, 2, 2))
  with pytest.raises(UserError, match='fake features have 3 dimensions where others have 4'):
    sliced_w1(real, np.zeros((5, 3)))
  with pytest.raises(UserError, match='1 of 5 fake features are NaN'):
    sliced_w1(real, np.where(np.arange(5)[:, None, None] == 3, np.nan, real))
  with pytest.raises(UserError, match='0 real samples'):
    sliced_w1(real[:0], real)
  with pytest.raises(UserError, match='p is at least 1'):
    sliced_wasserstein(real, real, p=0.5)
