"""How the units of a sweep stand: what each run says of itself, and what the place where it runs says."""

import concurrent.futures
import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from etils import epath

from wgan_jax import status
from wgan_jax.sweep.units import Unit

WAITING, KILLED = 'waiting', 'killed'  # never started; ended without a word
AT_ONCE = 16  # folders, which may be far away
BROKEN = status.FAILED, KILLED
LEFT = WAITING, status.PREEMPTED  # to be started (again)
COLOURS = {  # in a terminal
  status.DONE: 'green',
  status.FAILED: 'red',
  KILLED: 'red',
  status.RUNNING: 'cyan',
  status.PREEMPTED: 'yellow',
}


class State(NamedTuple):
  """How a unit stands.

  word: one of those of status.py, of a backend or of this file. told: its status.json. log: what its process said.
  """

  unit: Unit
  word: str
  told: dict[str, Any]
  log: epath.Path

  @property
  def message(self) -> str:
    """Why it failed, in a line."""
    return self.told.get('message') or _last_line(self.log).removeprefix('error: ') or 'it ended without a word'


def read(
  root: epath.PathLike, units: Sequence[Unit], going: Mapping[int, str], logs: Mapping[int, epath.Path]
) -> list[State]:
  """The states of units, in order.

  going: {number: word} of those that a backend has. logs: {number: file} where that is not in a unit's own folder.
  """
  with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
    return list(pool.map(functools.partial(of_unit, root, going, logs), units))


def counted(states: Iterable[State]) -> str:
  """'3 done, 1 running'."""
  counts = Counter(state.word for state in states)
  return ', '.join(f'{n} {word}' for word, n in counts.most_common())


def of_unit(root: epath.PathLike, going: Mapping[int, str], logs: Mapping[int, epath.Path], unit: Unit) -> State:
  """The state of one unit, as `read` tells it."""
  folder = unit.folder(root)
  told, log = status.read(folder), logs.get(unit.number, folder / 'log')
  if unit.number in going:
    word = going[unit.number]
  elif not told:
    # It had no folder yet to say so in.
    word = status.FAILED if 'error' in _last_line(log).lower() else WAITING
  else:
    # Of one that runs, a backend would know.
    word = KILLED if told['state'] == status.RUNNING else told['state']
  return State(unit, word, told, log)


def last_line(said: bytes) -> str:
  """The last line that is not empty of what a process said; of a bar that was drawn over and over, the last."""
  lines = said.decode(errors='replace').replace('\r', '\n').splitlines()
  return next((line.strip() for line in reversed(lines) if line.strip()), '')


def _last_line(file):
  try:
    return last_line(file.read_bytes())
  except OSError:
    return ''
