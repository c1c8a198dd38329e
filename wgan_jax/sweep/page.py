"""sweep.html: what became of a sweep, on one page that needs no other file."""

import collections
import datetime
import html
from collections.abc import Sequence
from typing import Any

from wgan_jax import pages
from wgan_jax.sweep import page_drawings, page_tables
from wgan_jax.sweep.differences import short_names, varying
from wgan_jax.sweep.groups import SEED, groups_of
from wgan_jax.sweep.runs import STATES, Run, main_score, scores_of

SAID = 'experiment', 'sweep', 'command', 'backend'  # of units.json
BAR = '#00a077', '#c0392b', '#7a2e8a', '#0a84d0', '#5cb8f0', '#8a8a8a55', '#e07a00', '#8a8a8a'  # colours of STATES
COLOURS = dict(zip(STATES, BAR, strict=True))


def html_of(runs: Sequence[Run], facts: dict[str, Any]) -> str:
  """The text of sweep.html. facts: of units.json."""
  groups, score, scores = groups_of(runs), main_score(runs), scores_of(runs)
  others = [name for name in scores if name != score]
  scores = [score, *others] if score else []
  parts = [
    _bar(runs),
    pages.facts(_facts(runs, facts)),
    '<h2>Groups</h2>',
    _meanings(runs),
    page_tables.of_groups(groups, score) if score else pages.note('No unit has scores yet.'),
    page_tables.of_other_scores(groups, others),
    page_drawings.over_rounds(groups, scores, score),
    page_drawings.against(groups, scores),
    page_drawings.samples_of(groups, score),
    page_tables.of_failed(runs),
    _trouble(runs),
    '<h2>Units</h2>',
    page_tables.of_all(runs, scores, score),
    _config(runs),
  ]
  return pages.page(_title(facts), _counts(runs), ''.join(parts))


def _title(facts):
  experiment = f'{facts.get("experiment", "sweep")}'.rpartition('/')[2].removesuffix('.py')
  return f'{experiment}, sweep {facts["sweep"]}' if facts.get('sweep') else experiment


def _counts(runs):
  counts = collections.Counter(run.state for run in runs)
  told = ', '.join(f'{counts[state]:,} {state}' for state in STATES if counts[state])
  return f'{len(runs):,} {"unit" if len(runs) == 1 else "units"}: {told}'


def _bar(runs):
  counts = collections.Counter(run.state for run in runs)
  parts = (f'<i style="flex:{counts[s]};background:{COLOURS[s]}" title="{s}"></i>' for s in STATES if counts[s])
  return f'<div style="display:flex;height:8px;gap:2px;margin:.6em 0 1em">{"".join(parts)}</div>'


def _facts(runs, facts):
  """What the head of the page says of all units together."""
  starts = sorted((start for run in runs for start in run.starts), key=lambda start: f'{start.get("date")}')
  dates = [f'{x["date"]}' for x in (*starts, *(run.told for run in runs)) if x.get('date')]
  seconds = sum(_processes(runs).values())
  said = {
    **{key: facts.get(key) for key in SAID},
    'folder': runs[0].folder.parent if runs else '',
    'of all units': ', '.join(f'{key}={value}' for key, value in (facts.get('shared') or {}).items()),
    'first start': _date(min(dates, default='')),
    'last word': _date(max(dates, default='')),
    'time of all processes together': datetime.timedelta(seconds=round(seconds)) if seconds else '',
    'machine': '; '.join(dict.fromkeys(map(_machine, starts))),
    'git revision': '; '.join(dict.fromkeys(_revision(s) for s in starts if s.get('git_revision'))),
  }
  return {key: value for key, value in said.items() if value}


def _processes(runs):
  """{process: its seconds}: units that one process trained side by side tell of the same time."""
  return {
    (start.get('command'), number): sum(start['seconds'].values())
    for run in runs
    for number, start in enumerate(run.starts)
    if 'seconds' in start
  }


def _machine(start):
  return f'{start.get("n_devices")} x {start.get("device")} ({start.get("host")})'


def _revision(start):
  return f'{start["git_revision"]:.12}{" with changes" if start.get("git_changes") else ""}'


def _date(text):
  return text.replace('T', ' ').replace('+00:00', ' UTC')


def _meanings(runs):
  """Which keys short names stand for."""
  short = short_names(varying([{k: v for k, v in run.unit.overrides.items() if k != SEED} for run in runs]))
  told = [f'{name} is {key}' for key, name in short.items() if name != key]
  return pages.note(f'{"; ".join(told)}.') if told else ''


def _trouble(runs):
  """Files that cannot be read, which are in no number above."""
  lines = [f'{run.unit.number:03d}: {text}' for run in runs for text in run.trouble]
  items = ''.join(f'<li>{html.escape(line)}</li>' for line in lines)
  return f'<h2>Files that cannot be read</h2><ul>{items}</ul>' if lines else ''


def _config(runs):
  """Of the first unit that has one, without what differs."""
  config = next((run.config for run in runs if run.config), {})
  differ = {key for run in runs for key in run.unit.overrides}
  alike = {key: value for key, value in config.items() if key not in differ}
  return f'<details><summary>Config of all units</summary>{pages.facts(alike)}</details>' if alike else ''
