"""Distances that have a formula: W on the line and between coins, KL of Gaussians; metrics/frechet.py has their W₂.

Peyre & Cuturi, "Computational Optimal Transport", section 2.6, https://arxiv.org/abs/1803.00567.
"""

import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.points import pair_of_masses, power


def on_the_line(
  x: np.ndarray, y: np.ndarray, a: np.ndarray | None = None, b: np.ndarray | None = None, p: float = 1
) -> float:
  """W_p on the line, (integral over t in [0, 1] of |F_x^-1(t) - F_y^-1(t)|^p)^(1/p).

  On the line the best plan keeps the order, so that quantile goes to the same quantile.

  Args:
    x, y: places [N] and [M], or intervals [N, 2] and [M, 2] on which masses lie evenly and which do not overlap.
    a, b: masses of equal sums S; None for 1 / N and 1 / M each. With S other than 1, the integral is S times as large.
  """
  (x, y), p = (intervals(x, 'x'), intervals(y, 'y')), power(p)
  a, b = pair_of_masses(a, len(x), b, len(y))
  (x, a), (y, b) = in_order(x, a, 'x'), in_order(y, b, 'y')
  total = a.sum()
  levels = np.unique(np.concatenate([[0.0], np.cumsum(a)[:-1], np.cumsum(b)[:-1], [total]]).clip(0, total))
  middle, width = (levels[1:] + levels[:-1]) / 2, np.diff(levels)
  # Between two neighbouring levels both quantile functions are straight, and so is their difference.
  left, right = (quantiles(x, a, ends, middle) - quantiles(y, b, ends, middle) for ends in (levels[:-1], levels[1:]))
  farthest = max(np.abs(left).max(), np.abs(right).max()) or 1.0  # the unit, so that no power of it overflows
  return float(farthest * np.sum(width * mean_power(left / farthest, right / farthest, p)) ** (1 / p))


def intervals(x: np.ndarray, name: str) -> np.ndarray:
  """Places [N] or intervals [N, 2] as intervals; a UserError for anything else."""
  x = np.asarray(x, np.float64)
  x = np.stack([x, x], axis=1) if x.ndim == 1 else x
  if x.ndim != 2 or x.shape[1] != 2 or not len(x):
    raise UserError(f'{name} has shape {x.shape}: on the line, give places [N] or intervals [N, 2], at least one')
  if not np.all(np.isfinite(x)):
    raise UserError(f'{np.sum(~np.isfinite(x).all(axis=1))} of the {len(x)} places in {name} are not finite')
  return x


def in_order(x: np.ndarray, a: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
  """Intervals [N, 2] and their masses from left to right, those without mass left out: no quantile lies in them."""
  order = np.lexsort((x[:, 1], x[:, 0]))
  x, a = x[order], a[order]
  if np.any(x[:, 0] > x[:, 1]) or np.any(x[1:, 0] < x[:-1, 1]):
    raise UserError(f'the intervals in {name} overlap or end before they begin: cut them where they meet')
  return x[a > 0], a[a > 0]


def quantiles(x: np.ndarray, a: np.ndarray, t: np.ndarray, inside: np.ndarray) -> np.ndarray:
  """The quantile function at t [K], continued from the piece in which the level `inside` [K] lies: [K]."""
  above = np.cumsum(a)
  which = np.minimum(np.searchsorted(above, inside), len(a) - 1)
  share = np.clip((t - (above - a)[which]) / a[which], 0, 1)
  return x[which, 0] + share * (x[which, 1] - x[which, 0])


def mean_power(left: np.ndarray, right: np.ndarray, p: float) -> np.ndarray:
  """The mean of |z|^p for z that runs evenly from left to right: (right |right|^p - left |left|^p) / (p + 1) / run."""
  run = right - left
  flat = np.abs(run) <= 1e-9 * np.maximum(np.abs(left), np.abs(right))
  rising = (right * np.abs(right) ** p - left * np.abs(left) ** p) / ((p + 1) * np.where(flat, 1, run))
  return np.where(flat, np.abs((left + right) / 2) ** p, rising)


def bernoulli(p: float, q: float, order: float = 1) -> float:
  """W between coins that show 1 with probabilities p and q: |p - q|^(1 / order), as much mass as moves from 0 to 1."""
  for probability in (p, q):
    if not 0 <= probability <= 1:
      raise UserError(f'{probability:g} is no probability: choose one from 0 to 1')
  return abs(p - q) ** (1 / power(order))


def kullback_leibler_of_gaussians(
  mean1: np.ndarray | float, width1: np.ndarray | float, mean2: np.ndarray | float, width2: np.ndarray | float
) -> np.ndarray:
  """KL(N(mean1, width1²) || N(mean2, width2²)) on the line, in nats.

  log(σ₂/σ₁) + (σ₁² + (μ₁ - μ₂)²) / (2σ₂²) - 1/2: Bishop, Pattern Recognition and Machine Learning, exercise 1.30.
  """
  if not (np.all(np.greater(width1, 0)) and np.all(np.greater(width2, 0))):
    raise UserError('a Gaussian without width has no density: give standard deviations above 0')
  return np.log(width2 / width1) + (width1**2 + (mean1 - mean2) ** 2) / (2 * width2**2) - 1 / 2
