import numpy as np
import pytest
from scipy.special import logsumexp
from sklearn.neighbors import KernelDensity

from wgan_jax.errors import UserError
from wgan_jax.metrics import parzen


def normal(*shape, seed=0):
  return np.random.default_rng(seed).normal(size=shape)


def images(n, seed=0):
  return np.random.default_rng(seed).integers(0, 256, (n, 4, 4, 1), np.uint8)


@pytest.mark.parametrize('sigma', [0.1, 0.7])
def test_a_density_of_windows_is_that_of_scikit_learn(sigma):
  points, samples = normal(30, 3, seed=1), normal(100, 3)
  expected = KernelDensity(bandwidth=sigma).fit(samples).score_samples(points)
  np.testing.assert_allclose(parzen.log_likelihood(points, samples, sigma), expected, rtol=1e-9)


def test_in_many_dimensions_it_is_the_sum_written_out():
  # Where scikit-learn's tree no longer gives it.
  points, samples = normal(5, 28, 28, seed=1) / 4 + 0.5, normal(60, 28, 28) / 4 + 0.5
  squared = ((points[:, None] - samples[None]) ** 2).sum(axis=(2, 3))
  expected = logsumexp(-squared / (2 * 0.15**2), axis=1) - np.log(60) - 784 / 2 * np.log(2 * np.pi * 0.15**2)
  np.testing.assert_allclose(parzen.log_likelihood(points, samples, 0.15), expected, atol=1e-9, rtol=0)


def test_blocks_change_nothing(monkeypatch):
  points, samples = normal(11, 3, seed=1), normal(23, 3)
  whole = parzen.log_likelihood(points, samples, 0.2)
  monkeypatch.setattr(parzen, 'BLOCK', 4)
  np.testing.assert_allclose(parzen.log_likelihood(points, samples, 0.2), whole, atol=1e-12)


def test_far_from_every_window_it_is_finite_and_far_from_the_origin_it_is_exact():
  samples = 1e6 + normal(50, 3)
  found = parzen.log_likelihood(samples[:4] + 30, samples, 0.1)
  expected = KernelDensity(bandwidth=0.1).fit(samples - 1e6).score_samples(samples[:4] + 30 - 1e6)
  assert (expected < -1e4).all()
  np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_another_unit_shifts_it_by_the_dimensions_times_the_logarithm_of_the_scale():
  points, samples = normal(9, 5, seed=1), normal(40, 5)
  difference = parzen.log_likelihood(points, samples, 0.3) - parzen.log_likelihood(2 * points, 2 * samples, 0.6)
  np.testing.assert_allclose(difference, 5 * np.log(2), rtol=1e-9)


@pytest.mark.parametrize('sigmas', [[0.25, 0.5, 1.0], [2.0, 0.5]])
def test_the_best_window_is_as_wide_as_points_are_far(sigmas):
  # Of two windows far apart, a point knows one alone: then sigma^2 is the mean squared distance over the dimensions.
  samples = np.array([[0.0] * 4, [1e3] * 4])
  validation = samples + 0.5 * np.array([[1.0, -1, 1, -1]])
  assert parzen.choose_sigma(validation, samples, sigmas) == 0.5


def test_the_width_is_chosen_on_validation_and_used_on_test():
  fake = np.float64([[0] * 100, [1] * 100]).reshape(2, 10, 10, 1)
  validation, test = np.abs(fake - 0.1), np.abs(fake[:, :, :5] - 0.3)
  test = np.concatenate([test, np.abs(fake[:, :, 5:] - 0.2)], axis=2)
  found = parzen.parzen(validation, test, fake)
  assert abs(found.sigma / 0.1 - 1) < 0.021
  expected = -np.mean([0.3**2, 0.2**2]) * 50 / found.sigma**2 - 50 * np.log(2 * np.pi * found.sigma**2) - np.log(2)
  assert abs(found.mean - expected) < 1e-6
  assert (found.n, found.m) == (2, 2) and abs(found.standard_error) < 1e-6


def test_the_standard_error_is_that_of_the_mean_over_test_points():
  validation, test, fake = images(40, 1), images(30, 2), images(50)
  found = parzen.parzen(validation, test, fake)
  scores = (
    KernelDensity(bandwidth=found.sigma).fit(fake.reshape(50, -1) / 255).score_samples(test.reshape(30, -1) / 255)
  )
  assert (found.n, found.m) == (50, 30)
  np.testing.assert_allclose(found[:2], [scores.mean(), np.sqrt(scores.var(ddof=1) / 30)], rtol=1e-6)


def test_bytes_are_pixels_between_0_and_1():
  sets = images(20, 1), images(20, 2), images(20)
  assert parzen.parzen(*sets) == parzen.parzen(*(x / 255 for x in sets))


def test_no_width_of_a_finer_grid_is_better_by_more_than_it_says():
  validation, fake = images(300, 1) / 255, images(200) / 255
  sigma = parzen.parzen(validation, validation, fake).sigma
  best = parzen.choose_sigma(validation, fake, np.geomspace(0.05, 1, 2000))
  assert abs(np.log(sigma / best)) < 0.021


POINTS = np.zeros((3, 2))
BAD = np.array([[0.0, 1.0], [np.nan, 0.0], [np.inf, 0.0]])
MISTAKES = {
  'no points': (POINTS[:0], POINTS, 0.1, 'no points to score'),
  'one sample': (POINTS, POINTS[:1], 0.1, '2 samples or more, not 1'),
  'dimensions': (POINTS, np.zeros((3, 4)), 0.1, 'points of 2 dimensions have no density under samples of 4'),
  'bad points': (BAD, POINTS, 0.1, '2 of 3 points are not finite'),
  'bad samples': (POINTS, BAD, 0.1, '2 of 3 samples are not finite'),
  'no width': (POINTS, POINTS, 0.0, 'sigma must be positive, not 0'),
}


@pytest.mark.parametrize('case', MISTAKES)
def test_a_mistake_is_one_line(case):
  *arguments, line = MISTAKES[case]
  with pytest.raises(UserError, match=line) as caught:
    parzen.log_likelihood(*arguments)
  assert '\n' not in str(caught.value)


@pytest.mark.parametrize(
  'wrong, line', [(-0.5, r'of fake images must be in \[0, 1\], not \[-0.5'), (np.nan, 'not finite')]
)
def test_images_of_another_range_and_no_numbers_are_told(wrong, line):
  good, fake = images(5) / 255, images(5) / 255
  fake[2, 0, 0, 0] = wrong
  with pytest.raises(UserError, match=line):
    parzen.parzen(good, good, fake)


def test_an_empty_validation_set_and_no_widths_at_all_are_told():
  good = images(5)
  with pytest.raises(UserError, match='no points to score'):
    parzen.parzen(good[:0], good, good)
  with pytest.raises(UserError, match='sigma must be positive, not none at all'):
    parzen.choose_sigma(POINTS, POINTS, [])
  with pytest.raises(UserError, match='2 test images or more'):
    parzen.parzen(good, good[:1], good)
