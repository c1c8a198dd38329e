"""Sliced Wasserstein distance: the mean of one-dimensional distances, each of which is a sort."""

import math

import numpy as np

from wgan_jax import progress
from wgan_jax.errors import UserError
from wgan_jax.metrics import checks

DIRECTIONS = 32  # projected on at once


def sliced_w1(real: np.ndarray, fake: np.ndarray, directions: int = 512, seed: int = 0) -> float:
  """`sliced_wasserstein` for p = 1: the mean over directions of the 1-Wasserstein distances."""
  return sliced_wasserstein(real, fake, 1, directions, seed)


def sliced_wasserstein(real: np.ndarray, fake: np.ndarray, p: float = 1, directions: int = 512, seed: int = 0) -> float:
  """(mean over random unit vectors u of W_p^p(u^T real, u^T fake))^(1/p).

  Rabin et al., "Wasserstein Barycenter and its Application to Texture Mixing" (2011); in one dimension the
  optimal plan pairs the sorted samples, and of unequally many it pairs quantiles.

  Args:
    real, fake: [N, ...] and [M, ...], alike in the other axes; the distance has their unit.
    p: 1 or more.
    directions: projections to take the mean over, always the same for one seed.
  """
  if p < 1 or directions < 1:
    raise UserError(f'p={p} over {directions} directions: p is at least 1, and so are the directions')
  real, fake = (np.asarray(x, np.float32).reshape(len(x), math.prod(np.shape(x)[1:])) for x in (real, fake))
  real, fake = checks.pair(real, fake, at_least=1)
  unit = np.random.Generator(np.random.Philox(seed)).normal(size=(real.shape[1], directions)).astype(np.float32)
  return float(np.mean(costs(real, fake, unit / np.linalg.norm(unit, axis=0), p)) ** (1 / p))


def costs(real: np.ndarray, fake: np.ndarray, unit: np.ndarray, p: float) -> np.ndarray:
  """W_p^p of projections: [N, D] and [M, D] on unit vectors [D, L] -> [L] float64."""
  found = []
  starts = range(0, unit.shape[1], DIRECTIONS)
  for start in progress.steps(starts, f'sorting along {DIRECTIONS} directions', len(starts)):
    u = unit[:, start : start + DIRECTIONS].T
    a, b = np.sort(u @ real.T, axis=1), np.sort(u @ fake.T, axis=1)  # [L, N], [L, M]
    if len(real) == len(fake):
      found.append(np.mean(np.abs(a - b) ** p, axis=1, dtype=np.float64))
    else:
      of_real, of_fake, shares = _matched(len(real), len(fake))
      found.append(np.abs(a[:, of_real] - b[:, of_fake]).astype(np.float64) ** p @ shares)
  return np.concatenate(found)


def _matched(n, m):
  """The optimal plan between n and m sorted points: which go together, and how much of the mass."""
  ends = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)  # of pieces of [0, n m], whole numbers
  lengths = np.diff(ends, prepend=0)
  return (ends - 1) // m, (ends - 1) // n, lengths / (n * m)
