"""Where the time of a run goes, and how many rounds fit into a second."""

import collections
import contextlib
import time
from collections.abc import Iterator


class Clock:
  """Seconds by what they were spent on, of this process."""

  def __init__(self):
    self.seconds = collections.defaultdict(float)
    self._seconds_per_round = float('inf')

  @contextlib.contextmanager
  def measure(self, what: str) -> Iterator[None]:
    """Adds the time spent inside to `what`."""
    start = time.perf_counter()
    yield
    self.seconds[what] += time.perf_counter() - start

  @contextlib.contextmanager
  def rounds(self, n: int, compiled: bool) -> Iterator[None]:
    """Measures n rounds; those that had to be compiled first say nothing about the pace."""
    before = self.seconds['rounds']
    with self.measure('rounds' if compiled else 'compilation and its first rounds'):
      yield
    if compiled:
      self._seconds_per_round = (self.seconds['rounds'] - before) / n

  def rounds_in(self, seconds: float) -> int:
    """How many rounds fit, at least one: as many as the last pace allows."""
    return max(1, int(seconds / self._seconds_per_round))
