"""Divergences of masses against SciPy and by hand."""

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.stats

from wgan_jax import discrete, divergences
from wgan_jax.errors import UserError

P, Q = np.array([0.5, 0.25, 0.25, 0.0]), np.array([0.1, 0.2, 0.3, 0.4])


def test_each_agrees_with_scipy():
  assert discrete.kullback_leibler(P, Q) == pytest.approx(scipy.stats.entropy(P, Q))
  assert discrete.jensen_shannon(P, Q) == pytest.approx(scipy.spatial.distance.jensenshannon(P, Q) ** 2)
  assert discrete.total_variation(P, Q) == pytest.approx(scipy.spatial.distance.cityblock(P, Q) / 2)
  assert discrete.squared_hellinger(P, Q) == pytest.approx(np.sum((P**0.5 - Q**0.5) ** 2))


def test_where_supports_are_disjoint_they_are_at_their_bounds():
  p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0])
  assert discrete.kullback_leibler(p, q) == np.inf
  assert discrete.jensen_shannon(p, q) == pytest.approx(np.log(2))
  assert discrete.total_variation(p, q) == 1
  assert discrete.squared_hellinger(p, q) == 2


def test_masses_of_different_sums_are_refused():
  with pytest.raises(UserError, match='sum to'):
    discrete.kullback_leibler(P, 2 * Q)


def test_masses_too_small_to_be_halved_leave_js_finite():
  # As tails of densities on a grid have: half of the smallest number there is, is 0.
  tiny = np.nextafter(0, 1)
  assert discrete.jensen_shannon(np.array([1.0, tiny, 0]), np.array([1.0, 0, tiny])) == pytest.approx(0, abs=1e-300)


def test_f_divergences_are_those_of_their_formulas():
  p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
  assert discrete.f_divergence(divergences.KULLBACK_LEIBLER, p, q) == pytest.approx(scipy.stats.entropy(p, q), 1e-14)
  assert discrete.f_divergence(divergences.PEARSON, p, q) == pytest.approx(0.09 / 0.2 + 0.09 / 0.5, 1e-14)
  assert discrete.f_divergence(divergences.NEYMAN, p, q) == pytest.approx(0.09 / 0.5 + 0.09 / 0.2, 1e-14)


def test_the_bound_of_a_critic_by_hand():
  p, q, t = np.array([0.5, 0.5]), np.array([0.25, 0.75]), np.array([1.0, -1.0])
  by_hand = 0.0 - (0.25 * (1 / 4 + 1) + 0.75 * (1 / 4 - 1))  # f*(t) = t^2 / 4 + t
  assert discrete.variational_bound(divergences.PEARSON, p, q, t) == pytest.approx(by_hand, 1e-14)


def test_places_without_mass_are_refused_by_f_divergences():
  for p, q in ((P, Q), (Q, P)):
    with pytest.raises(UserError, match='1 of the 4 places'):
      discrete.f_divergence(divergences.KULLBACK_LEIBLER, p, q)
