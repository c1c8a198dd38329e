"""Where the best critic must have slope 1: against permutations, linear programming and finite differences."""

import itertools

import numpy as np
import pytest
import scipy.optimize

from experiments.lecture import interpolates
from wgan_jax import transport
from wgan_jax.errors import UserError


def test_the_best_critic_has_slope_one_on_optimal_lines_alone(drawn):
  measured = drawn('interpolates', points=4, lines=200, side=8).measured
  rng = np.random.default_rng(0)
  x, y = (interpolates.ring(rng, 4, radius, 0.15) for radius in (1.0, 1.8))
  ways = [np.linalg.norm(x - y[list(order)], axis=1).mean() for order in itertools.permutations(range(4))]
  for name in ('w1', 'upper_estimate', 'middle_estimate'):
    assert measured[name] == pytest.approx(min(ways), abs=1e-12)
  assert measured['optimal_least'] == pytest.approx(1, abs=1e-9)
  assert measured['random_norm'] < measured['random_upper_norm'] == pytest.approx(1)
  alpha = rng.uniform(size=(200, 1))
  i, j = rng.integers(4, size=(2, 200))
  y = y[scipy.optimize.linear_sum_assignment(np.linalg.norm(x[:, None] - y, axis=-1))[1]]
  assert measured['random_partners'] == np.mean(i == j)
  assert measured['random_forced'] == pytest.approx(measured['random_partners'] + measured['random_others'])
  places = alpha * x[i] + (1 - alpha) * y[j]
  free = [width_of_best_critics(x, y, *one) > 1e-6 for one in zip(i[:30], places[:30], strict=True)]
  np.testing.assert_array_equal(free, (i != j)[:30])  # so that nothing is asked of f but between partners
  assert np.mean(i != j) >= measured['random_free'] > 0.5


def width_of_best_critics(x, y, i, z):
  """From the least to the largest f(z) - f(x_i) of all 1-Lipschitz f that attain W1, where x_k goes to y_k."""
  points, one = np.concatenate([x, y, [z]]), np.eye(2 * len(x) + 1)
  a, b = np.array(list(itertools.permutations(range(len(points)), 2))).T
  steep = one[a] - one[b], np.linalg.norm(points[a] - points[b], axis=1)
  moved = one[: len(x)] - one[len(x) : -1], np.linalg.norm(x - y, axis=1)
  ends = [scipy.optimize.linprog(sign * (one[-1] - one[i]), *steep, *moved, (None, None)).fun for sign in (1, -1)]
  return -sum(ends)


def test_a_single_pair_leaves_a_critic_nothing_to_choose_on_its_line(drawn):
  figure = drawn('interpolates', points=1, lines=50, side=8)
  assert (figure.measured['random_partners'], figure.measured['random_others'], figure.measured['random_free']) == (
    1,
    0,
    0,
  )
  assert 'more than' not in figure.told and 'more than' in drawn('interpolates', points=2, lines=50, side=8).told
  with pytest.raises(UserError, match='no line to it'):
    drawn('interpolates', outer=1.0, jitter=0.0, lines=50, side=8)


def test_the_slope_of_the_best_critic_is_that_of_finite_differences():
  rng = np.random.default_rng(1)
  y, v, z, step = rng.normal(size=(5, 2)), rng.normal(size=5) / 10, rng.normal(size=(20, 2)), 1e-6
  critic = transport.optimal_critic(y, v)
  numeric = np.stack([(critic(z + step * e) - critic(z - step * e)) / (2 * step) for e in np.eye(2)], axis=-1)
  np.testing.assert_allclose(interpolates.slope(y, v, z), numeric, atol=1e-4)
