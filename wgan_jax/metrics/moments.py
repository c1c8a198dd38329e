"""Mean and covariance of features that come in chunks, in memory that does not grow with their number."""

import os
import pathlib
import zipfile
import zlib
from typing import NamedTuple

import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.metrics import checks

ROWS = 1024  # folded in at once, whatever the chunks are: their size changes no bit of the result
# What numpy says of files that are torn or something else.
UNREADABLE = OSError, KeyError, ValueError, EOFError, TypeError, zipfile.BadZipFile, zlib.error


class _Sums(NamedTuple):
  n: int
  mean: np.ndarray  # [D]
  scatter: np.ndarray  # [D, D], the sum of (x - mean)(x - mean)^T

  @classmethod
  def of(cls, rows):
    mean = rows.mean(axis=0)
    return cls(len(rows), mean, (rows - mean).T @ (rows - mean))

  def with_(self, other):
    n = self.n + other.n
    delta = other.mean - self.mean
    scatter = self.scatter + other.scatter + np.outer(delta, delta) * (self.n * other.n / n)
    return _Sums(n, self.mean + delta * (other.n / n), scatter)


class Moments:
  """Number, mean and covariance of everything added, in float64.

  Chan, Golub & LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979), Eq. 2.1,
  for vectors: of two parts with n_a and n_b samples, whose means differ by d,

    mean = mean_a + d n_b / n        scatter = scatter_a + scatter_b + d d^T n_a n_b / n
  """

  def __init__(self):
    self._sums: _Sums | None = None
    self._rest: np.ndarray | None = None  # the last rows, fewer than ROWS

  def add(self, features: np.ndarray) -> 'Moments':
    """Takes a chunk [B, D] in and returns itself; NaN, infinity and another D are a UserError."""
    known = None if self._rest is None else self._rest.shape[1]
    rows = checks.features(features, dimensions=known).astype(np.float64)
    rows = rows if self._rest is None else np.concatenate([self._rest, rows])
    whole = len(rows) // ROWS * ROWS
    for start in range(0, whole, ROWS):
      self._fold(_Sums.of(rows[start : start + ROWS]))
    self._rest = rows[whole:].copy()
    return self

  def merge(self, other: 'Moments') -> 'Moments':
    """Takes in all that another has seen, on another device say, and returns itself."""
    if other.n:
      if self.n and self.dimensions != other.dimensions:
        raise UserError(f'moments of {other.dimensions} and of {self.dimensions} dimensions do not go together')
      self._rest = other._rest[:0] if self._rest is None else self._rest
      self._fold(other._total())
    return self

  def _fold(self, sums):
    self._sums = sums if self._sums is None else self._sums.with_(sums)

  def _total(self):
    """With the rows that wait, which go on waiting."""
    if not len(self._rest):
      return self._sums
    rest = _Sums.of(self._rest)
    return rest if self._sums is None else self._sums.with_(rest)

  @property
  def n(self) -> int:
    """How many samples there were."""
    return (self._sums.n if self._sums else 0) + (0 if self._rest is None else len(self._rest))

  @property
  def dimensions(self) -> int:
    """D."""
    checks.enough(self.n, '', 1)
    return self._rest.shape[1]

  @property
  def mean(self) -> np.ndarray:
    """[D]."""
    checks.enough(self.n, '', 1)
    return self._total().mean

  @property
  def covariance(self) -> np.ndarray:
    """[D, D], with the divisor n - 1."""
    checks.enough(self.n, '', 2)
    return self._total().scatter / (self.n - 1)

  def save(self, path: os.PathLike | str) -> None:
    """Writes n, mean and scatter as .npz, whole or not at all."""
    checks.enough(self.n, '', 1)
    partial = pathlib.Path(f'{path}.partial-{os.getpid()}')
    with partial.open('wb') as file:
      np.savez(file, **self._total()._asdict())
    partial.replace(path)

  @classmethod
  def load(cls, path: os.PathLike | str) -> 'Moments':
    """What `save` wrote; a file that is torn or something else is a UserError."""
    try:
      with pathlib.Path(path).open('rb') as file, np.load(file) as found:  # numpy leaves files open that it cannot read
        n, mean, scatter = int(found['n']), found['mean'], found['scatter']
    except UNREADABLE as error:
      raise UserError(f'{path} holds no moments of features ({error}): delete it, to have them taken anew') from error
    sound = mean.ndim == 1 and scatter.shape == 2 * mean.shape and np.isfinite(mean).all()
    if not sound or not np.isfinite(scatter).all() or np.any(np.diag(scatter) < 0):
      raise UserError(f'{path} holds no moments of features: delete it, to have them taken anew')
    moments = cls()
    moments._sums, moments._rest = _Sums(n, mean, scatter), np.zeros((0, len(mean)))
    return moments
