"""Distributions on the line: densities against SciPy's, and a Gaussian that learns at the rate that it is given."""

import jax
import ml_collections
import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from experiments import toy_wgan_gp
from wgan_jax.lecture import known

MIXTURE = known.Normals((3.0, 1.0), (-1.0, 2.0), (0.5, 1.5))  # shares are weighed by their sum


def density(x):
  return 0.75 * scipy.stats.norm.pdf(x, -1, 0.5) + 0.25 * scipy.stats.norm.pdf(x, 2, 1.5)


def test_a_mixture_has_the_density_and_the_moments_of_scipys():
  x = np.linspace(-5, 9, 50)
  np.testing.assert_allclose(MIXTURE.density(x), density(x), rtol=1e-12)
  mean = scipy.integrate.quad(lambda x: x * density(x), -20, 20)[0]
  variance = scipy.integrate.quad(lambda x: (x - mean) ** 2 * density(x), -20, 20)[0]
  np.testing.assert_allclose(MIXTURE.moments(), [mean, np.sqrt(variance)], rtol=1e-7)
  assert MIXTURE.masses(x).sum() == pytest.approx(1)


def test_samples_are_of_that_density():
  drawn = MIXTURE.sample(jax.random.split(jax.random.key(0), 4000))
  assert drawn.shape == (4000, 1)
  below = 0.75 * scipy.stats.norm.cdf(0, -1, 0.5) + 0.25 * scipy.stats.norm.cdf(0, 2, 1.5)
  assert np.mean(drawn < 0) == pytest.approx(below, abs=4 * np.sqrt(below * (1 - below) / 4000))


def test_points_are_drawn_alike_and_nothing_else():
  points = known.Points(np.float32([[1.0], [2.0], [5.0]]))
  values, counts = np.unique(points.sample(jax.random.split(jax.random.key(0), 900)), return_counts=True)
  assert values.tolist() == [1, 2, 5]
  assert counts.min() > 250


@pytest.fixture(scope='module')
def training():
  numbers = ml_collections.ConfigDict({'rounds': 4, 'units': 4, 'batch_size': 8, 'seed': 0})
  settings = known.settings(toy_wgan_gp, numbers, 'kl', n_critic=2, generator_rate=0.0)
  return known.against(settings, MIXTURE, 0.5, 2.0)


def test_a_generator_without_a_rate_stays_while_the_critic_learns(training):
  first, last = training.stages([1, 4], 'test')
  np.testing.assert_allclose(known.gaussian_of(last.state.params['generator']), [[1.0], [0.5], [2.0]])
  kernels = [stage.state.params['critic']['Dense_0']['kernel'] for stage in (first, last)]
  assert np.abs(kernels[1] - kernels[0]).max() > 1e-3
  samples = training.judge.fakes(last.state, 4000, None)
  assert samples.shape == (4000, 1)
  assert [samples.mean(), samples.std()] == pytest.approx([0.5, 2.0], abs=0.15)
