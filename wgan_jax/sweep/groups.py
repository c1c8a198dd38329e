"""Runs that differ in nothing but their seed, and what their scores are together."""

import collections
import json
import math
import statistics
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from wgan_jax import status
from wgan_jax.sweep.differences import short_names, text, varying
from wgan_jax.sweep.runs import Run, towards

SEED = 'seed'
DATA = 'data.name', 'data.split', 'data.size', 'data.dir'  # scores of other data are other scores
FEW = 3  # seeds, from which nothing is claimed


class Statistic(NamedTuple):
  """n finite values: their mean, the sample's standard deviation (n - 1; None of one value), and their order."""

  n: int
  mean: float
  std: float | None
  minimum: float
  median: float
  maximum: float


class Group(NamedTuple):
  """Runs of the same overrides but for the seed. name: what tells it from the other groups, for people."""

  name: str
  overrides: dict[str, Any]
  runs: list[Run]

  def finals(self, score: str) -> dict[int, float]:
    """{number: the score at the end} of the units that are done and have it, not finite ones too."""
    return {run.unit.number: run.final[score] for run in self.runs if run.state == status.DONE and score in run.final}

  def statistic(self, score: str) -> Statistic | None:
    """Of the units that are done, None where none has a finite score."""
    return statistic(self.finals(score).values())

  def best(self, score: str) -> Run | None:
    """The run whose score at the end is best."""
    finals = {number: value for number, value in self.finals(score).items() if math.isfinite(value)}
    able = [run for run in self.runs if run.unit.number in finals]
    return min(able, key=lambda run: towards(score, run.final[score]), default=None)

  def missing(self, score: str) -> str:
    """How many of the units are in no statistic of that score, and why; '' for none."""
    why = collections.Counter(run.state for run in self.runs if run.state != status.DONE)
    finals = self.finals(score)
    why['not finite'] = sum(not math.isfinite(value) for value in finals.values())
    why['without it'] = sum(run.state == status.DONE for run in self.runs) - len(finals)
    return ', '.join(f'{n} {state}' for state, n in why.items() if n)


def statistic(values: Iterable[float]) -> Statistic | None:
  """Of the values that are finite, None where there are none."""
  values = [value for value in values if math.isfinite(value)]
  if not values:
    return None
  std = statistics.stdev(values) if len(values) > 1 else None
  return Statistic(len(values), statistics.fmean(values), std, min(values), statistics.median(values), max(values))


def groups_of(runs: Iterable[Run]) -> list[Group]:
  """Groups in the order of the sweep."""
  found = {}
  for run in runs:
    overrides = {key: value for key, value in run.unit.overrides.items() if key != SEED}
    found.setdefault(json.dumps(overrides, sort_keys=True), (overrides, []))[1].append(run)
  keys = varying([overrides for overrides, _ in found.values()])
  short = short_names(keys)
  return [
    Group(', '.join(f'{short[key]}={text(of[key])}' for key in keys if key in of) or 'all seeds', of, members)
    for of, members in found.values()
  ]


def contests(groups: Sequence[Group]) -> dict[str, list[Group]]:
  """Groups whose scores can be compared, by the data that they have in common; '' where all have the same."""
  keys, found = [key for key in varying([group.overrides for group in groups]) if key in DATA], {}
  for group in groups:
    data = ', '.join(f'{key}={group.overrides[key]}' for key in keys if key in group.overrides)
    found.setdefault(data or ('other data' if keys else ''), []).append(group)
  return found


def ranked(groups: Iterable[Group], score: str) -> list[Group]:
  """Those that have a mean, the best first."""
  means = [(group, found.mean) for group in groups if (found := group.statistic(score))]
  return [group for group, _ in sorted(means, key=lambda pair: towards(score, pair[1]))]


def verdict(groups: Sequence[Group], score: str) -> str:
  """What can be said of the best of these groups, and no more than that; '' where nothing is to be compared."""
  order = ranked(groups, score)
  if len(order) < 2:
    return ''
  best, second = order[:2]
  a, b = (group.statistic(score) for group in (best, second))
  apart, fewest = abs(a.mean - b.mean), min(a.n, b.n)
  if not apart:
    return f'The best means of {score}, of {best.name} and of {second.name}, are equal.'
  said = f'The best mean of {score} among {len(order)} groups is that of {best.name}; '
  said += f'the next, of {second.name}, is {apart:.2g} away'
  gone = best.missing(score)
  caveat = f' Not in its mean: {gone}, of {len(best.runs)}.' if gone else ''
  if fewest < 2:
    return f'{said}. With one seed nothing tells whether that is more than luck.{caveat}'
  spread, error = max(a.std, b.std), math.sqrt(a.std**2 / a.n + b.std**2 / b.n)
  within = 'within' if apart <= spread else 'more than'
  said += f', {within} the spread over seeds (standard deviations {a.std:.2g} and {b.std:.2g})'
  if fewest <= FEW:
    return f'{said}; {fewest} seeds are too few for a claim.{caveat}'
  errors = f', and {apart / error:.1f} standard errors of such a difference' if error else ''
  return f'{said}{errors}.{caveat}'
