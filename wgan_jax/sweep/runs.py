"""What is known of the runs of a sweep, read from their folders at any time: some run, some failed, some are torn."""

import concurrent.futures
import functools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from etils import epath

from wgan_jax import evaluators, log, status, workdir
from wgan_jax.errors import UserError
from wgan_jax.sweep import evaluated
from wgan_jax.sweep.backends import QUEUED
from wgan_jax.sweep.states import AT_ONCE, BROKEN, KILLED, LEFT, WAITING, State, of_unit
from wgan_jax.sweep.units import Unit
from wgan_jax.watching.page import OWN

UNKNOWN = 'unknown'  # of a unit that has started and whose status.json cannot be read
STATES = status.DONE, *BROKEN, status.RUNNING, QUEUED, *LEFT, UNKNOWN
TRAINING = 'rounds', 'compilation and its first rounds'  # of the seconds in run.json


class Run(NamedTuple):
  """The run of a unit.

  folder: of it. state: one of STATES. message: why it failed, '' if it did not. log: what its process said.
  told: status.json. config: by full key, {} where there is none. starts: as in run.json.
  looks: the scores of each look by name, `step` among them. evaluated: {what was measured: (value, round)}.
  files: names of what lies in the folder. trouble: files that cannot be read.
  """

  unit: Unit
  folder: epath.Path
  state: str
  message: str
  log: epath.Path
  told: dict[str, Any]
  config: dict[str, Any]
  starts: list[dict[str, Any]]
  looks: list[dict[str, float]]
  evaluated: dict[evaluated.Measured, tuple[float, int]]
  files: frozenset[str]
  trouble: list[str]

  @property
  def rounds(self) -> int:
    """Rounds played, as far as is known."""
    return max([self.told.get('step') or 0, *(int(look['step']) for look in self.looks)])

  @property
  def seed(self) -> Any:
    """'' where it is not known."""
    return self.unit.overrides.get('seed', self.config.get('seed', ''))

  @property
  def final(self) -> dict[str, float]:
    """Scores of the last look by name."""
    return {name: value for name, value in self.looks[-1].items() if name != 'step'} if self.looks else {}

  @property
  def rank(self) -> str:
    """The score by which its checkpoints are ranked, '' where none is known."""
    return self.config.get('checkpoint.best') or next(iter(self.final), '')

  @property
  def seconds(self) -> float | None:
    """Of all its starts that ended well enough to say."""
    told = [sum(start['seconds'].values()) for start in self.starts if 'seconds' in start]
    return sum(told) if told else None

  @property
  def rounds_per_second(self) -> float | None:
    """Rounds by the time that they and their compilation took."""
    ends = [*(start['from_step'] for start in self.starts[1:]), self.rounds]
    told = [
      (end - start['from_step'], sum(start['seconds'].get(what, 0) for what in TRAINING))
      for start, end in zip(self.starts, ends, strict=False)
      if 'seconds' in start
    ]
    rounds, seconds = map(sum, zip(*told, strict=True)) if told else (0, 0)
    return rounds / seconds if seconds else None

  def best(self, name: str) -> tuple[int, float] | None:
    """(round, value) of the look at which a score was best, None where it never was finite."""
    looks = [(int(look['step']), look[name]) for look in self.looks if math.isfinite(look.get(name, math.nan))]
    return min(looks, key=lambda look: towards(name, look[1])) if looks else None


def towards(name: str, value: float) -> float:
  """What is the smaller, the better a score of that name is."""
  return -value if name in evaluators.HIGHER_IS_BETTER else value


def direction(score: str) -> str:
  """In words, which way a score is better."""
  return 'higher is better' if score in evaluators.HIGHER_IS_BETTER else 'lower is better'


def read(root: epath.PathLike, units: Sequence[Unit], known: Mapping[int, State]) -> list[Run]:
  """The runs of these units of the sweep in a folder, in order. known: their states by number, where they are known."""
  with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
    return list(pool.map(functools.partial(_run, root, known), units))


def scores_of(runs: Iterable[Run]) -> list[str]:
  """Names of the scores of samples, in order: what watches a critic is none."""
  names = dict.fromkeys(name for run in runs for name in run.final)
  return [name for name in names if not name.startswith(OWN)]


def main_score(runs: Sequence[Run]) -> str:
  """The score by which all that have scores can be ranked, '' before there are any."""
  ranks, names = {run.rank for run in runs if run.looks}, scores_of(runs)
  if len(ranks) == 1:
    return ranks.pop()
  of_all = [name for name in names if all(name in run.final for run in runs if run.looks)]
  return next(iter(of_all), next(iter(names), ''))


def _run(root, known, unit):
  folder, trouble = unit.folder(root), []
  files = _files(folder)
  stands = known.get(unit.number) or _said(root, unit)

  def read(file, default, call):
    return _tried(trouble, default, call, folder) if file in files else default

  config = read('config.json', {}, workdir.read_config)
  starts = read('run.json', [], _starts)
  looks = read('metrics.jsonl', [], _looks)
  found = read('scores.json', {}, evaluated.read)
  begun = config or starts or looks or trouble
  word = UNKNOWN if stands.word not in STATES or (stands.word == WAITING and begun) else stands.word
  message = stands.message if word in BROKEN else ''
  return Run(unit, folder, word, message, stands.log, stands.told, config, starts, looks, found, files, trouble)


def _said(root, unit):
  """What a unit last said of itself, where nobody was asked whether that still holds."""
  stands = of_unit(root, {}, {}, unit)
  return stands._replace(word=status.RUNNING) if stands.word == KILLED else stands


def _files(folder):
  try:
    return frozenset(file.name for file in folder.iterdir())
  except OSError:
    return frozenset()


def _tried(trouble: list[str], default: Any, call: Callable[[epath.Path], Any], folder: epath.Path) -> Any:
  """What `call` returns of a folder, or the default where what it reads is torn."""
  try:
    return call(folder)
  except (UserError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
    trouble.append(' '.join(f'{type(error).__name__}: {error}'.removeprefix('UserError: ').split()))
    return default


def _starts(folder):
  """The starts of a run, such as can be counted on."""
  starts = workdir.read_starts(folder)
  return [{**start, 'from_step': int(start['from_step'])} for start in starts]


def _looks(folder):
  rows = ({name: _float(value) for name, value in row.items()} for row in log.read(folder, 'sliced_w1'))
  return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _float(value):
  """Also of what JSON has no word for, None of what is no number."""
  try:
    return float(value)
  except (TypeError, ValueError):
    return None
