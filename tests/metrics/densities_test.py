import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

from wgan_jax.data import toy
from wgan_jax.errors import UserError
from wgan_jax.keys import sample_keys
from wgan_jax.metrics.densities import forward_kl, reverse_kl


def standard(x):
  """log p of N(0, I)."""
  return -jnp.sum(x**2, axis=1) / 2 - x.shape[1] / 2 * jnp.log(2 * jnp.pi)


def gaussian_kl(mean_a, sigma_a, mean_b, sigma_b):
  """KL(N(mean_a, sigma_a^2) || N(mean_b, sigma_b^2)), summed over axes."""
  squares = (sigma_a**2 + (mean_a - mean_b) ** 2) / (2 * sigma_b**2)
  return float(np.sum(np.log(sigma_b / sigma_a) + squares - 0.5))


def drawn(n, dimensions, seed=0):
  """Samples of N(0, I) and of another Gaussian, and the divergences between them, forward and reverse."""
  rng = np.random.default_rng(seed)
  mean, sigma = np.linspace(0.6, -0.4, dimensions), np.linspace(1.3, 0.8, dimensions)
  real, fake = rng.normal(size=(n, dimensions)), mean + sigma * rng.normal(size=(n, dimensions))
  return real, fake, gaussian_kl(0, 1, mean, sigma), gaussian_kl(mean, sigma, 0, 1)


@pytest.mark.parametrize(
  'n, dimensions, k', [(300, 2, 1), (1000, 1, 1), (1000, 2, 1), (5000, 2, 1), (5000, 1, 3), (3000, 3, 1)]
)
def test_between_gaussians_they_are_the_closed_forms(n, dimensions, k):
  real, fake, forward, reverse = drawn(n, dimensions)
  for found, expected in ((forward_kl(standard, real, fake, k), forward), (reverse_kl(standard, fake, k), reverse)):
    assert abs(found.value - expected) < 4 * found.standard_error < 8 / np.sqrt(n)


def test_the_standard_error_is_the_scatter_and_exceeds_the_bias():
  found = []
  for seed in range(40):
    real, fake, forward, reverse = drawn(500, 2, seed)
    found.append([(*forward_kl(standard, real, fake), forward), (*reverse_kl(standard, fake), reverse)])
  for values, errors, truth in np.array(found).transpose(1, 2, 0):
    assert 0.7 < values.std() / errors.mean() < 1.3
    assert abs(values.mean() - truth[0]) < errors.mean()


def test_one_term_by_hand():
  # One fake 0.5 away from the real point, one too far away to matter: log q = psi(1) - psi(3) - log(pi / 4).
  real, fake = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 0.5], [9.0, 9.0]])
  log_p = scipy.stats.multivariate_normal(np.zeros(2)).logpdf([1.0, 0.0])
  assert forward_kl(standard, real, fake).value == pytest.approx(log_p + 1.5 + np.log(np.pi / 4), rel=1e-6)
  # Two fakes on the line, 3 apart: log q = psi(1) - psi(2) - log 6 at both.
  log_p = scipy.stats.norm.logpdf([0.0, 3.0]).mean()
  assert reverse_kl(standard, np.array([0.0, 3.0])).value == pytest.approx(-1 - np.log(6) - log_p, rel=1e-6)


@pytest.mark.parametrize('density', [toy.twenty_five_gaussians(), toy.SwissRoll()])
def test_samples_of_a_toy_density_diverge_by_nothing(density):
  real, fake = np.split(np.asarray(density.sample(sample_keys(jax.random.key(0), 2000))), 2)
  for found in (forward_kl(density.log_density, real, fake), reverse_kl(density.log_density, fake)):
    assert abs(found.value) < 4 * found.standard_error < 0.25


def test_forward_punishes_what_is_left_out_and_reverse_what_is_no_data():
  density = toy.two_gaussians()
  real, fake = np.split(np.asarray(density.sample(sample_keys(jax.random.key(1), 4000))), 2)
  half = np.asarray(fake)[fake[:, 0] > 0]
  assert forward_kl(density.log_density, real, half).value > 3
  assert reverse_kl(density.log_density, half).value == pytest.approx(np.log(2), abs=0.15)
  strewn = np.concatenate([fake, np.random.default_rng(0).uniform(-3, 3, (2000, 2))])
  assert reverse_kl(density.log_density, strewn).value > 3
  assert forward_kl(density.log_density, real, strewn).value == pytest.approx(np.log(2), abs=0.15)


def test_samples_that_coincide_have_no_density():
  real, fake, *_ = drawn(100, 2)
  assert reverse_kl(standard, np.concatenate([fake, fake[:1]])).value == np.inf
  assert np.isfinite(reverse_kl(standard, np.concatenate([fake, fake[:1]]), k=2).value)
  assert np.isnan(forward_kl(standard, real, np.concatenate([fake, real[:1]])).value)


@pytest.mark.parametrize(
  'message, call',
  [
    ('1 of the 4 samples in fake are not finite', lambda: reverse_kl(standard, np.array([1.0, 2.0, np.nan, 3.0]))),
    ('1 fake samples are too few .* at least 2', lambda: reverse_kl(standard, np.ones((1, 2)))),
    ('3 fake samples are too few .* at least 4', lambda: forward_kl(standard, np.ones((9, 2)), np.ones((3, 2)), k=4)),
    ('1 real samples are too few .* at least 2', lambda: forward_kl(standard, np.ones((1, 2)), np.ones((3, 2)))),
    ('real has 2 dimensions and fake has 3', lambda: forward_kl(standard, np.ones((9, 2)), np.ones((9, 3)))),
  ],
)
def test_mistakes_are_told_in_one_line(message, call):
  with pytest.raises(UserError, match=message):
    call()
