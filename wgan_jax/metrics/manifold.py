"""Precision and recall, density and coverage: of the manifolds that balls around samples make up."""

from typing import NamedTuple

import numpy as np

from wgan_jax import progress
from wgan_jax.errors import UserError
from wgan_jax.metrics import checks

ROWS = 2048  # of a block of the distance matrix, 32 MiB
INSIDE = 1 - 1e-9  # of a squared radius: what lies on the border up to rounding is outside, however blocks are cut


class Manifold(NamedTuple):
  """Shares in [0, 1], but for density, which may exceed 1.

  precision: fake samples that look real. recall: real samples that the generator could have made.
  density: how many balls around real samples a fake one lies in, per k. coverage: real samples with a fake one near.
  """

  precision: float
  recall: float
  density: float
  coverage: float


def manifold_scores(real: np.ndarray, fake: np.ndarray, k: int = 3, k_density: int = 5) -> Manifold:
  """All four from one matrix of distances, which is never held whole.

  With B_k(x) the ball around x that reaches to its k-th neighbour in its own set, itself not counted,

    precision = share of fake y in some B_k(real)         density  = mean over y of #{x: y in B_k(x)} / k
    recall    = share of real x in some B_k(fake)         coverage = share of real x with some y in B_k(x)

  Kynkaanniemi et al., "Improved Precision and Recall", Eqs. 1-2, https://arxiv.org/abs/1904.06991, k = 3; Naeem et al.,
  "Reliable Fidelity and Diversity Metrics", section 3, https://arxiv.org/abs/2002.09797, k = 5, from whose code it is
  that a ball is open: only samples at exactly the same distance tell the difference.

  Args:
    real, fake: features [N, D] and [M, D], each more than k and k_density.
    k: of precision and recall.
    k_density: of density and coverage.
  """
  if min(k, k_density) < 1:
    raise UserError(f'k={k}, k_density={k_density}: neighbours are counted from 1')
  real, fake = checks.pair(real, fake, at_least=max(k, k_density) + 1)
  origin = real.mean(axis=0, dtype=np.float64)  # distances are the same from anywhere, and rounded least from inside
  real, fake = real - origin, fake - origin
  nearest = _nearest(real, max(k, k_density))
  real_ball, dense_ball, fake_ball = nearest[:, k - 1], nearest[:, k_density - 1], _nearest(fake, k)[:, k - 1]
  precise, recalled = np.zeros(len(fake), bool), np.zeros(len(real), bool)
  balls, covered = 0, np.zeros(len(real), bool)
  for i, j, squares in _blocks(real, fake):
    precise[j] |= np.any(squares < real_ball[i, None] * INSIDE, axis=0)
    recalled[i] |= np.any(squares < fake_ball[None, j] * INSIDE, axis=1)
    near = squares < dense_ball[i, None] * INSIDE
    balls += int(near.sum())
    covered[i] |= near.any(axis=1)
  density = balls / (k_density * len(fake))
  return Manifold(float(precise.mean()), float(recalled.mean()), density, float(covered.mean()))


def _nearest(x, k):
  """Squared distances to the k nearest others, in order, [N, k]."""
  found = np.full((len(x), k), np.inf)
  for i, j, squares in _blocks(x, x):
    if i == j:
      np.fill_diagonal(squares, np.inf)
    else:
      found[j] = _smallest(found[j], squares.T)
    found[i] = _smallest(found[i], squares)
  return found


def _smallest(found, squares):
  k = found.shape[1]
  squares = np.partition(squares, k - 1, axis=1)[:, :k] if squares.shape[1] > k else squares
  return np.sort(np.concatenate([found, squares], axis=1), axis=1)[:, :k]


def _blocks(x, y):
  """(rows, columns, squared distances between them) of all pairs, of unordered ones where y is x."""
  of_x, of_y = (np.einsum('ij,ij->i', z, z) for z in (x, y))
  corners = [(i, j) for i in range(0, len(x), ROWS) for j in range(i if y is x else 0, len(y), ROWS)]
  for top, left in progress.steps(corners, 'distances, blocks', len(corners)):
    i, j = slice(top, min(top + ROWS, len(x))), slice(left, min(left + ROWS, len(y)))
    squares = x[i] @ y[j].T
    squares *= -2
    squares += of_x[i, None]
    squares += of_y[None, j]
    yield i, j, np.maximum(squares, 0, out=squares)
