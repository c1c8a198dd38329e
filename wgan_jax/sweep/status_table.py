"""The table that --status prints."""

import datetime
import sys
from collections.abc import Sequence

import rich.console
import rich.markup
import rich.table
from etils import epath

from wgan_jax.sweep import differences, runs, states

AGES = (86_400, 'd'), (3_600, 'h'), (60, 'min'), (1, 's')


def show(root: epath.Path, found: Sequence[states.State]) -> None:
  """Prints how units stand, and what tells them apart."""
  keys = differences.varying([state.unit.overrides for state in found])
  names = differences.short_names(keys).values()
  table = rich.table.Table('unit', *names, 'state', 'rounds', 'score', 'last word', box=None, pad_edge=False)
  there = runs.read(root, [state.unit for state in found], {state.unit.number: state for state in found})
  for state, run in zip(found, there, strict=True):
    table.add_row(
      f'{state.unit.number:03d}',
      *(rich.markup.escape(differences.text(state.unit.overrides.get(key, ''))) for key in keys),
      f'[{states.COLOURS.get(state.word, "default")}]{state.word}',
      f'{run.rounds:,} of {run.config["train.steps"]:,}' if 'train.steps' in run.config else '',
      f'{run.rank} {run.final[run.rank]:.4g}' if run.rank in run.final else '',
      _age(state.told.get('date')),
    )
  width = None if sys.stdout.isatty() else 1_000  # a file has no edge
  rich.console.Console(width=width, highlight=False).print(table)


def _age(date: str | None) -> str:
  if not date:
    return ''
  seconds = (datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(date)).total_seconds()
  n, name = next(((n, name) for n, name in AGES if seconds >= n), AGES[-1])
  return f'{max(0, seconds) // n:.0f} {name} ago'
