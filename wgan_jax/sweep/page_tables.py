"""The tables of sweep.html: groups, failed units, all units."""

import html
import math
from collections.abc import Iterable, Sequence

from wgan_jax import pages, status
from wgan_jax.sweep import evaluated
from wgan_jax.sweep.groups import Group, Statistic, contests, ranked, statistic, verdict
from wgan_jax.sweep.runs import Run, direction
from wgan_jax.sweep.states import BROKEN

MEANING = '{score} at the last round of the n units that are done and have a finite one{order}. {mark}'
OF_SEVERAL = ": mean ± standard deviation over seeds (the sample's, n - 1), minimum, median, maximum"
MOST_DIGITS = 7  # behind the point
ORDER = 'minimum', 'median', 'maximum'
MARK = '★ is the best{of_data}.'


def of_groups(groups: Sequence[Group], score: str) -> str:
  """A row for each group: what the main score is over its seeds, and which units are not in that."""
  rivals = contests(groups)
  best = {id(order[0]) for those in rivals.values() if len(order := ranked(those, score)) > 1}
  mark = MARK.format(of_data=' for these data' if len(rivals) > 1 else '') if best else ''
  several = any(found.n > 1 for group in groups if (found := group.statistic(score)))
  order = ORDER if several else ()  # which of one value say nothing more
  head = 'group', 'n', f'{score} ({direction(score)})', *order, 'best unit', 'not in it'
  body = [[_name(group, id(group) in best), *_main(group, score, order)] for group in groups]
  meaning = MEANING.format(score=score, order=OF_SEVERAL if several else '', mark=mark)
  said = {data: verdict(those, score) for data, those in rivals.items()}
  said = [f'{data}: {text}' if data else text for data, text in said.items() if text]
  verdicts = ''.join(f'<p>{html.escape(text)}</p>' for text in said)
  return pages.note(meaning) + _scroll(pages.table(head, body)) + verdicts


def of_other_scores(groups: Sequence[Group], scores: Iterable[str]) -> str:
  """A row for each group: its other scores, and what was evaluated; '' where there are none."""
  labels = evaluated.names(one for group in groups for run in group.runs for one in run.evaluated)
  scores = list(scores)
  if not scores and not labels:
    return ''
  body = [
    [_name(group, False), *(shown(group.statistic(score), group) for score in scores)]
    + [shown(statistic(_evaluated(group, one)), group) for one in labels]
    for group in groups
  ]
  note = 'The same of other scores; (n) where it is not of all units of the group.'
  if labels:
    note += ' Behind them, with what tells them apart in brackets, what --mode=evaluate measured last.'
  head = (
    'group',
    *(f'{score} ({direction(score)})' for score in scores),
    *(f'evaluated: {label}' for label in labels.values()),
  )
  return pages.note(note) + _scroll(pages.table(head, body))


def of_failed(runs: Sequence[Run]) -> str:
  """A row for each unit that failed: why, and where it says more; '' where none did."""
  failed = [run for run in runs if run.state in BROKEN]
  if not failed:
    return ''
  head = 'unit', 'state', 'overrides', 'message', 'round', 'log'
  told = ((run.state, _overrides(run), run.message, f'{run.rounds:,}') for run in failed)
  body = [[link(run), *map(html.escape, texts), _log(run)] for run, texts in zip(failed, told, strict=True)]
  return f'<h2>Failed</h2>{_scroll(pages.table(head, body), wide=False)}'


def of_all(runs: Sequence[Run], scores: Sequence[str], main: str) -> str:
  """A row for each unit, behind a line that opens it."""
  head = ['unit', 'state', 'overrides', 'seed', 'round', *scores, f'best {main}', 'at round', 'seconds', 'rounds/s']
  body = []
  for run in runs:
    step, best = run.best(main) or ('', '')
    paces = ('' if x is None else f'{x:.4g}' for x in (run.seconds, run.rounds_per_second))
    texts = [run.state, _overrides(run), f'{run.seed}', f'{run.rounds:,}']
    texts += [pages.number(run.final.get(score, '')) for score in scores]
    texts += [pages.number(best), f'{step}', *paces, f'{run.told.get("date", "")}']
    body.append([link(run), *map(html.escape, texts)])
  return (
    f'<details><summary>All {len(runs):,} units</summary>{_scroll(pages.table([*head, "last word"], body))}</details>'
  )


def link(run: Run) -> str:
  """The number of a unit, and the way to its report where there is one."""
  name = f'{run.unit.number:03d}'
  return f'<a href="{name}/report.html">{name}</a>' if 'report.html' in run.files else name


def shown(found: Statistic | None, group: Group) -> str:
  """HTML of mean and spread, with n where it is not the size of the group."""
  if found is None:
    return ''
  return told(found) + ('' if found.n == len(group.runs) else f' ({found.n})')


def told(found: Statistic) -> str:
  """HTML of a mean with as many digits as its spread lets it have, and the spread."""
  if not found.std:
    return f'{found.mean:.4g}' + ('' if found.std is None else ' &plusmn; 0')
  digits = max(0, 1 - math.floor(math.log10(found.std)))
  form = f'.{digits}f' if digits < MOST_DIGITS else '.3g'
  return f'{found.mean:{form}} &plusmn; {found.std:{form}}'


def _main(group, score, order):
  found, best = group.statistic(score), group.best(score)
  n = f'{found.n if found else 0} of {len(group.runs)}'
  values = (f'{getattr(found, name):.4g}' if found else '' for name in order)
  return [n, told(found) if found else '', *values, link(best) if best else '', html.escape(group.missing(score))]


def _evaluated(group, one):
  return [run.evaluated[one][0] for run in group.runs if one in run.evaluated and run.state == status.DONE]


def _name(group, best):
  name = html.escape(group.name)
  return f'<strong>★ {name}</strong>' if best else name


def _overrides(run):
  return ', '.join(f'{key}={value}' for key, value in run.unit.overrides.items())


def _log(run):
  """The way to what its process said, which may lie beside another unit."""
  name = f'{run.log.parent.name}/{run.log.name}'
  there = run.log.parent != run.folder or run.log.name in run.files
  return f'<a href="{name}">{name}</a>' if there else f'no {name}'


def _scroll(table, wide=True):
  return f'<div class="scroll{" wide" if wide else ""}">{table}</div>'
