import types

import numpy as np
import pytest
import scipy.stats

from wgan_jax.evaluators import Look
from wgan_jax.watching import overfitting
from wgan_jax.watching.overfitting import CHANCE, Alarm, welch

RNG = np.random.default_rng(0)


@pytest.mark.parametrize('n, m, shift, scale', [(50, 50, 0.0, 1.0), (20, 90, 0.5, 3.0), (40, 10, -0.4, 0.2)])
def test_welch_is_scipys(n, m, shift, scale):
  low, high = RNG.normal(size=n), RNG.normal(shift, scale, m)
  expected = scipy.stats.ttest_ind(high, low, equal_var=False, alternative='greater')
  np.testing.assert_allclose(welch(low, high), (expected.statistic, expected.pvalue), rtol=1e-9)


def test_where_nothing_varies_nothing_is_found():
  assert welch(np.zeros(5), np.zeros(9)) == (0.0, 0.5)


@pytest.mark.parametrize('n, m', [(1, 9), (9, 1), (1, 1)])
def test_of_one_sample_nothing_is_found(n, m):
  assert welch(RNG.normal(size=n), RNG.normal(size=m) + 100) == (0.0, 0.5)


class Judge:
  """A critic whose score is the sample itself; what it pays is minus the score and the mean of the fakes'."""

  def fakes(self, state, n, label):
    return np.full((n, 1), state)

  def scores(self, state, x, label):
    return np.float64(x[:, 0])

  def cost(self, real, fake):
    return np.mean(fake) - real


def alarm(gap, looks=10, n=400):
  """Of a critic that scores training samples higher by `gap` standard deviations."""
  training, held_out = RNG.normal(size=(2, n, 1))
  return Alarm(Judge(), {'image': training + gap}, {'image': held_out}, looks), training[:, 0] + gap, held_out[:, 0]


def at(alarm, step, fakes=0.0):
  found = dict(alarm(Look(step, fakes, None)))
  return types.SimpleNamespace(**{name.removeprefix('overfitting/'): value for name, value in found.items()})


def test_losses_are_against_the_same_fakes():
  watched, training, held_out = alarm(0.1)
  found, other = at(watched, 0, 7.0), at(watched, 0, 0.0)
  assert (found.training, found.held_out) == pytest.approx((7 - training.mean(), 7 - held_out.mean()))
  assert (found.t, found.p) == pytest.approx((other.t, other.p))
  assert found.t == pytest.approx(scipy.stats.ttest_ind(training, held_out, equal_var=False).statistic)


def test_it_opens_with_one_line_and_says_no_more_while_it_is_open(capsys):
  watched, _, _ = alarm(1.0)
  assert [at(watched, step).alarm for step in (100, 200)] == [1, 1]
  lines = capsys.readouterr().err.splitlines()
  assert len(lines) == 1 and 'the critic overfits at round 100' in lines[0]


def test_held_out_samples_that_it_likes_better_open_nothing(capsys):
  watched, _, _ = alarm(-1.0)
  assert at(watched, 100).alarm == 0 and capsys.readouterr().err == ''


def test_more_looks_ask_for_more():
  _, training, held_out = alarm(0.0)
  p = scipy.stats.ttest_ind(training, held_out, equal_var=False, alternative='greater').pvalue
  looks = CHANCE / p  # at which its p is the very limit
  samples = {'image': training[:, None]}, {'image': held_out[:, None]}
  assert [at(Alarm(Judge(), *samples, looks * factor), 0).alarm for factor in (0.99, 1.01)] == [1, 0]


class Fickle(Judge):
  """A critic that knows nothing, and at every look thinks otherwise."""

  def scores(self, state, x, label):
    return RNG.normal(size=len(x))


def test_a_run_without_overfitting_has_a_false_alarm_as_seldom_as_it_should(monkeypatch):
  monkeypatch.setattr(overfitting, 'CHANCE', 0.1)
  samples = {'image': np.zeros((30, 1))}
  runs = [Alarm(Fickle(), samples, samples, looks=10) for _ in range(500)]
  opened = sum(any(at(watched, 0).alarm for _ in range(10)) for watched in runs)
  assert 25 < opened < 75  # of 50 expected; without the number of looks there would be 326
