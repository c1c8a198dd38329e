"""Games on the line: densities against SciPy's, and training that does not depend on when it is looked at."""

import jax
import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from wgan_jax.divergences import KULLBACK_LEIBLER, f_gan
from wgan_jax.lecture import line

MIXTURE = line.Normals((3.0, 1.0), (-1.0, 2.0), (0.5, 1.5))  # shares are weighed by their sum


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
  points = line.Points(np.float32([[1.0], [2.0], [5.0]]))
  values, counts = np.unique(points.sample(jax.random.split(jax.random.key(0), 900)), return_counts=True)
  assert values.tolist() == [1, 2, 5]
  assert counts.min() > 250


@pytest.fixture(scope='module')
def play():
  rates = {'critic_loss': lambda step: 1e-2, 'generator_loss': lambda step: 0.0}
  return line.duel(f_gan(KULLBACK_LEIBLER), (0.5, 2.0), rates, n_critic=2, width=4)


def test_looks_change_nothing_and_no_rate_means_no_learning(play):
  looks = list(line.played(play, MIXTURE, [1, 4], 8, 0, 'test'))
  ((last, history),) = line.played(play, MIXTURE, [4], 8, 0, 'test')
  jax.tree.map(np.testing.assert_array_equal, looks[-1][0].params, last.params)
  assert [len(history['divergence_bound']) for _, history in looks] == [1, 3]
  np.testing.assert_array_equal(history['divergence_bound'][1:], looks[-1][1]['divergence_bound'])
  assert last.params['generator'] == {'mean': 0.5, 'log_width': np.float32(np.log(2.0))}
  kernels = [look.params['critic']['Dense_0']['kernel'] for look, _ in looks]
  assert np.abs(kernels[1] - kernels[0]).max() > 1e-3


def test_logits_are_the_critics(play):
  ((state, _),) = line.played(play, MIXTURE, [1], 8, 0, 'test')
  first, second, head = (state.params['critic'][name] for name in ('Dense_0', 'Dense_1', 'Logit_0'))
  h = np.array([[0.3], [-1.0]])
  for layer in (first, second):
    h = h @ layer['kernel'] + layer['bias']
    h = h / (1 + np.exp(-h))
  by_hand = h @ head['Dense_0']['kernel'] + head['Dense_0']['bias']
  np.testing.assert_allclose(line.logits(play, state, np.array([0.3, -1.0])), by_hand[:, 0], rtol=1e-4, atol=1e-5)
