"""A number with all that it depends on: as a row of a table for people, and of scores.json for programs."""

import itertools
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any, NamedTuple

import rich.console
import rich.markup
import rich.table

from wgan_jax import workdir
from wgan_jax.errors import UserError
from wgan_jax.evaluation.measures import Value
from wgan_jax.progress import say


class Setting(NamedTuple):
  """What a number was measured on.

  split: of the real data. n_real, n_fake: samples compared. network, resizer, weights_sha256: of the features, '' for
  measures that need none.
  """

  split: str
  n_real: int
  n_fake: int
  network: str = ''
  resizer: str = ''
  weights_sha256: str = ''


class Scores:
  """The numbers of one evaluation.

  Args:
    chosen: the measures that are wanted, in any order; none for all that make sense.
  """

  def __init__(self, chosen: list[str]):
    self._chosen, self.rows, self.left_out = chosen, [], {}

  def wants(self, name: str) -> bool:
    """Whether a measure is to be taken."""
    return not self._chosen or name in self._chosen

  def take(self, name: str, setting: Setting, values: Iterator[Value]) -> None:
    """Takes the values of one measure; one that makes no sense is told of, and refused where it was asked for."""
    try:
      self.rows += [(value, setting) for value in values]
    except UserError as error:
      if self._chosen:
        raise UserError(f'{name}: {error}') from error
      where = ' in '.join(filter(None, (name, setting.network)))
      self.left_out[f'{where}, {setting.split}'] = f'{error}'
      say(f'{where}, {setting.split}: left out, as {error}')

  def write(self, file: pathlib.Path, facts: dict[str, Any]) -> None:
    """scores.json: each number with its setting and the facts of the evaluation, which all of them share."""
    drawn = {key: facts[key] for key in ('step', 'weights', 'truncation', 'standing_statistics', 'seed')}
    scores = [
      {
        'name': value.name,
        'value': value.value,
        'spread': value.spread,
        'spread_is': value.spread_is,
        **setting._asdict(),
        **drawn,
      }
      for value, setting in self.rows
    ]
    workdir.write_json(file, {'scores': scores, 'left_out': self.left_out, **facts})

  def show(self, title: str) -> None:
    """Prints a table: a row for each score, by what it is computed from; a column for each comparison."""
    splits = list(dict.fromkeys(setting.split for _, setting in self.rows))
    table = rich.table.Table('', *splits, title=title, title_justify='left', box=rich.box.SIMPLE_HEAD)
    for column in table.columns[1:]:
      column.justify = 'right'
    for (network, resizer), group in itertools.groupby(sorted(self.rows, key=_source), key=_source):
      of = {}  # {row: {split: what is shown}}
      for value, setting in group:
        of.setdefault('generated, real', {})[setting.split] = f'{setting.n_fake:,}, {setting.n_real:,}'
        of.setdefault(value.name, {})[setting.split] = _shown(value)
      heading = ', '.join(filter(None, (network or 'samples as they are', resizer and f'{resizer} resizing')))
      table.add_row(rich.markup.escape(heading), style='bold')
      for name, values in of.items():
        table.add_row(f'  {name}', *(values.get(split, '') for split in splits))
    rich.console.Console(width=max(80, shutil.get_terminal_size().columns)).print(table)


def _source(row):
  """What a number is computed from."""
  return row[1].network, row[1].resizer


def _shown(value):
  return f'{value.value:.5g}' if value.spread is None else f'{value.value:.5g} +- {value.spread:.2g}'
