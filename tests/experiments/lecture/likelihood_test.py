"""The third chapter: likelihoods and conditionals against SciPy and least squares, matrices against those printed."""

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import scipy.stats
import sklearn.datasets

from wgan_jax.data import digits, splits
from wgan_jax.errors import UserError
from wgan_jax.lecture.figure import loaded


def test_three_objectives_have_the_slope_of_least_squares(drawn):
  measured = drawn('mle_least_squares', data=7, slope=-0.5, noise=0.3, experiments=9, seed=3).measured
  rng = np.random.default_rng(3)
  x = rng.uniform(-2, 2, 7)
  y = -0.5 * x + 0.3 * rng.normal(size=7)
  expected = np.linalg.lstsq(x[:, None], y, rcond=None)[0][0]
  for name in ('formula', 'squares', 'likelihood', 'divergence'):
    assert measured[name] == pytest.approx(expected, abs=1e-6)
  assert measured['gaussians_off'] < 1e-12


def test_likelihood_and_divergence_of_throws_differ_by_the_entropy(drawn):
  measured = drawn('mle_least_squares', chance=0.6, experiments=15, data=3).measured
  assert measured['gap'] == pytest.approx(measured['entropy'], abs=1e-12)
  assert measured['gap_spread'] < 1e-12
  assert measured['chance_likelihood'] == pytest.approx(measured['chance_formula'], abs=1e-6)
  assert measured['chance_divergence'] == pytest.approx(measured['chance_formula'], abs=1e-6)


def test_the_irises_are_those_of_scipy(drawn):
  measured = drawn('iris', flowers=2).measured
  data = sklearn.datasets.load_iris().data
  centred = data - data.mean(axis=0)
  gaussian = scipy.stats.multivariate_normal(data.mean(axis=0), centred.T @ centred / 150)
  flower = (7.9, 4.4, 6.9, 2.5)
  assert measured['density'] == pytest.approx(gaussian.pdf(flower), rel=1e-9)
  in_mm = scipy.stats.multivariate_normal(10 * data.mean(axis=0), np.cov(10 * data.T, ddof=0))
  assert measured['density_mm'] == pytest.approx(in_mm.pdf(10 * np.array(flower)), rel=1e-9)
  samples = gaussian.rvs(200_000, random_state=0)
  assert np.mean(gaussian.pdf(samples) <= gaussian.pdf(flower)) == pytest.approx(measured['more_unusual'], abs=1e-4)


def test_the_petals_width_given_the_rest_by_quadrature(drawn):
  given = {'sepal_length': 5.5, 'sepal_width': 3.0, 'petal_length': 4.0}
  measured = drawn('iris', flowers=3, **given).measured
  data = sklearn.datasets.load_iris().data
  gaussian = scipy.stats.multivariate_normal(data.mean(axis=0), np.cov(data.T, ddof=0))
  x = np.linspace(-1, 4, 5001)
  weights = gaussian.pdf(np.stack([*(np.full(len(x), one) for one in given.values()), x], axis=1))
  mean = np.average(x, weights=weights)
  assert measured['petal_width_mean'] == pytest.approx(mean, abs=1e-9)
  deviation = np.sqrt(np.average((x - mean) ** 2, weights=weights))
  assert measured['petal_width_deviation'] == pytest.approx(deviation, abs=1e-9)


def test_generated_irises_are_of_the_length_asked_for(drawn):
  figure = drawn('iris', flowers=4, sepal_length=5.0)
  assert len(figure.table) == 5
  *_, those = figure.picture.axes[0].collections
  np.testing.assert_allclose(those.get_offsets()[:, 0], 5.0)


def test_the_lectures_matrix_is_right_and_is_no_toeplitz_matrix(drawn):
  measured = drawn('transposed_convolution').measured
  assert measured['printed_off'] == measured['transpose_off'] == measured['gradient_off'] == 0
  assert measured['zeros'] == 28 / 64
  assert measured['uneven_diagonals'] > 0


def test_another_kernel_makes_another_matrix(drawn):
  figure = drawn('transposed_convolution', kernel=(1, 2, 3, 4, 5, 6, 7, 8, 9), large=(1,) * 16)
  texts = [text.get_text() for text in figure.picture.axes[2].texts]
  assert texts == ['45'] * 4
  with pytest.raises(UserError, match='give 9'):
    drawn('transposed_convolution', kernel=(1, 2, 3, 4))


def test_a_mixture_with_noise_loses_the_logarithm_of_its_share(drawn):
  figure = drawn('likelihood_or_samples', share=0.2, wrong=0.5, training=50)
  measured = figure.measured
  assert measured['lost_10000'] == pytest.approx(np.log(5), abs=1e-9)
  p, noise = scipy.stats.norm(0, 1), scipy.stats.norm(0, 3)
  by_quadrature = scipy.integrate.quad(
    lambda x: p.pdf(x) * (p.logpdf(x) - np.log(0.2 * p.pdf(x) + 0.8 * noise.pdf(x))), -12, 12
  )[0]
  assert measured['lost_1'] == pytest.approx(by_quadrature, abs=1e-3)
  assert measured['too_wide_10000'] == pytest.approx(1e4 * (np.log(1.5) + 1 / (2 * 1.5**2) - 1 / 2))
  assert measured['good'] - np.log(5) <= measured['mixed']
  assert measured['by_heart'] < measured['good'] - 1000


def test_a_gaussian_too_wide_overtakes_the_mixture_in_540_dimensions(drawn):
  assert 539 * (np.log(1.1) + 0.5 / 1.21 - 0.5) < np.log(100) < 540 * (np.log(1.1) + 0.5 / 1.21 - 0.5)
  assert drawn('likelihood_or_samples', training=10).measured['crossing'] == 540
  figure = drawn('likelihood_or_samples', training=10, wrong=0.021)
  assert 10_000 * (np.log(1.021) + 0.5 / 1.021**2 - 0.5) < np.log(100)
  assert 'more than the mixture in none of those drawn' in figure.told
  assert figure.told.count('2.1% too wide') == 1


def test_fred_is_older_with_one_half_and_then_two_thirds(drawn):
  measured = drawn('bayes_and_ages').measured
  assert (measured['before'], measured['after']) == pytest.approx((1 / 2, 2 / 3))
  assert drawn('bayes_and_ages', younger=3).measured['after'] == pytest.approx(4 / 5)


def test_numbers_that_mean_nothing_are_refused():
  for name, wrong in (('mle_least_squares', {'noise': 0.0}), ('likelihood_or_samples', {'share': 1.0})):
    piece = loaded(f'experiments/lecture/{name}.py')
    config = piece.get_config()[name]
    config.update(wrong)
    with pytest.raises(UserError):
      piece.draw(config, None)


def test_likelihoods_are_those_of_windows(drawn):
  measured = drawn('f_gan_likelihood', divergences=('kl',), rounds=1, units=2, samples=20, learned=800).measured
  learned, test = (
    splits.part(digits.load(), span, 'digits').decoded().images.reshape(-1, 64) / 255
    for span in ('train[:800]', 'train[1298:]')
  )
  sigma = measured['images_sigma']
  squares = np.stack([np.sum((learned - one) ** 2, axis=1) for one in test])
  windows = scipy.special.logsumexp(-squares / (2 * sigma**2), axis=1) - np.log(800) - 32 * np.log(2 * np.pi * sigma**2)
  assert measured['images'] == pytest.approx(windows.mean(), abs=1e-9)
  assert measured['windows_800'] == pytest.approx(measured['images'])
  assert measured['unit'] == pytest.approx(64 * np.log(2))
  assert measured['kl'] < measured['images']
  with pytest.raises(UserError, match="unknown divergence 'tv'; known: gan, "):
    drawn('f_gan_likelihood', divergences=('tv',))
