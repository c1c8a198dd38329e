"""How work that takes long tells people where it stands: a bar in a terminal, a line now and then in a file."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import tqdm

from wgan_jax import hosts

SECONDS_BETWEEN_LINES = 15
T = TypeVar('T')


class Progress:
  """One bar over a run's rounds.

  Args:
    done, total: rounds played, and all of them.
    images_per_round: real images that a round looks at, for the images/s.
  """

  def __init__(self, done: int, total: int, images_per_round: int):
    self._bar = tqdm.tqdm(
      total=total, initial=done, unit='rounds', dynamic_ncols=True, disable=not _shown(), file=sys.stderr
    )
    self._total, self._images_per_round = total, images_per_round
    self._first, self._since, self._last_line = done, time.perf_counter(), time.perf_counter()

  def restart_clock(self, step: int) -> None:
    """Leaves what came before `step`, compilation above all, out of the images/s."""
    self._first, self._since = step, time.perf_counter()

  def update(self, step: int, metrics: dict[str, float]) -> None:
    """Shows round `step` and those of its metrics that are no gradient norms."""
    rate = (step - self._first) / max(time.perf_counter() - self._since, 1e-9)
    shown = {name: f'{value:.4g}' for name, value in metrics.items() if '/' not in name}
    shown['images/s'] = f'{rate * self._images_per_round:,.0f}' if rate else '-'
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


def _clock(seconds):
  return tqdm.tqdm.format_interval(seconds) if seconds < 1e7 else '?'
