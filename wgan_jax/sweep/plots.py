"""What a sweep draws: scores over rounds by group, and scores against the numbers that were swept."""

import math
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from wgan_jax import curves, status, vector
from wgan_jax.sweep.groups import FEW, Group
from wgan_jax.sweep.runs import Run, direction
from wgan_jax.sweep.states import BROKEN

# Seen on light and dark pages, and told apart by the colour-blind (after Okabe and Ito); dashes tell them apart too.
COLOURS = '#0a84d0', '#e07a00', '#00a077', '#cc6fa6', '#5cb8f0', '#c0392b', '#a08a00', '#8a8a8a'
DASHES = '-', '-', '-', '-', '--', '--', '--', '--'
AT_MOST = len(COLOURS)  # groups in one picture
LONGEST = 44  # characters of a name in a legend
DECADES = 10  # times the smallest, from which on an axis is logarithmic


def over_rounds(score: str, groups: Sequence[Group], data: str = '') -> str:
  """SVG of a score over rounds, at most AT_MOST groups: the mean with a band of one standard deviation over seeds.

  Of few seeds, thin lines of each instead of the band; of units that are not done, thin lines alone. Where a score is
  not finite, lines have a gap.

  data: that these groups have in common, where others have others.
  """
  figure, axes = curves.panel(titled(score), height=2.7 + 0.17 * len(groups))
  shown = []  # (line, name)
  for group, colour, dash in zip(groups, COLOURS, DASHES, strict=False):
    lines = {run.unit.number: _line(run, score) for run in group.runs}
    done = [lines[run.unit.number] for run in group.runs if run.state == status.DONE]
    steps, mean, std = band(done)
    thin = [lines[r.unit.number] for r in group.runs if r.state != status.DONE] if banded(group) else lines.values()
    for line in thin:
      axes.plot(line.keys(), line.values(), color=colour, linestyle=dash, linewidth=0.9, alpha=0.8)
    if banded(group):
      axes.fill_between(steps, mean - std, mean + std, color=colour, alpha=0.2, linewidth=0)
    drawn = axes.plot(steps, mean, color=colour, linestyle=dash, linewidth=1.8)
    if any(len(line) > 1 for line in lines.values()):
      shown.append((drawn[0], plain(group.name)))
  seen = [values for line in axes.lines if (values := _finite(line.get_ydata()))]
  if seen and curves.far_apart(seen):
    axes.set_yscale('log', nonpositive='mask')
  if len(groups) > 1 and shown:
    columns = 2 if max(len(name) for _, name in shown) < LONGEST / 2 else 1
    vector.legend(figure, *zip(*shown, strict=True), loc='outside lower center', ncols=columns)
  return vector.svg(figure, _named('rounds', score, data))


def banded(group: Group) -> bool:
  """Whether it has a band, of enough units that are done."""
  return sum(run.state == status.DONE for run in group.runs) > FEW


def band(lines: Sequence[dict[int, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
  """Rounds at which all lines {round: value} have a value, and mean and standard deviation (n - 1) there, [N] each."""
  steps = sorted(set.intersection(*map(set, lines))) if lines else []
  values = np.array([[line[step] for step in steps] for line in lines]).reshape(len(lines), len(steps))
  if not len(values):
    return np.array(steps), np.array([]), np.array([])
  std = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(len(steps))
  return np.array(steps), values.mean(axis=0), std


def against(score: str, key: str, groups: Sequence[Group], alone: bool, data: str = '') -> str:
  """SVG of a score at the end against a numeric key: a point for each unit that is done.

  Crosses at the top are units that failed, or whose score is not finite.

  alone: whether nothing but this key was swept, so that means with their standard deviations can be joined by a line.
  data: that these groups have in common, where others have others.
  """
  figure, axes = curves.panel(titled(score), plain(key))
  able = sorted((group for group in groups if number(group.overrides.get(key))), key=lambda g: g.overrides[key])
  at = [group.overrides[key] for group in able]
  points = [(x, value) for x, group in zip(at, able, strict=True) for value in group.finals(score).values()]
  seen = [(x, value) for x, value in points if math.isfinite(value)]
  gone = [x for x, value in points if not math.isfinite(value)]
  gone += [x for x, group in zip(at, able, strict=True) for run in group.runs if run.state in BROKEN]
  if alone:
    told = [(x, found) for x, group in zip(at, able, strict=True) if (found := group.statistic(score))]
    bars = [(x, found.mean, found.std or 0.0) for x, found in told]
    axes.errorbar(*np.reshape(bars, (-1, 3)).T, color=COLOURS[0], linewidth=1.4, capsize=3, marker='o', markersize=4)
  if seen:
    axes.plot(*zip(*seen, strict=True), '.', color=COLOURS[1], markersize=5, alpha=0.8)
  axes.margins(y=0.12)
  axes.plot(gone, [0.97] * len(gone), 'x', color=COLOURS[5], markersize=5, transform=axes.get_xaxis_transform())
  if min(at) > 0 and max(at) >= DECADES * min(at):
    axes.set_xscale('log')
  return vector.svg(figure, _named('against', score, key, data))


def by_group(score: str, groups: Sequence[Group], data: str = '') -> str:
  """SVG of a score at the end, a row for each group: its units, and mean and standard deviation above them.

  Crosses at the right are units that failed, or whose score is not finite.
  """
  figure, axes = curves.panel(titled(score), '', height=0.8 + 0.28 * len(groups))
  for row, group in enumerate(groups):
    finals = group.finals(score).values()
    seen = _finite(finals)
    axes.plot(seen, [row] * len(seen), '.', color=COLOURS[1], markersize=5, alpha=0.8)
    if found := group.statistic(score):
      axes.errorbar(found.mean, row - 0.25, xerr=found.std, color=COLOURS[0], capsize=2, marker='o', markersize=4)
    gone = len(finals) - len(seen) + sum(run.state in BROKEN for run in group.runs)
    places = [0.98 - 0.02 * i for i in range(gone)]
    axes.plot(places, [row] * gone, 'x', color=COLOURS[5], markersize=5, transform=axes.get_yaxis_transform())
  axes.margins(x=0.12)
  axes.set_ylim(len(groups) - 0.5, -0.6)
  axes.set_yticks(range(len(groups)), [plain(group.name) for group in groups])
  return vector.svg(figure, _named('groups', score, data))


def number(value: Any) -> bool:
  """Whether a value can stand on an axis."""
  return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def titled(score: str) -> str:
  """The name of a score, and which way it is better."""
  return plain(f'{score} ({direction(score)})')


def plain(text: str) -> str:
  """A text that matplotlib draws as it is: no formulas, no letters that its font lacks, not too long."""
  text = text if len(text) <= LONGEST else f'{text[: LONGEST - 3]}...'
  text = ''.join(c if c.isprintable() else '?' for c in text.encode('latin-1', 'replace').decode('latin-1'))
  return text.replace('$', r'\$')


def _named(*of):
  """A name for a picture, of letters and digits alone, whatever it is of."""
  return f'picture{zlib.crc32(repr(of).encode()):x}'


def _line(run: Run, score: str) -> dict[int, float]:
  """{round: value}, NaN where it is not finite."""
  found = {int(look['step']): look[score] for look in run.looks if score in look}
  return {step: value if math.isfinite(value) else math.nan for step, value in sorted(found.items())}


def _finite(values):
  return [value for value in values if math.isfinite(value)]
