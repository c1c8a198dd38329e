import functools
import itertools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats

from wgan_jax.data import toy
from wgan_jax.keys import sample_keys

# A density, half the side of a square that holds it, and its mean squares along both axes by hand.
DENSITIES = {
  'eight': (toy.eight_gaussians(), 1.6, [1 + 0.0002] * 2),
  'twenty-five': (toy.twenty_five_gaussians(), 1.6, [1 + 0.0025 / 8] * 2),
  'two': (toy.two_gaussians(), 2.6, [1 + 0.0625, 0.0625]),
  'swiss roll': (toy.SwissRoll(), 2.2, None),
}
N = 20_000


@functools.cache
def on_grid(name):
  """(centres of cells along an axis, probability of each): at most sigma wide, where sums are as good as integrals."""
  density, half, _ = DENSITIES[name]
  cells = 20 * int(np.ceil(2 * half / density.sigma / 20))
  axis = (np.arange(cells) + 0.5) * 2 * half / cells - half
  x = np.stack(np.meshgrid(axis, axis, indexing='ij'), axis=-1).astype(np.float32)
  log_density = jax.lax.map(jax.jit(density.log_density), x)
  return axis, np.exp(np.asarray(log_density, np.float64)) * (2 * half / cells) ** 2


@functools.cache
def samples(name):
  return np.asarray(DENSITIES[name][0].sample(sample_keys(jax.random.key(0), N)), np.float64)


def swiss_roll_at(x):
  """Its density at one point, by adaptive quadrature in float64 around the turns of the spiral next to the point."""
  sigma, low, high = 0.25 / 7.5, 1.5 * np.pi, 4.5 * np.pi

  def gaussian(t):
    return np.exp(-np.sum((np.array([t * np.cos(t), t * np.sin(t)]) / 7.5 - x) ** 2) / (2 * sigma**2))

  pieces = np.linspace(low, high, 61)
  total = sum(integrate.quad(gaussian, a, b)[0] for a, b in itertools.pairwise(pieces))
  return total / (high - low) / (2 * np.pi * sigma**2)


@pytest.mark.parametrize('name', DENSITIES)
def test_density_integrates_to_one(name):
  np.testing.assert_allclose(on_grid(name)[1].sum(), 1, rtol=1e-4)


@pytest.mark.parametrize('name', ['eight', 'twenty-five', 'two'])
def test_density_of_a_mixture_equals_scipys(name):
  density = DENSITIES[name][0]
  x = samples(name)[:50] + np.random.default_rng(0).normal(0, density.sigma, (50, 2))
  parts = [stats.multivariate_normal(center, density.sigma**2).pdf(x) for center in np.float64(density.centers)]
  ours = density.log_density(jnp.float32(x))
  np.testing.assert_allclose(ours, np.log(np.mean(parts, axis=0)), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize('dim', [1, 3])
def test_mixtures_have_any_dimension(dim):
  density = toy.Mixture(np.float32([[1.0] * dim, [-2.0] * dim]), 0.5)
  x = np.asarray(density.sample(sample_keys(jax.random.key(2), 2_000)))
  parts = [stats.multivariate_normal(center, 0.25 * np.eye(dim)).pdf(x) for center in density.centers]
  np.testing.assert_allclose(density.log_density(x), np.log(np.mean(parts, axis=0)), rtol=1e-4, atol=1e-4)
  np.testing.assert_allclose(x.mean(0), -0.5, atol=0.2)
  np.testing.assert_allclose(x.std(0), np.hypot(1.5, 0.5), rtol=0.05)
  assert toy.toy_source(density, 4, dim).shape == (dim,)


def test_density_of_the_swiss_roll_equals_quadrature():
  x = samples('swiss roll')[:10] + 0.02
  ours = toy.SwissRoll().log_density(jnp.float32(x))
  np.testing.assert_allclose(ours, np.log([swiss_roll_at(point) for point in x]), atol=1e-3)


@pytest.mark.parametrize('name', DENSITIES)
def test_samples_have_the_densitys_moments(name):
  axis, p = on_grid(name)
  squares = [np.sum(p.sum(1) * axis**2), np.sum(p.sum(0) * axis**2)]
  if DENSITIES[name][2]:
    np.testing.assert_allclose(squares, DENSITIES[name][2], rtol=1e-4)
  x = samples(name)
  np.testing.assert_allclose(x.mean(0), [np.sum(p.sum(1) * axis), np.sum(p.sum(0) * axis)], atol=5 * 1.1 / np.sqrt(N))
  np.testing.assert_allclose((x**2).mean(0), squares, atol=5 * 1.3 / np.sqrt(N))
  np.testing.assert_allclose(np.mean(x[:, 0] * x[:, 1]), axis @ p @ axis, atol=5 * 1.1 / np.sqrt(N))


@pytest.mark.parametrize('name', DENSITIES)
def test_histogram_of_samples_is_the_densitys(name):
  _, p = on_grid(name)
  half, side = DENSITIES[name][1], len(p) // 20
  expected = p.reshape(20, side, 20, side).sum((1, 3))
  counts, *_ = np.histogram2d(*samples(name).T, bins=20, range=[[-half, half]] * 2)
  # Half the sum of differences; its expectation under the null is at most half of sqrt(2 / pi * bins / N).
  assert np.abs(counts / N - expected).sum() / 2 < 0.05


def test_a_mixture_is_as_wide_as_its_sigma_says():
  for name in ('eight', 'twenty-five'):
    density, x = DENSITIES[name][0], samples(name)
    distance = np.linalg.norm(x[:, None] - np.float64(density.centers)[None], axis=-1).min(1)
    assert stats.kstest(distance, stats.rayleigh(scale=density.sigma).cdf).pvalue > 0.01, name


def test_source_draws_its_samples_from_the_keys_alone():
  source = toy.toy_source(toy.two_gaussians(), 6)
  feed = source.feed(4, 3)
  keys = sample_keys(jax.random.key(1), 6)
  chex.assert_shape(feed, (3, 6))
  batch = source.draw(source.resident, feed[0], keys)
  chex.assert_trees_all_equal(batch, {'image': toy.two_gaussians().sample(keys)})
  assert source.shape == (2,) and source.classes == 0
