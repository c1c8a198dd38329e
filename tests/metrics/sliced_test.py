import numpy as np
import pytest
import scipy.stats

from wgan_jax.metrics.sliced import sliced_w1


def test_in_one_dimension_it_is_the_distance_itself():
  rng = np.random.default_rng(0)
  real, fake = rng.normal(size=(500, 1)), rng.gamma(2.0, size=(500, 1))
  assert sliced_w1(real, fake) == pytest.approx(scipy.stats.wasserstein_distance(real[:, 0], fake[:, 0]), rel=1e-5)


def test_a_shift_costs_its_length_times_the_mean_cosine():
  # |cos| averaged over the circle is 2 / pi.
  real = np.random.default_rng(0).normal(size=(200, 2))
  assert sliced_w1(real, real + np.array([3.0, 4.0]), directions=20_000) == pytest.approx(5 * 2 / np.pi, rel=1e-2)


def test_images_are_compared_as_vectors_and_equal_sets_cost_nothing():
  real = np.random.default_rng(0).normal(size=(50, 4, 4, 3))
  assert sliced_w1(real, real[::-1]) == pytest.approx(0.0, abs=1e-6)
  assert sliced_w1(real, real + 1) > 0.1


def test_agrees_with_pot():
  ot = pytest.importorskip('ot')
  rng = np.random.default_rng(0)
  real, fake = rng.normal(size=(300, 5)), rng.normal(size=(300, 5)) * 2
  theirs = ot.sliced_wasserstein_distance(real, fake, n_projections=5_000, p=1, seed=0)
  assert sliced_w1(real, fake, directions=5_000) == pytest.approx(theirs, rel=2e-2)
