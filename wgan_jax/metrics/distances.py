"""Distances between sample sets that are known to be true: exact Wasserstein distances, energy distance, MMD.

Samples are points [N, D], or images and features of any shape, compared as vectors. All in float64.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax import transport
from wgan_jax.closed_forms import on_the_line
from wgan_jax.errors import UserError, look_up
from wgan_jax.kernels import Kernel, rational_quadratic
from wgan_jax.points import blocks, pair_of_points, power
from wgan_jax.sinkhorn import sinkhorn

PAIRED = 1000  # up to which scipy's pairing is as fast as POT takes to import


class Distance(NamedTuple):
  """value: in the unit of the samples. method: a name of METHODS. error: the exact one is within value +- error."""

  value: float
  method: str
  error: float = 0.0


def wasserstein(real: np.ndarray, fake: np.ndarray, p: float = 1, method: str = 'auto') -> Distance:
  """W_p = (least mean of |x - y|^p over all ways to move the one set to the other)^(1/p), of samples of equal mass.

  It is that of the samples, not of the distributions that they come from, above which it lies by about N^(-1/D).

  Args:
    real, fake: [N, ...] and [M, ...].
    method: a name of METHODS, or auto for the one that `method_for` names.

  Raises:
    UserError: for samples that are not finite, none, or of unequal dimensions, and for a method that cannot take them.
  """
  (real, fake), p = pair_of_points(real, fake, ('real', 'fake')), power(p)
  method = method_for(len(real), len(fake), real.shape[1]) if method == 'auto' else method
  low, high = (cost ** (1 / p) for cost in look_up('method', METHODS, method)(real, fake, p))
  return Distance((low + high) / 2, method, (high - low) / 2)


def method_for(n: int, m: int, dimensions: int) -> str:
  """The fastest exact method for n real and m fake samples; above ENTRIES pairs, Sinkhorn's, which gives an error."""
  if dimensions == 1:
    return 'sorting'
  if n == m <= PAIRED:
    return 'assignment'
  return 'network simplex' if n * m <= transport.ENTRIES else 'sinkhorn'


def _sorting(x, y, p):
  if x.shape[1] > 1:
    raise UserError(f'samples of {x.shape[1]} dimensions have no order to sort them by: take another method, or auto')
  return [on_the_line(x[:, 0], y[:, 0], p=p) ** p] * 2


def _assignment(x, y, p):
  if len(x) != len(y):
    raise UserError(f'{len(x)} real and {len(y)} fake samples make no pairs: take as many of each, or another method')
  costs = transport.cost_matrix(x, y, p)
  return [float(np.mean(costs[np.arange(len(x)), transport.pairing(costs)]))] * 2


def _network_simplex(x, y, p):
  return [transport.plan(None, None, transport.cost_matrix(x, y, p)).cost] * 2


def _sinkhorn(x, y, p):
  return [max(cost, 0.0) for cost in sinkhorn(x, y, p=p)[:2]]


# (x [N, D], y [M, D], p) -> bounds of the least mean cost, equal where it is exact.
METHODS: dict[str, Callable] = {
  'sorting': _sorting,
  'assignment': _assignment,
  'network simplex': _network_simplex,
  'sinkhorn': _sinkhorn,
}


def energy_distance(real: np.ndarray, fake: np.ndarray) -> float:
  """(2 E|x - y| - E|x - x'| - E|y - y'|)^(1/2), each mean over all pairs, a sample with itself among them.

  Szekely & Rizzo, "Energy statistics" (2013), Eq. 5, of which this is the root; that paper of Cramer GANs takes the
  square.

  Args:
    real, fake: [N, ...] and [M, ...].
  """
  real, fake = pair_of_points(real, fake, ('real', 'fake'))

  def mean(x, y):
    return sum(np.sum(found) for _, found in blocks(x, y, 1)) / (len(x) * len(y))

  return float(np.sqrt(max(2 * mean(real, fake) - mean(real, real) - mean(fake, fake), 0.0)))


def squared_mmd(real: np.ndarray, fake: np.ndarray, kernel: Kernel | None = None, biased: bool = False) -> float:
  """E k(x, x') + E k(y, y') - 2 E k(x, y), the squared maximum mean discrepancy.

  Gretton et al., "A Kernel Two-Sample Test", https://jmlr.org/papers/v13/gretton12a.html: Eq. 3, over distinct pairs,
  with a mean of 0 between sets of one distribution and so at times below it; or Eq. 5, over all, at least 0.

  Args:
    real, fake: [N, ...] and [M, ...], at least two of each unless biased.
    kernel: rational_quadratic() for None; those of wgan_jax.kernels have widths in the unit of the samples.
    biased: by Eq. 5.
  """
  real, fake = pair_of_points(real, fake, ('real', 'fake'))
  if not biased and min(len(real), len(fake)) < 2:
    raise UserError(f'{len(real)} real and {len(fake)} fake samples: the unbiased estimate needs two of each')
  kernel = kernel or rational_quadratic()

  @jax.jit
  def total(x, y):
    return jnp.sum(jax.lax.map(lambda row: jnp.sum(kernel(row[None], y)), x, batch_size=64))

  @jax.jit
  def with_itself(x):
    return jnp.sum(jax.lax.map(lambda row: kernel(row[None], row[None])[0, 0], x, batch_size=64))

  def within(x):
    everything, n = total(x, x).item(), len(x)
    return everything / n**2 if biased else (everything - with_itself(x).item()) / (n * (n - 1))

  with jax.enable_x64(True):
    x, y = jnp.asarray(real), jnp.asarray(fake)
    return within(x) + within(y) - 2 * total(x, y).item() / (len(x) * len(y))
