"""The bakeries of Paris, against brute force, linear programming and prices found by hand."""

import itertools

import numpy as np
import pytest
import scipy.optimize

from wgan_jax.errors import UserError
from wgan_jax.lecture import bakeries

MINUTES = np.array(bakeries.MINUTES, float)


def test_64_is_the_least_of_all_720_and_the_lectures_65_comes_next(drawn):
  figure = drawn('bakery_assignment')
  sums = sorted(sum(MINUTES[i, j] for i, j in enumerate(order)) for order in itertools.permutations(range(6)))
  assert sums[:3] == [64, 65, 66]
  assert figure.measured['best'] == figure.measured['least_of_all'] == figure.measured['dual'] == 64
  assert figure.measured['dearest_over_road'] == pytest.approx(0, abs=1e-9)
  assert figure.measured['lecture'] == 10 + 7 + 15 + 10 + 14 + 9 == 65
  assert figure.measured['better_than_lecture'] == figure.measured['equally_good_as_best'] == 1
  assert figure.measured['mean'] == pytest.approx(MINUTES.mean() * 6)


def test_a_slower_road_makes_the_lecture_right(drawn):
  measured = drawn('bakery_assignment', x2_to_y6=16).measured
  assert measured['best'] == measured['lecture'] == 65
  assert measured['better_than_lecture'] == 0


def test_the_printed_plan_is_optimal_and_prices_prove_it(drawn):
  measured = drawn('bakery_plan').measured
  assert measured['best'] == measured['printed'] == pytest.approx(1070)
  assert measured['prices'] == pytest.approx(1070)
  # Prices that were found by hand: no pair dearer than its road, and 1070 in all.
  u, v = np.array([0, -13, -12, -4, 3, -12]), np.array([12, 10, 11, 21, 10, 27])
  assert np.all(u[:, None] + v <= MINUTES)
  assert u @ [24, 9, 3, 16, 21, 27] + v @ [3, 23, 18, 26, 16, 14] == 1070
  assert measured['dearest_over_road'] == pytest.approx(0, abs=1e-9)
  assert measured['pairs_where_prices_say_it'] == 36
  assert measured['least_for_a_loaf_more'] == pytest.approx((u[:, None] + v).min())
  assert measured['longer_than_a_detour'] == 0


def by_linear_programming(masses):
  margins = np.concatenate([np.kron(np.eye(6), np.ones(6)), np.kron(np.ones(6), np.eye(6))])
  return scipy.optimize.linprog(MINUTES.ravel(), A_eq=margins, b_eq=masses).fun


def test_other_masses_cost_what_linear_programming_says(drawn):
  baked, wanted = (40, 9, 3, 6, 21, 21), (13, 3, 28, 26, 6, 24)
  least = by_linear_programming([*baked, *wanted])
  measured = drawn('bakery_plan', baked=baked, wanted=wanted).measured
  assert measured['best'] == pytest.approx(least)
  assert measured['prices'] == pytest.approx(least)


@pytest.mark.parametrize('baked, least', [((24, 9, 3, 16, 21, 27), -3), ((23, 9, 3, 16, 21, 28), 6)])
def test_only_a_loaf_that_saves_is_said_to_save(drawn, baked, least):
  figure, masses = drawn('bakery_plan', baked=baked), np.array([*baked, 3, 23, 18, 26, 16, 14])
  one = np.eye(12, dtype=int)
  more = min(by_linear_programming(masses + one[i] + one[6 + j]) for i in range(6) for j in range(6))
  assert more - by_linear_programming(masses) == pytest.approx(least)
  assert figure.measured['least_for_a_loaf_more'] == pytest.approx(least)
  assert ('more bread for less work' in figure.told) == (least < 0)


def test_loaves_that_do_not_add_up_are_told_of(drawn):
  with pytest.raises(UserError, match='101 loaves are baked and 100 wanted'):
    drawn('bakery_plan', baked=(25, 9, 3, 16, 21, 27))
