import numpy as np
import pytest

from wgan_jax.data.toy import twenty_five_gaussians
from wgan_jax.errors import UserError
from wgan_jax.metrics.modes import mode_coverage

CENTERS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


def test_counted_by_hand():
  # Three good samples at the first centre, one at the second, one just outside of three sigma, one far from all.
  fake = np.array([[0.0, 0.0], [0.29, 0.0], [0.0, -0.29], [10.0, 0.1], [0.31, 0.0], [5.0, 5.0]])
  scores = dict(mode_coverage(CENTERS, 0.1, fake))
  assert scores['modes'] == 2
  assert scores['hq_share'] == pytest.approx(4 / 6)
  assert scores['mode_kl'] == pytest.approx(0.75 * np.log(0.75 * 3) + 0.25 * np.log(0.25 * 3))


def test_no_good_sample_at_all():
  scores = dict(mode_coverage(CENTERS, 0.1, np.full((4, 2), 50.0)))
  assert scores == {'hq_share': 0.0, 'modes': 0.0, 'mode_kl': pytest.approx(np.log(3))}


def test_samples_that_are_not_finite_are_of_low_quality_and_none_are_a_mistake():
  good = np.array([[0.0, 0.0], [10.0, 0.0]])
  scores = dict(mode_coverage(CENTERS, 0.1, np.concatenate([good, [[np.nan, 0.0], [np.inf, 0.0]]])))
  assert scores['hq_share'] == 0.5 and scores['modes'] == 2 and scores['mode_kl'] == pytest.approx(np.log(1.5))
  with pytest.raises(UserError, match='no samples'):
    dict(mode_coverage(CENTERS, 0.1, np.zeros((0, 2))))


def test_true_samples_reach_the_ceiling_of_the_plane():
  density, rng = twenty_five_gaussians(), np.random.default_rng(0)
  fake = density.centers[rng.integers(25, size=100_000)] + density.sigma * rng.normal(size=(100_000, 2))
  scores = dict(mode_coverage(density.centers, density.sigma, fake))
  assert scores['modes'] == 25
  assert scores['hq_share'] == pytest.approx(1 - np.exp(-4.5), abs=2e-3)
  assert scores['mode_kl'] < 1e-3


def test_points_must_be_in_the_plane():
  with pytest.raises(AssertionError, match='shape'):
    dict(mode_coverage(CENTERS, 0.1, np.zeros((4, 3))))
