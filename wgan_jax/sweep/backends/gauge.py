"""How far a run has come, read cheaply from its folder while it trains."""

import collections
import json
import pathlib
import time
from typing import Any, NamedTuple

from wgan_jax import status

TAIL = 16_384  # bytes of metrics.jsonl, which hold its last rows
PACE_OVER = 30  # changes that are remembered


class Reading(NamedTuple):
  """step, steps: rounds played and wanted, 0 where nothing is known. rate: rounds in a second, None before it is known.

  scores: the last ones by name. message: of what failed.
  """

  step: int = 0
  steps: int = 0
  rate: float | None = None
  scores: dict[str, Any] = {}
  message: str = ''

  @property
  def seconds_left(self) -> float | None:
    """None where the pace is not known."""
    return (self.steps - self.step) / self.rate if self.rate and self.steps else None


class Gauge:
  """Reads one run again and again; its pace from the first change on, before which it compiles."""

  def __init__(self, folder: pathlib.Path):
    self._folder, self._changes = folder, collections.deque(maxlen=PACE_OVER)
    self._step = _step(folder, status.read(folder))

  def read(self) -> Reading:
    """How far it is now."""
    told = status.read(self._folder)
    step = _step(self._folder, told)
    if step != self._step:
      self._step = step
      self._changes.append((time.monotonic(), step))
    return Reading(step, told.get('steps') or 0, self._rate(), told.get('scores') or {}, told.get('message') or '')

  def _rate(self):
    if len(self._changes) < 2:
      return None
    (since, first), (until, last) = self._changes[0], self._changes[-1]
    return (last - first) / (until - since) if last > first else None


def _step(folder, told):
  return max(told.get('step') or 0, last_step(folder))


def last_step(folder: pathlib.Path) -> int:
  """The round of the last row in metrics.jsonl, 0 where there is none."""
  try:
    with (folder / 'metrics.jsonl').open('rb') as file:
      file.seek(max(0, file.seek(0, 2) - TAIL))
      lines = file.read().splitlines()
  except OSError:
    return 0
  for line in reversed(lines):
    try:
      return int(json.loads(line)['step'])
    except (ValueError, KeyError, TypeError):
      continue
  return 0
