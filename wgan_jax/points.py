"""Points and the masses that they carry: what every distance between sample sets asks of both."""

from collections.abc import Iterator

import numpy as np
import scipy.spatial

from wgan_jax.errors import UserError

FEW_DIMENSIONS = 64  # up to which the direct sum over dimensions is at least as fast as a product of matrices
BLOCK = 8_000_000  # distances in float64 that are looked at together: 64 MB
MASSES_AGREE = 1e-5  # relative, which sums of masses in float32 still do


def points(x: np.ndarray, name: str) -> np.ndarray:
  """Samples [N, ...] as vectors [N, D] in float64; numbers [N] as vectors of one.

  Raises:
    UserError: without a sample, or with one that is not finite.
  """
  x = np.asarray(x, np.float64)
  if x.ndim == 0 or x.size == 0:
    raise UserError(f'{name} holds no samples: distances need at least one, as an array [N, ...]')
  if not np.all(np.isfinite(x)):
    bad = np.sum(~np.isfinite(x.reshape(len(x), -1)).all(axis=1))
    raise UserError(f'{bad} of the {len(x)} samples in {name} are not finite: leave them out, or mend what makes them')
  return x.reshape(len(x), -1)


def pair_of_points(x: np.ndarray, y: np.ndarray, names: tuple[str, str] = ('x', 'y')) -> tuple[np.ndarray, np.ndarray]:
  """Both as vectors of one dimension, else a UserError."""
  x, y = points(x, names[0]), points(y, names[1])
  if x.shape[1] != y.shape[1]:
    raise UserError(
      f'{names[0]} has {x.shape[1]} dimensions and {names[1]} has {y.shape[1]}: compare samples of one shape'
    )
  return x, y


def masses(a: np.ndarray | None, n: int, name: str) -> np.ndarray:
  """Masses [n], 1 / n each for None; a UserError for a wrong length, a negative one, or a sum that is not positive."""
  if a is None:
    return np.full(n, 1 / n)
  a = np.asarray(a, np.float64)
  if a.shape != (n,):
    raise UserError(f'the masses {name} have shape {a.shape}: give one number for each of the {n} points')
  if not np.all(np.isfinite(a)) or np.any(a < 0) or a.sum() <= 0:
    raise UserError(f'the masses {name} run from {a.min():g} to {a.max():g}: they must be 0 or more, not all of them 0')
  return a


def pair_of_masses(a: np.ndarray | None, n: int, b: np.ndarray | None, m: int) -> tuple[np.ndarray, np.ndarray]:
  """Masses [n] and [m] of one sum, to the last bit; a UserError where they differ by more than rounding."""
  a, b = masses(a, n, 'a'), masses(b, m, 'b')
  if abs(a.sum() - b.sum()) > MASSES_AGREE * a.sum():
    raise UserError(
      f'the masses a sum to {a.sum():g} and b to {b.sum():g}: divide each by its sum, or add what is missing'
    )
  return a, b * (a.sum() / b.sum())


def power(p: float) -> float:
  """The order of a distance, a UserError below 1, where it is none."""
  if not np.isfinite(p) or p < 1:
    raise UserError(f'p={p:g} is no order of a Wasserstein distance: choose a number from 1 upwards')
  return float(p)


def euclidean(x: np.ndarray, y: np.ndarray) -> np.ndarray:
  """|x_i - y_j| of vectors [N, D] and [M, D]: [N, M].

  In many dimensions by |x|^2 + |y|^2 - 2 x.y; pairs so close that it loses half of its digits are computed again.
  """
  if x.shape[1] <= FEW_DIMENSIONS:
    return scipy.spatial.distance.cdist(x, y)
  mean = y.mean(axis=0)
  x, y = x - mean, y - mean
  lengths = np.sum(x**2, axis=1)[:, None] + np.sum(y**2, axis=1)[None]
  squares = lengths - 2 * (x @ y.T)
  close = squares <= 1e-8 * lengths
  for i in np.flatnonzero(close.any(axis=1)):
    squares[i, close[i]] = np.sum((x[i] - y[close[i]]) ** 2, axis=1)
  return np.sqrt(squares, out=squares)


def blocks(x: np.ndarray, y: np.ndarray, p: float) -> Iterator[tuple[slice, np.ndarray]]:
  """(rows, |x - y|^p [rows, M]) one after another, so that memory holds BLOCK of them and no more."""
  size = max(BLOCK // len(y), 1)
  for start in range(0, len(x), size):
    rows = slice(start, start + size)
    yield rows, euclidean(x[rows], y) ** p


def finite_costs(costs: np.ndarray) -> np.ndarray:
  """Costs [N, M] in float64, a UserError for another shape, for none, and for one that is not finite."""
  costs = np.asarray(costs, np.float64)
  if costs.ndim != 2 or not costs.size:
    raise UserError(f'costs have shape {costs.shape}: give an array [N, M] with a cost for every pair')
  if not np.all(np.isfinite(costs)):
    raise UserError(
      f'{np.sum(~np.isfinite(costs))} of {costs.size} costs are not finite: forbid a pair by a large number'
    )
  return costs
