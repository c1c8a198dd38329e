import itertools
import os
import sys

import numpy as np
import pytest
import scipy.optimize
import scipy.spatial

from wgan_jax import points, transport
from wgan_jax.errors import UserError

# Minutes from six bakeries to six cafes, and loaves at both, from the lecture.
MINUTES = np.array(
  [
    [12, 10, 31, 27, 10, 30],
    [22, 7, 25, 15, 11, 14],
    [19, 7, 19, 10, 15, 15],
    [10, 6, 21, 19, 14, 24],
    [15, 23, 14, 24, 31, 34],
    [35, 26, 16, 9, 34, 15],
  ]
)
BAKED, EATEN = np.array([24, 9, 3, 16, 21, 27]), np.array([3, 23, 18, 26, 16, 14])
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 2)), RNG.gamma(2.0, size=(30, 2))
A, B = RNG.dirichlet(np.ones(40)), RNG.dirichlet(np.ones(30))


def by_linear_programming(a, b, costs):
  n, m = costs.shape
  sums = np.concatenate([np.kron(np.eye(n), np.ones((1, m))), np.kron(np.ones((1, n)), np.eye(m))])
  return scipy.optimize.linprog(costs.ravel(), A_eq=sums, b_eq=np.concatenate([a, b])).fun


def test_bakeries_deliver_in_64_minutes_and_not_in_the_lectures_65():
  best = transport.assignment(MINUTES)
  everything = [MINUTES[range(6), order].sum() for order in itertools.permutations(range(6))]
  assert best.cost == min(everything) == 64
  np.testing.assert_array_equal(best.columns, [4, 5, 1, 0, 2, 3])
  assert np.sum(best.u) + np.sum(best.v) == pytest.approx(64)
  assert transport.dual_gap(best, MINUTES) == pytest.approx((0, 0), abs=1e-12)


def test_loaves_travel_1070_minutes_and_prices_prove_it():
  best = transport.plan(BAKED, EATEN, MINUTES)
  assert best.cost == pytest.approx(1070)
  assert BAKED @ best.u + EATEN @ best.v == pytest.approx(1070)
  assert transport.dual_gap(best, MINUTES) == pytest.approx((0, 0), abs=1e-12)
  np.testing.assert_allclose(best.matrix().sum(axis=1), BAKED)
  np.testing.assert_allclose(best.matrix().sum(axis=0), EATEN)
  # Prices worked out elsewhere are as good a proof of the same plan.
  u, v = np.array([0, -13, -12, -4, 3, -12]), np.array([12, 10, 11, 21, 10, 27])
  assert transport.dual_gap(best._replace(u=u, v=v), MINUTES) == pytest.approx((0, 0), abs=1e-12)
  np.testing.assert_array_equal(transport.c_transform(MINUTES, v), u)


@pytest.mark.parametrize('p', [1, 2, 2.5])
def test_a_plan_costs_what_linear_programming_finds(p):
  costs = transport.cost_matrix(X, Y, p)
  np.testing.assert_allclose(costs, [[np.linalg.norm(x - y) ** p for y in Y] for x in X], rtol=1e-12)
  best = transport.plan(A, B, costs)
  assert best.cost == pytest.approx(by_linear_programming(A, B, costs), rel=1e-9)
  assert len(best.masses) < 70 and best.cost == pytest.approx(np.sum(best.matrix() * costs))
  assert A @ best.u + B @ best.v == pytest.approx(best.cost)
  assert transport.dual_gap(best, costs) == pytest.approx((0, 0), abs=1e-12)


def test_a_wrong_proof_shows_in_the_gap_or_the_violation():
  best = transport.plan(BAKED, EATEN, MINUTES)
  assert transport.dual_gap(best._replace(u=best.u + 2), MINUTES) == pytest.approx((-200, 2))
  assert transport.dual_gap(best._replace(v=best.v - 3), MINUTES) == pytest.approx((300, 0))
  assert transport.dual_gap(best._replace(u=best.u + 2 * np.eye(6)[3]), MINUTES) == pytest.approx((-2 * 16, 2))
  second = transport.assignment(MINUTES)._replace(columns=np.array([4, 1, 5, 0, 2, 3]))
  assert transport.dual_gap(second, MINUTES).gap == pytest.approx(MINUTES[range(6), second.columns].sum() - 64)


@pytest.mark.parametrize('n', [1, 2, 100])
def test_potentials_of_an_assignment_prove_it(n):
  costs = transport.cost_matrix(RNG.normal(size=(n, 3)), RNG.normal(1.0, 2.0, (n, 3)))
  best = transport.assignment(costs)
  assert np.sum(best.u) + np.sum(best.v) == pytest.approx(best.cost)
  assert transport.dual_gap(best, costs) == pytest.approx((0, 0), abs=1e-11)
  assert transport.plan(None, None, costs).cost == pytest.approx(best.cost / n)


def test_points_without_mass_take_no_part():
  costs = transport.cost_matrix(X, Y)
  a, b = np.where(np.arange(40) < 10, 0, A), np.where(np.arange(30) < 5, 0, B)
  a, b = a / a.sum(), b / b.sum()
  best = transport.plan(a, b, costs)
  assert best.cost == pytest.approx(transport.plan(a[10:], b[5:], costs[10:, 5:]).cost)
  assert transport.dual_gap(best, costs) == pytest.approx((0, 0), abs=1e-12)


def test_the_optimal_critic_attains_w1_and_no_slope_is_steeper_than_1():
  best = transport.plan(A, B, transport.cost_matrix(X, Y))
  critic = transport.optimal_critic(Y, best.v)
  assert A @ critic(X) - B @ critic(Y) == pytest.approx(best.cost, rel=1e-12)
  anywhere = np.concatenate([X, Y, RNG.uniform(-5, 9, (200, 2))])
  assert transport.lipschitz_constant(critic(anywhere), anywhere) == pytest.approx(1, abs=1e-9)
  # Any other 1-Lipschitz function bounds it from below.
  assert abs(A @ X[:, 0] - B @ Y[:, 0]) < best.cost


def test_lipschitz_constant_is_the_steepest_pair():
  x = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0], [0.0, 1.0]])
  assert transport.lipschitz_constant([0, 10, 0.5, 0.5], x) == pytest.approx(9.5 / np.hypot(3, 3))
  assert transport.lipschitz_constant([0, 10, 0.5, 0.6], x) == np.inf
  assert transport.lipschitz_constant([7.0], x[:1]) == 0


def test_in_many_dimensions_distances_are_as_exact():
  x = RNG.normal(100.0, 1.0, (30, 5, 5, 3))
  y = np.concatenate([x[:7], x[7:20] + 1e-9, RNG.normal(99.0, 2.0, (15, 5, 5, 3))])
  exact = scipy.spatial.distance.cdist(x.reshape(30, -1), y.reshape(35, -1))
  np.testing.assert_allclose(transport.cost_matrix(x, y), exact, rtol=1e-8)


def test_masses_that_agree_but_for_the_rounding_of_float32_are_made_to_agree():
  a, b = points.pair_of_masses(np.float32(A), 40, np.float32(1.000004 * B), 30)
  assert a.sum() == pytest.approx(b.sum(), rel=1e-15)
  np.testing.assert_allclose(b, B, rtol=1e-6)


def test_numbers_are_points_of_one_dimension():
  np.testing.assert_array_equal(transport.cost_matrix([1.0, 4.0], [2.0]), [[1.0], [2.0]])


def test_pot_brings_no_other_framework_along(tmp_path, monkeypatch):
  (tmp_path / 'ot.py').write_text('import os; environment = dict(os.environ)')
  monkeypatch.delitem(sys.modules, 'ot', raising=False)
  monkeypatch.syspath_prepend(tmp_path)
  monkeypatch.setenv('POT_BACKEND_DISABLE_CUPY', 'yes')
  for name in ('PYTORCH', 'TENSORFLOW'):
    monkeypatch.delenv(f'POT_BACKEND_DISABLE_{name}', raising=False)
  before = dict(os.environ)
  seen = transport.pot().environment
  assert seen['POT_BACKEND_DISABLE_PYTORCH'] == seen['POT_BACKEND_DISABLE_TENSORFLOW'] == '1'
  assert dict(os.environ) == before
  del sys.modules['ot']  # what was there before comes back by itself


FAR = np.zeros((20_000, 2))
REFUSALS = [
  ('not finite', lambda: transport.cost_matrix(np.array([[0.0, np.nan]]), Y)),
  ('40 samples in x are not', lambda: transport.cost_matrix(X + np.inf, Y)),
  ('y holds no samples', lambda: transport.cost_matrix(X, np.zeros((0, 2)))),
  ('x has 2 dimensions and y has 3', lambda: transport.cost_matrix(X, np.zeros((4, 3)))),
  ('p=0.5 is no order', lambda: transport.cost_matrix(X, Y, 0.5)),
  ('20000 x 20000 costs are too many .* 10000', lambda: transport.cost_matrix(FAR, FAR)),
  ('a sum to 100 and b to 99', lambda: transport.plan(BAKED, EATEN - np.eye(6)[1], MINUTES)),
  ('masses b run from -1 to 27', lambda: transport.plan(BAKED, EATEN - np.array([4, -4, 0, 0, 0, 0]), MINUTES)),
  ('masses a have shape', lambda: transport.plan(BAKED[:5], EATEN, MINUTES)),
  ('masses a run from 0 to 0', lambda: transport.plan(0 * BAKED, EATEN, MINUTES)),
  ('after 1 iterations .* iterations=10', lambda: transport.plan(A, B, transport.cost_matrix(X, Y), iterations=1)),
  ('6 rows cannot be paired with 5', lambda: transport.assignment(MINUTES[:, :5])),
  ('1 of 36 costs are not finite', lambda: transport.assignment(np.where(MINUTES == 35, np.inf, MINUTES))),
  (r'costs have shape \(0, 6\)', lambda: transport.plan(None, None, MINUTES[:0])),
]


@pytest.mark.parametrize('message, call', REFUSALS)
def test_mistakes_are_told_in_one_line(message, call):
  with pytest.raises(UserError, match=message) as caught:
    call()
  assert '\n' not in str(caught.value)
