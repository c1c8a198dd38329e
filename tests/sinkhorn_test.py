import sys

import numpy as np
import pytest

from wgan_jax import points, sinkhorn, transport
from wgan_jax.errors import UserError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(80, 2)), RNG.gamma(2.0, size=(70, 2))
A, B = RNG.dirichlet(np.ones(80)), RNG.dirichlet(np.ones(70))


@pytest.mark.parametrize('p', [1, 2])
def test_the_exact_cost_lies_between_the_bounds(p):
  exact = transport.plan(A, B, transport.cost_matrix(X, Y, p)).cost
  found = sinkhorn.sinkhorn(X, Y, A, B, p)
  assert found.lower <= exact <= found.upper
  assert found.lower == pytest.approx(exact, rel=0.01) and found.upper == pytest.approx(exact, rel=0.01)
  assert found.epsilon == pytest.approx(0.003 * transport.cost_matrix(X, Y, p).mean())


def test_masses_may_sum_to_anything_and_be_nothing():
  a, b = np.where(np.arange(80) < 9, 0, 50 * A), np.where(np.arange(70) < 7, 0, B)
  b *= a.sum() / b.sum()
  exact = transport.plan(a, b, transport.cost_matrix(X, Y)).cost
  found = sinkhorn.sinkhorn(X, Y, a, b)
  assert found.lower <= exact <= found.upper and found.upper - found.lower < 0.02 * exact


def test_potentials_make_a_critic_that_attains_the_lower_bound():
  found = sinkhorn.sinkhorn(X, Y)
  critic = transport.optimal_critic(Y, found.v)
  assert critic(X).mean() - critic(Y).mean() >= found.lower - 1e-12


@pytest.mark.parametrize('g', [np.zeros(70), RNG.normal(size=70), np.full(70, np.nan), 1e6 * RNG.normal(size=70)])
def test_potentials_of_any_kind_leave_the_exact_cost_between(g, monkeypatch):
  costs = transport.cost_matrix(X, Y)
  exact = transport.plan(A, B, costs).cost
  found = sinkhorn.bounds(X, Y, A, B, 1, g, 0.1)
  assert found.lower <= exact <= found.upper <= costs.max()
  # In blocks of a few rows, too.
  monkeypatch.setattr(points, 'BLOCK', 200)
  for here, there in zip(sinkhorn.bounds(X, Y, A, B, 1, g, 0.1), found, strict=True):
    np.testing.assert_allclose(here, there, rtol=1e-12)


def test_optimal_potentials_prove_themselves():
  best = transport.plan(A, B, transport.cost_matrix(X, Y))
  found = sinkhorn.bounds(X, Y, A, B, 1, best.v, 1e-4)
  assert found.lower == pytest.approx(best.cost, rel=1e-12) and found.upper == pytest.approx(best.cost, rel=0.1)


def test_mistakes_are_told_in_one_line(monkeypatch):
  with pytest.raises(UserError, match='epsilon=0 blurs no plan'):
    sinkhorn.sinkhorn(X, Y, epsilon=0)
  monkeypatch.setattr(sinkhorn, 'ENTRIES', 4900)
  with pytest.raises(UserError, match='80 x 70 costs are too many even for Sinkhorn: take at most 70'):
    sinkhorn.sinkhorn(X, Y)
  monkeypatch.setitem(sys.modules, 'ott.solvers.linear.acceleration', None)
  with pytest.raises(UserError, match="pip install 'ott-jax"):
    sinkhorn.ott()
