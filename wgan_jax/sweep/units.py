"""Work units: the runs that a sweep is made of, frozen in units.json before the first of them starts."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from etils import epath

from wgan_jax import remote, workdir
from wgan_jax.errors import UserError

FILE = remote.UNITS


class Unit(NamedTuple):
  """One run: a command line that anybody can type.

  number: its place in the sweep. overrides: what the sweep says of it, {full key: value}.
  arguments: of launch.py, but --workdir: ['--config=experiments/toy_wgan_gp.py', '--config.seed=3', ...].
  """

  number: int
  overrides: dict[str, Any]
  arguments: list[str]

  def folder(self, root: epath.PathLike) -> epath.Path:
    """The folder of the run in that of the sweep."""
    return epath.Path(root) / f'{self.number:03d}'


class Job(NamedTuple):
  """What a backend starts as one: a unit, or several that one program trains side by side.

  units: these. arguments: of launch.py, --workdir among them; the same on every backend.
  """

  units: tuple[Unit, ...]
  arguments: list[str]

  @property
  def name(self) -> str:
    """For people and for schedulers: '003', or '003-007' of several."""
    return '-'.join(dict.fromkeys(f'{unit.number:03d}' for unit in (self.units[0], self.units[-1])))


def freeze(root: epath.PathLike, units: Sequence[Unit], facts: dict[str, Any]) -> None:
  """Writes units.json into the folder of a sweep. facts: of all units: the experiment's file, the sweep's name, ..."""
  root = epath.Path(root)
  root.mkdir(parents=True, exist_ok=True)
  workdir.write_json(root / FILE, {**facts, 'units': [unit._asdict() for unit in units]})


def check(root: epath.Path) -> None:
  """Raises a UserError where one run has the folder to itself."""
  if (root / 'config.json').exists():
    raise UserError(f'{root} is the folder of a single run: choose another --workdir=')


def begun(root: epath.PathLike, units: Sequence[Unit]) -> bool:
  """Whether one of them ever started: has a folder."""
  return any(unit.folder(root).exists() for unit in units)


def frozen(root: epath.PathLike) -> tuple[list[Unit], dict[str, Any]] | None:
  """(units, facts) of the sweep in a folder, None where there is none.

  Raises:
    UserError: when units.json is damaged.
  """
  file = epath.Path(root) / FILE
  if not file.exists():
    return None
  try:
    facts = json.loads(file.read_text())
    return [Unit(**unit) for unit in facts.pop('units')], facts
  except (ValueError, TypeError, KeyError, AttributeError) as error:
    raise UserError(f'{file} is damaged: mend it, or choose another --workdir=') from error


def agree(root: epath.Path, theirs: Sequence[Unit], ours: Sequence[Unit]) -> None:
  """Raises a UserError where other units are in a folder."""
  if len(theirs) != len(ours):
    raise UserError(f'the sweep in {root} has {len(theirs)} units, not {len(ours)}: choose another --workdir=')
  for old, new in zip(theirs, ours, strict=True):
    if old.arguments != new.arguments:
      was, is_now = _only(old, new), _only(new, old)
      raise UserError(f'unit {new.number} in {root} has {was}, and now {is_now}: choose another --workdir=')


def _only(one, other):
  """The arguments that another unit has not."""
  return ' '.join(x for x in one.arguments if x not in other.arguments) or 'nothing of the kind'
