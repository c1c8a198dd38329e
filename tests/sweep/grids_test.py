import numpy as np
import pytest
from scipy import stats

from wgan_jax.errors import UserError
from wgan_jax.sweep.grids import chain, choice, draws, log_uniform, product, uniform, zipit


def values(n, seed=0, /, **ways):
  """{key: the n values drawn}."""
  rows = list(draws(n, seed, **ways))
  return {key: [row[key] for row in rows] for key in ways}


def test_product_changes_its_last_key_fastest():
  assert list(product(a=(1, 2), **{'b.c': 'xy'})) == [
    {'a': 1, 'b.c': 'x'},
    {'a': 1, 'b.c': 'y'},
    {'a': 2, 'b.c': 'x'},
    {'a': 2, 'b.c': 'y'},
  ]
  assert list(product()) == [{}]
  assert list(product(a=())) == []


def test_product_takes_whole_sweeps_too():
  pairs = product(zipit(a=(1, 2), b=(3, 4)), seed=range(2))
  assert [tuple(row.items()) for row in pairs] == [
    (('a', 1), ('b', 3), ('seed', 0)),
    (('a', 1), ('b', 3), ('seed', 1)),
    (('a', 2), ('b', 4), ('seed', 0)),
    (('a', 2), ('b', 4), ('seed', 1)),
  ]
  with pytest.raises(UserError, match='product has seed in two of its parts'):
    list(product(product(seed=(0, 1)), seed=(0, 1)))


def test_zipit_goes_side_by_side_and_refuses_unequal_lengths():
  assert list(zipit(a=(1, 2), b=iter('xy'))) == [{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]
  with pytest.raises(UserError, match='as many values of each key, not 2 of a, 3 of b'):
    list(zipit(a=(1, 2), b=(1, 2, 3)))


def test_chain_is_one_after_another():
  assert list(chain(zipit(a=(3, 1)), product(b=(2,)))) == [{'a': 3}, {'a': 1}, {'b': 2}]


def test_draws_have_their_distributions():
  drawn = values(4000, rate=log_uniform(1e-5, 1e-2), b1=uniform(0.0, 1.0), n=choice(1, 5), flip=choice(True, False))
  assert all(1e-5 <= x <= 1e-2 and type(x) is float for x in drawn['rate'])
  assert stats.kstest(drawn['rate'], stats.loguniform(1e-5, 1e-2).cdf).pvalue > 0.01
  assert stats.kstest(drawn['b1'], stats.uniform(0, 1).cdf).pvalue > 0.01
  assert all(type(x) is int for x in drawn['n']) and all(type(x) is bool for x in drawn['flip'])
  assert stats.binomtest(drawn['n'].count(5), 4000).pvalue > 0.01
  # Independent of one another, all of one seed though they are.
  assert stats.spearmanr(drawn['rate'], drawn['b1']).pvalue > 0.01


def test_draws_stay_inside_ends_that_exp_of_log_would_leave():
  end = next(x for x in np.linspace(1, 100, 1000) if np.exp(np.log(x)) > x)
  assert all(x <= end for x in values(1000, x=log_uniform(np.nextafter(end, 0), end))['x'])


def test_the_same_seed_draws_the_same_and_a_longer_search_keeps_what_it_had():
  ways = dict(rate=log_uniform(1e-5, 1e-2), b1=uniform(0.0, 1.0))
  first = values(5, **ways)
  assert first == values(5, **ways)
  assert first != values(5, 1, **ways)
  more = values(9, n=choice(1, 2, 3), **ways)
  assert {key: more[key][:5] for key in first} == first
  assert len({*first['b1'], *more['b1']}) == 9


def test_a_seed_may_be_drawn_and_tuples_chosen():
  (row,) = draws(1, 7, seed=choice(3), size=choice((8, 8)))
  assert row == {'seed': 3, 'size': (8, 8)}


@pytest.mark.parametrize(
  'way', [lambda: uniform(1, 1), lambda: log_uniform(0.0, 1.0), lambda: log_uniform(2.0, 1.0), lambda: choice()]
)
def test_ends_the_wrong_way_round_are_refused(way):
  with pytest.raises(UserError, match='takes a'):
    way()
