"""The pictures of sweep.html: curves, scores by what was swept, samples."""

from collections.abc import Sequence

from wgan_jax import pages, status
from wgan_jax.sweep import plots, samples
from wgan_jax.sweep.differences import varying
from wgan_jax.sweep.groups import Group, contests, ranked

CURVES_AT_MOST = 8  # scores, and numeric keys
ROWS_AT_MOST = 32  # groups in a picture that has a row for each
LINES = 'Thick: the mean of the units that are done{}. Thin: single units.'
BAND = '; shaded: one standard deviation over seeds'
CROSSES = 'A point for each unit that is done; a cross at the edge for each that failed or is not finite.'
MEANS = ' Blue: means, with one standard deviation over seeds.'


def over_rounds(groups: Sequence[Group], scores: Sequence[str], main: str) -> str:
  """The section of scores over rounds, '' before there is a curve. main: by which groups are best and worst."""
  drawn, told, banded = [], {}, False
  for data, those in contests(groups).items():
    chosen, said = chosen_of(those, main)
    banded |= any(plots.banded(group) for group in chosen)
    told.setdefault(said)
    drawn += [
      pages.drawing(plots.over_rounds(score, chosen, data), data)
      for score in scores[:CURVES_AT_MOST]
      if any(len(run.looks) > 1 for group in chosen for run in group.runs)
    ]
  note = ' '.join(filter(None, [LINES.format(BAND if banded else ''), *told]))
  return f'<h2>Scores over rounds</h2>{pages.note(note)}{pages.tiles(drawn)}' if drawn else ''


def chosen_of(groups: Sequence[Group], score: str) -> tuple[list[Group], str]:
  """As many groups as one picture can show, and what is to be said of that."""
  if len(groups) <= plots.AT_MOST:
    return list(groups), ''
  order, half = ranked(groups, score), plots.AT_MOST // 2
  if len(order) <= plots.AT_MOST:
    rest = [group for group in groups if not any(group is other for other in order)]
    return [*order, *rest][: plots.AT_MOST], f'The {plots.AT_MOST} of {len(groups)} groups that have come furthest.'
  said = f'Of {len(groups)} groups the {half} with the best and the {half} with the worst mean of {score}.'
  return [*order[:half], *order[-half:]], said


def against(groups: Sequence[Group], scores: Sequence[str]) -> str:
  """The section of scores by each numeric key that was swept, '' where there is none.

  Where several were, of the first score alone.
  """
  if not scores:
    return ''
  drawn = []
  for data, those in contests(groups).items():
    keys = varying([group.overrides for group in those])
    numeric = [key for key in keys if sum(plots.number(group.overrides.get(key)) for group in those) > 1]
    told = scores[:CURVES_AT_MOST] if len(keys) == 1 else scores[:1]
    if len(numeric) < len(keys) and len(those) <= ROWS_AT_MOST and any(group.statistic(scores[0]) for group in those):
      drawn.append(pages.drawing(plots.by_group(scores[0], those, data), data))
    drawn += [
      pages.drawing(plots.against(score, key, those, len(keys) == 1, data), data)
      for key in numeric[:CURVES_AT_MOST]
      for score in told
      if any(group.statistic(score) for group in those)
    ]
  return f'<h2>Scores by what was swept</h2>{pages.note(CROSSES + MEANS)}{pages.tiles(drawn)}' if drawn else ''


def samples_of(groups: Sequence[Group], score: str) -> str:
  """The section of samples: of the best unit of each group, of a single group of all units."""
  single = len(groups) == 1
  if single:
    shown = [(run, f'unit {run.unit.number:03d}, seed {run.seed}{_value(run, score)}') for run in groups[0].runs]
    note = 'Of every unit, from its last picture.'
  else:
    order = [group for those in contests(groups).values() for group in ranked(those, score)]
    order += [group for group in groups if not group.best(score)]
    best = [(group, group.best(score) or max(group.runs, key=lambda run: run.rounds)) for group in order]
    shown = [(run, f'{group.name}: unit {run.unit.number:03d}{_value(run, score)}') for group, run in best]
    note = 'Of the best unit of each group, the best group first: chosen, not typical.'
  if len(shown) > samples.AT_MOST:
    note += f' The first {samples.AT_MOST} of {len(shown)}.'
  tiles = samples.tiles(shown, small=len(shown) > plots.AT_MOST)
  return f'<h2>Samples</h2>{pages.note(note)}{tiles}'


def _value(run, score):
  known = f', {score} {run.final[score]:.4g}' if score in run.final else ''
  return known if run.state == status.DONE else f', {run.state}{known}'
