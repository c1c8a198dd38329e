"""Kernel inception distance: a squared maximum mean discrepancy between features, estimated without bias."""

from typing import NamedTuple

import numpy as np

from wgan_jax import progress
from wgan_jax.errors import UserError
from wgan_jax.metrics import checks

ROWS = 2048  # of a block of the kernel matrix, 32 MiB


class Kid(NamedTuple):
  """What the subsets say.

  mean: of their estimates, itself unbiased.
  std: of their estimates, with the divisor `subsets`; what torch-fidelity prints after +-.
  standard_error: std / sqrt(subsets), of the mean as far as chance in choosing subsets goes; these overlap where
    subsets x subset_size exceeds N, and then it says too little.
  """

  mean: float
  std: float
  standard_error: float


def kid(real: np.ndarray, fake: np.ndarray, subsets: int = 100, subset_size: int = 1000, seed: int = 2020) -> Kid:
  """Squared MMD with the kernel k(x, y) = (x^T y / D + 1)^3, over random subsets.

    sum_{i != j} (k(x_i, x_j) + k(y_i, y_j)) / (m (m - 1)) - 2 sum_{i, j} k(x_i, y_j) / m^2

  Binkowski et al., "Demystifying MMD GANs", section 4, https://arxiv.org/abs/1801.01401, with the unbiased estimate of
  Gretton et al., "A Kernel Two-Sample Test", Eq. 3, https://jmlr.org/papers/v13/gretton12a.html. It is negative about
  as often as not when both distributions are the same.

  Args:
    real, fake: features [N, D] and [M, D], N and M at least subset_size.
    subsets: how many, each without replacement.
    subset_size: m.
    seed: of numpy's RandomState, which draws for each subset the fake ones first, as torch-fidelity does.
  """
  if subset_size < 2 or subsets < 1:
    raise UserError(f'{subsets} subsets of {subset_size}: take at least one subset, of at least two samples')
  real, fake = checks.pair(real, fake, at_least=subset_size)
  rng = np.random.RandomState(seed)
  estimates = np.empty(subsets)
  for i in progress.steps(range(subsets), 'KID, subsets', subsets):
    y = fake[rng.choice(len(fake), subset_size, replace=False)].astype(np.float64)
    x = real[rng.choice(len(real), subset_size, replace=False)].astype(np.float64)
    estimates[i] = _squared_mmd(x, y)
  std = float(estimates.std())
  return Kid(float(estimates.mean()), std, std / subsets**0.5)


def kid_of_all(real: np.ndarray, fake: np.ndarray) -> float:
  """The estimate from all samples at once, [N, D] and [M, D]: of the least variance, in time N M, in blocks."""
  real, fake = checks.pair(real, fake)
  return _squared_mmd(real.astype(np.float64), fake.astype(np.float64))


def _squared_mmd(x, y):
  return _mean_of_others(x) + _mean_of_others(y) - 2 * _kernel_sum(x, y) / (len(x) * len(y))


def _mean_of_others(x):
  """Mean of k(x_i, x_j) over i != j."""
  own = np.einsum('ij,ij->i', x, x) / x.shape[1] + 1
  return (_kernel_sum(x, x) - np.sum(own**3)) / (len(x) * (len(x) - 1))


def _kernel_sum(x, y):
  total = 0.0
  corners = [(i, j) for i in range(0, len(x), ROWS) for j in range(i if y is x else 0, len(y), ROWS)]
  for i, j in progress.steps(corners, 'kernel, blocks', len(corners)):
    a = x[i : i + ROWS]
    base = a @ (a if y is x and j == i else y[j : j + ROWS]).T  # with itself takes half the time
    base /= x.shape[1]
    base += 1
    # By multiplication: numpy's power takes longer than the product of the matrices.
    total += np.vdot(base, base * base) * (2 if y is x and j > i else 1)
  return total
