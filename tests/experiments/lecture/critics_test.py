"""Critics: what they are at their best, and how they are kept from being steep."""

import itertools

import numpy as np
import pytest

from experiments.lecture import clipped_weights, interpolates, value_surfaces
from wgan_jax import transport
from wgan_jax.data import toy


def test_the_best_critic_has_slope_one_on_optimal_lines_alone(drawn):
  measured = drawn('interpolates', points=4, lines=200, side=8).measured
  rng = np.random.default_rng(0)
  x, y = (interpolates.ring(rng, 4, radius, 0.15) for radius in (1.0, 1.8))
  ways = [np.linalg.norm(x - y[list(order)], axis=1).mean() for order in itertools.permutations(range(4))]
  for name in ('w1', 'upper_estimate', 'middle_estimate'):
    assert measured[name] == pytest.approx(min(ways), abs=1e-12)
  assert measured['optimal_least'] == pytest.approx(1, abs=1e-9)
  assert measured['random_norm'] < measured['random_upper_norm'] == pytest.approx(1)
  assert measured['random_forced'] == pytest.approx(1 / 4, abs=0.1)  # random pairs that happen to be partners


def test_the_slope_of_the_best_critic_is_that_of_finite_differences():
  rng = np.random.default_rng(1)
  y, v, z, step = rng.normal(size=(5, 2)), rng.normal(size=5) / 10, rng.normal(size=(20, 2)), 1e-6
  critic = transport.optimal_critic(y, v)
  numeric = np.stack([(critic(z + step * e) - critic(z - step * e)) / (2 * step) for e in np.eye(2)], axis=-1)
  np.testing.assert_allclose(interpolates.slope(y, v, z), numeric, atol=1e-4)


def test_relief_is_the_slope_from_neighbours_to_halfway_between_them():
  mixture = toy.Mixture(np.array([[0.0, 0.0], [2.0, 0.0], [9.0, 0.0]]), 0.1)
  a, b = value_surfaces.neighbours(mixture)
  np.testing.assert_array_equal(np.sort(np.concatenate([a, b], axis=1)[:, ::2], axis=1), [[0, 2], [0, 2]])
  assert value_surfaces.relief(lambda x: 3 * np.abs(x[:, 0] - 1), mixture) == pytest.approx(3)
  assert value_surfaces.relief(lambda x: 3 * x[:, 0] + 1, mixture) == pytest.approx(0)
  outer, inner = value_surfaces.neighbours(toy.SwissRoll())
  np.testing.assert_allclose(np.linalg.norm(outer - inner, axis=1), 2 * np.pi / 7.5, rtol=1e-5)


def test_what_lies_within_a_hundredth_of_the_limit():
  assert clipped_weights.share_at(np.array([0.1, -0.0995, 0.0985, 0.0]), 0.1) == 0.5
