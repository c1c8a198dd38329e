"""A number with all that it depends on: as a row of a table for people, and of scores.json for programs."""

import json
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any, NamedTuple

import rich.console
import rich.markup
import rich.table

from wgan_jax import workdir
from wgan_jax.errors import UserError
from wgan_jax.evaluation.measures import Meaningless, Value
from wgan_jax.progress import say

DRAWN = 'step', 'weights', 'truncation', 'standing_statistics', 'seed'


class Setting(NamedTuple):
  """What a number was measured on.

  split: of the real data. n_real, n_fake: samples compared. network, resizer, weights_sha256: of the features, '' for
  measures that need none. kept: whether those are samples out of more, whose features were kept.
  """

  split: str
  n_real: int
  n_fake: int
  network: str = ''
  resizer: str = ''
  weights_sha256: str = ''
  kept: bool = False

  def of_kept(self, n_real: int, n_fake: int) -> 'Setting':
    """That of a measure of so many features that were kept, where those are not all."""
    fewer = (n_real, n_fake) != (self.n_real, self.n_fake)
    return self._replace(n_real=n_real, n_fake=n_fake, kept=fewer)


class Scores:
  """The numbers of one evaluation.

  Args:
    chosen: the measures that are wanted, in any order; none for all that make sense.
  """

  def __init__(self, chosen: list[str]):
    self._chosen, self._taken, self._told = chosen, set(), set()
    self.rows, self.left_out = [], {}

  def wants(self, name: str) -> bool:
    """Whether a measure is to be taken."""
    return not self._chosen or name in self._chosen

  def take(self, name: str, setting: Setting, values: Iterator[Value]) -> None:
    """Takes the values of one measure; one that makes no sense is told of, with the reason."""
    try:
      self.rows += [(value, setting) for value in values]
      self._taken.add(name)
    except UserError as error:
      self.leave_out(name, setting, error)

  def leave_out(self, name: str, setting: Setting, reason: UserError) -> None:
    """Notes why there is nothing of a measure; the same reason is told once."""
    if f'{reason}' not in self._told and not isinstance(reason, Meaningless):
      say(f'{name}: left out, as {reason}')
    self._told.add(f'{reason}')
    self.left_out.setdefault(name, {})[', '.join(filter(None, (setting.network, setting.split)))] = f'{reason}'

  def check(self) -> None:
    """Raises a UserError for a measure that was asked for and makes no sense here at all."""
    for name in self._chosen:
      if name not in self._taken:
        raise UserError(f'{name}: {next(iter(self.left_out[name].values()))}')

  def write(self, folder: pathlib.Path, facts: dict[str, Any]) -> pathlib.Path:
    """Adds this evaluation to scores.json in the folder, as the last one, and returns that file.

    facts: of the evaluation; how the samples were drawn, DRAWN, stands beside each number too.
    """
    file, how = folder / 'scores.json', {key: facts[key] for key in DRAWN}
    scores = [{**value._asdict(), **setting._asdict(), **how} for value, setting in self.rows]
    evaluations = [*read(folder), {'scores': scores, 'left_out': self.left_out, **facts}]
    workdir.write_json(file, {'evaluations': evaluations})
    return file

  def show(self, name: str, facts: dict[str, Any]) -> None:
    """Prints a table: a row for each score, by what it is computed from; a column for each comparison.

    name: of the run. facts: as in `write`.
    """
    splits = list(dict.fromkeys(setting.split for _, setting in self.rows))
    spreads = dict.fromkeys(f'{v.name} +- {v.spread_is}' for v, _ in self.rows if v.spread is not None)
    table = rich.table.Table(
      '', *splits, title=f'{name}: {drawn(facts)}', caption='\n'.join(spreads), box=rich.box.SIMPLE_HEAD
    )
    table.title_justify = table.caption_justify = 'left'
    for column in table.columns[1:]:
      column.justify = 'right'
    groups = {}  # {what a number is computed from: {row: {split: what is shown}}}
    for value, setting in self.rows:
      of = groups.setdefault((setting.network, setting.resizer, setting.kept), {})
      of.setdefault('generated, real', {})[setting.split] = f'{setting.n_fake:,}, {setting.n_real:,}'
      of.setdefault(value.name, {})[setting.split] = _shown(value)
    for (network, resizer, kept), of in groups.items():
      parts = network or 'samples as they are', resizer and f'{resizer} resizing', 'some features' if kept else ''
      heading = ', '.join(filter(None, parts))
      table.add_row(rich.markup.escape(heading), style='bold')
      for name, values in of.items():
        table.add_row(f'  {name}', *(values.get(split, '') for split in splits))
    rich.console.Console(width=max(80, shutil.get_terminal_size().columns)).print(table)


def drawn(facts: dict[str, Any]) -> str:
  """How the samples of an evaluation were drawn, in a line."""
  truncation, passes = facts['truncation'], facts['standing_statistics']
  parts = [
    f'{facts["data"]}, round {facts["step"]:,}, {facts["weights"]}, seed {facts["seed"]}',
    f'codes within {truncation["threshold"]:g} ({truncation["kind"]})' if truncation else '',
    f'batch statistics of {passes["codes"]:,} codes' if passes else '',
  ]
  return ', '.join(filter(None, parts))


def read(folder: pathlib.Path) -> list[dict[str, Any]]:
  """The evaluations in the folder of a run, oldest first."""
  file = folder / 'scores.json'
  try:
    found = json.loads(file.read_text())['evaluations'] if file.exists() else []
    return [{**evaluation, 'scores': list(evaluation['scores'])} for evaluation in found]
  except (ValueError, KeyError, TypeError) as error:
    raise UserError(f'{file} is damaged: mend or remove it, and evaluate again') from error


def _shown(value):
  return f'{value.value:.5g}' if value.spread is None else f'{value.value:.5g} +- {value.spread:.2g}'
