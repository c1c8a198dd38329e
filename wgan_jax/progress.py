"""How work that takes long tells people where it stands: a bar in a terminal, a line now and then in a file."""

import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import tqdm

from wgan_jax import hosts

SECONDS_BETWEEN_LINES = 15
T = TypeVar('T')


class Progress:
  """One bar over a run's rounds.

  Args:
    done, total: rounds played, and all of them.
    images_per_round: real images that a round of one run looks at, for the images/s.
    runs: that are trained side by side; of several the rounds/s of all together are told too.
  """

  def __init__(self, done: int, total: int, images_per_round: int, runs: int = 1):
    self._bar = tqdm.tqdm(
      total=total, initial=done, unit='rounds', dynamic_ncols=True, disable=not _shown(), file=sys.stderr
    )
    self._total, self._images_per_round, self._runs = total, images_per_round, runs
    self._first, self._since, self._last_line = done, time.perf_counter(), time.perf_counter()

  def restart_clock(self, step: int) -> None:
    """Leaves what came before `step`, compilation above all, out of the images/s."""
    self._first, self._since = step, time.perf_counter()

  def update(self, step: int, metrics: Sequence[dict[str, float]]) -> None:
    """Shows round `step` and those of its metrics that are no gradient norms: of several runs mean and deviation."""
    rate = (step - self._first) / max(time.perf_counter() - self._since, 1e-9)
    names = [name for name in (metrics[0] if metrics else ()) if '/' not in name]
    shown = {name: _spread([of_run[name] for of_run in metrics]) for name in names}
    if self._runs > 1:
      shown[f'rounds/s of all {self._runs}'] = f'{rate * self._runs:,.0f}' if rate else '-'
    shown['images/s'] = f'{rate * self._runs * self._images_per_round:,.0f}' if rate else '-'
    self._bar.set_postfix(shown, refresh=False)
    self._bar.update(step - self._bar.n)
    if self._bar.disable and time.perf_counter() - self._last_line > SECONDS_BETWEEN_LINES:
      self._last_line = time.perf_counter()
      left = (self._total - step) / rate if rate else float('inf')
      values = '  '.join(f'{name} {value}' for name, value in shown.items())
      say(f'round {step:,} of {self._total:,}  {values}  {_clock(left)} left')

  def close(self) -> None:
    """Leaves the bar as it is."""
    self._bar.close()


def steps(iterable: Iterable[T], what: str, total: int) -> Iterator[T]:
  """Passes on what there is to do, `total` things, and tells how far it has come if that takes more than a second."""
  bar = tqdm.tqdm(
    iterable,
    what,
    total,
    delay=1,
    leave=False,
    dynamic_ncols=True,
    disable=not _shown(),
    file=sys.stderr,
  )
  last_line = time.perf_counter()
  for done, item in enumerate(bar):
    if bar.disable and time.perf_counter() - last_line > SECONDS_BETWEEN_LINES:
      last_line = time.perf_counter()
      say(f'{what}: {done:,} of {total:,}')
    yield item


def say(line: str) -> None:
  """A line of its own, above any bar; of several processes the first one speaks."""
  if hosts.first():
    tqdm.tqdm.write(line, file=sys.stderr)


def _shown():
  return sys.stderr.isatty() and hosts.first()


def _spread(values):
  mean = f'{statistics.fmean(values):.4g}'
  return f'{mean} +- {statistics.pstdev(values):.2g}' if len(values) > 1 else mean


def _clock(seconds):
  return tqdm.tqdm.format_interval(seconds) if seconds < 1e7 else '?'
