import math

import numpy as np
import pytest

from wgan_jax.sweep import groups, runs


@pytest.fixture
def groups_with(make_sweep, leave):
  """make({overrides: final scores by seed}) -> groups; None is a failure, a text another state."""

  def make(of, score='sliced_w1'):
    overrides = [{**dict(key), 'seed': seed} for key, values in of.items() for seed in range(len(values))]
    root, units = make_sweep(overrides)
    beside = {} if score == 'sliced_w1' else {'sliced_w1': 0.5}
    for unit, value in zip(units, (v for values in of.values() for v in values), strict=True):
      if value is None:
        leave(unit, {0: {score: 0.7}}, 'failed', message='not finite in round 3')
      elif isinstance(value, str):
        leave(unit, {0: {score: 0.7}}, value)
      else:
        leave(unit, {0: {score: 0.7}, 300: {score: value, **beside}})
    return groups.groups_of(runs.read(root, units, {}))

  return make


def rate(x):
  return (('optimizer.critic_loss.learning_rate', x),)


def test_statistics_are_those_of_numpy():
  values = [0.3, 0.1, 0.25, 0.9]
  found = groups.statistic(values)
  assert found.n == 4
  assert found.mean == pytest.approx(np.mean(values), rel=1e-15)
  assert found.std == pytest.approx(np.std(values, ddof=1), rel=1e-15)
  assert (found.minimum, found.median, found.maximum) == (0.1, pytest.approx(0.275), 0.9)


def test_one_value_has_no_spread_and_none_no_statistic():
  assert groups.statistic([0.5]) == (1, 0.5, None, 0.5, 0.5, 0.5)
  assert groups.statistic([]) is None and groups.statistic([math.nan, math.inf]) is None


def test_units_that_differ_in_the_seed_alone_are_one_group(groups_with):
  found = groups_with({rate(1e-3): [0.1, 0.3], rate(1e-4): [0.2]})
  assert [group.name for group in found] == ['learning_rate=0.001', 'learning_rate=0.0001']
  assert [[run.seed for run in group.runs] for group in found] == [[0, 1], [0]]
  assert found[0].statistic('sliced_w1').mean == pytest.approx(0.2)
  assert found[0].best('sliced_w1').unit.number == 0


def test_a_sweep_over_seeds_alone_is_one_group(groups_with):
  (group,) = groups_with({(): [0.1, 0.3, 0.2]})
  assert group.name == 'all seeds' and group.statistic('sliced_w1').n == 3


def test_who_is_not_in_the_mean_is_said(groups_with):
  (group,) = groups_with({(): [0.1, None, math.nan, 'running', 0.3, math.inf]})
  assert group.missing('sliced_w1') == '1 failed, 1 running, 2 not finite'
  assert group.statistic('sliced_w1')[:2] == (2, pytest.approx(0.2))
  assert group.missing('modes') == '1 failed, 1 running, 4 without it'


def test_the_first_look_of_a_run_that_goes_on_is_no_result(groups_with):
  (group,) = groups_with({(): ['running']})
  assert group.statistic('sliced_w1') is None and group.best('sliced_w1') is None


def test_the_best_of_a_score_that_is_better_high(groups_with):
  found = groups_with({rate(1.0): [0.2, 0.9], rate(2.0): [0.7, 0.8]}, 'hq_share')
  assert found[0].best('hq_share').unit.number == 1
  assert [group.name for group in groups.ranked(found, 'hq_share')] == ['learning_rate=2', 'learning_rate=1']


@pytest.mark.parametrize(
  'first, second, said',
  [
    ([0.1], [0.2], '0.1 away. With one seed nothing tells'),
    ([0.1, 0.2], [0.2], 'With one seed nothing tells'),
    ([0.1, 0.2, 0.3], [0.2, 0.3, 0.4], 'within the spread over seeds (standard deviations 0.1 and 0.1); 3 seeds are'),
    ([0.1, 0.11, 0.12], [0.5, 0.51, 0.52], 'more than the spread over seeds (standard deviations 0.01 and 0.01); 3 se'),
    # apart 0.4, standard deviations 0.1: 0.4 / sqrt(0.01 / 5 * 2) = 6.3
    ([0.1, 0.1, 0.2, 0.3, 0.3], [0.5, 0.5, 0.6, 0.7, 0.7], ', and 6.3 standard errors of such a difference.'),
    ([0.1, 0.3], [0.2, 0.2], 'are equal'),
    ([0.1, 0.2, None], [0.9, 0.8, 0.7], 'Not in its mean: 1 failed, of 3.'),
  ],
)
def test_no_more_is_said_than_seeds_tell(groups_with, first, second, said):
  found = groups_with({rate(1.0): first, rate(2.0): second})
  verdict = groups.verdict(found, 'sliced_w1')
  assert said in verdict
  assert 'learning_rate=1' in verdict and 'learning_rate=2' in verdict


def test_nothing_is_said_of_one_group(groups_with):
  assert groups.verdict(groups_with({rate(1.0): [0.1], rate(2.0): [None]}), 'sliced_w1') == ''


def test_other_data_are_another_contest(groups_with):
  found = groups_with({(('data.name', d), ('game.n_critic', n)): [0.1] for d in ('digits', 'mnist') for n in (1, 5)})
  assert {data: [group.name for group in those] for data, those in groups.contests(found).items()} == {
    'data.name=digits': ['name=digits, n_critic=1', 'name=digits, n_critic=5'],
    'data.name=mnist': ['name=mnist, n_critic=1', 'name=mnist, n_critic=5'],
  }
  assert [*groups.contests(found[:2])] == ['']
