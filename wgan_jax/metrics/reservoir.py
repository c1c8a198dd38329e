"""A uniform random sample of a stream, of a size set in advance: for measures that need the features themselves."""

import numpy as np

from wgan_jax.metrics import checks


class Reservoir:
  """At most `limit` of the rows added, each of them with the same probability: all of them, in order, while they fit.

  Vitter, "Random Sampling with a Reservoir" (1985), Algorithm R. What is kept depends on the seed and the order of
  rows, not on the chunks that they come in.

  Args:
    limit: rows to keep.
    seed: of the choice.
  """

  def __init__(self, limit: int, seed: int = 0):
    self._limit, self._rng = limit, np.random.Generator(np.random.Philox(seed))
    self._rows: np.ndarray | None = None
    self.n = 0  # rows seen

  def add(self, features: np.ndarray) -> 'Reservoir':
    """Takes a chunk [B, D] in and returns itself."""
    rows = checks.features(features, dimensions=None if self._rows is None else self._rows.shape[1])
    if self._rows is None:
      self._rows = np.empty((self._limit, rows.shape[1]), rows.dtype)
    seen = self.n + np.arange(len(rows))
    slots = np.where(seen < self._limit, seen, (self._rng.random(len(rows)) * (seen + 1)).astype(np.int64))
    kept = slots < self._limit
    self._rows[slots[kept]] = rows[kept]  # the last of several that want one slot has it, as one by one
    self.n += len(rows)
    return self

  @property
  def features(self) -> np.ndarray:
    """[min(n, limit), D]."""
    checks.enough(self.n, '', 1)
    return self._rows[: self.n]
