"""Kullback-Leibler divergences between a density that is known and a generator of which there are samples only.

Of the two densities in a divergence, the known one is evaluated; the generator's is estimated by the distances to
nearest neighbours (Kozachenko & Leonenko, 1987; Wang, Kulkarni & Verdu, "Divergence Estimation for Multidimensional
Densities via k-Nearest-Neighbor Distances", 2009), which takes it to be constant over such a distance. Where it is not,
there is a bias that falls about as N^(-2/D) and grows with k. With k = 1 it is less than the standard error of one
estimate: of two Gaussians in the plane with a forward divergence of 0.261 and a reverse one of 0.296, over 120 seeds,
-0.029 and +0.005 at N = 1,000, where one estimate scatters by 0.048 and 0.053, and -0.014 and +0.001 at 4,000 (by 0.028
and 0.026). Curves need more: of the swiss roll against itself -0.036 and +0.033 at 2,500.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np
import scipy.spatial
from scipy.special import digamma, gammaln

from wgan_jax.errors import UserError
from wgan_jax.points import pair_of_points, points

LogDensity = Callable[[jax.Array], jax.Array]  # [B, D] -> [B], in nats
TOGETHER = 1024  # points at which a density is evaluated at once: that of a spiral looks at 4,097 places for each


class Estimate(NamedTuple):
  """value and standard_error in nats; the latter does not know of the bias."""

  value: float
  standard_error: float


def forward_kl(log_density: LogDensity, real: np.ndarray, fake: np.ndarray, k: int = 1) -> Estimate:
  """KL(p || q) = E_p (log p - log q), large where the generator leaves data out.

  q(x) is found by the distance r from x to the k-th nearest of M samples of q:
  log q(x) = digamma(k) - digamma(M + 1) - log volume(ball of radius r): the mean of log of the mass within the k-th
  neighbour's distance is digamma(k) - digamma(M + 1), whatever q is.

  It is too small where q has no samples anywhere near: log q there is finite, though the truth may be any number. It is
  not defined, NaN, when the k nearest of a real sample lie in its very place: such a q has no density.

  Args:
    log_density: log p.
    real, fake: samples of p and of q, [N, D] and [M, D], at least 2 and k of them.
  """
  real, fake = pair_of_points(real, fake, ('real', 'fake'))
  enough(real, 'real', 2)
  enough(fake, 'fake', k)
  radius = scipy.spatial.KDTree(fake).query(real, [k])[0][:, 0]
  log_q = digamma(k) - digamma(len(fake) + 1) - log_ball(radius, real.shape[1])
  return averaged(evaluated(log_density, real) - log_q)


def reverse_kl(log_density: LogDensity, fake: np.ndarray, k: int = 1) -> Estimate:
  """KL(q || p) = E_q (log q - log p), large where the generator makes what is no data.

  q(y) is found by the distance from y to the k-th nearest of the other samples of q, as in `forward_kl`.
  It is infinite when more than k samples coincide, as those of a generator that makes single points do; and too small
  when q lies on lines: distances to neighbours see their width only with very many samples.

  Args:
    log_density: log p.
    fake: samples of q, [M, D], at least k + 1 of them.
  """
  fake = points(fake, 'fake')
  enough(fake, 'fake', max(k + 1, 2))
  radius = scipy.spatial.KDTree(fake).query(fake, [k + 1])[0][:, 0]  # the nearest is the point itself
  log_q = digamma(k) - digamma(len(fake)) - log_ball(radius, fake.shape[1])
  return averaged(log_q - evaluated(log_density, fake))


def enough(x, name, n):
  """A UserError for fewer than n samples."""
  if len(x) < n:
    raise UserError(f'{len(x)} {name} samples are too few for an estimate of a density: take at least {n}')


def averaged(terms: np.ndarray) -> Estimate:
  """The mean of terms [N], which are taken for independent, though neighbours share some of their chance.

  Measured as above, the standard error of one forward estimate is a fifth too small for that, of a reverse one 6 %.
  """
  if not np.all(np.isfinite(terms)):
    return Estimate(math.inf if np.all(terms > -np.inf) else math.nan, math.nan)
  return Estimate(float(terms.mean()), float(terms.std(ddof=1) / math.sqrt(len(terms))))


def log_ball(radius: np.ndarray, dimensions: int) -> np.ndarray:
  """log of the volume of a ball, -inf for one of no radius: [N] -> [N]."""
  unit = dimensions / 2 * math.log(math.pi) - gammaln(dimensions / 2 + 1)
  return unit + dimensions * np.log(radius, out=np.full(len(radius), -np.inf), where=radius > 0)


def evaluated(log_density: LogDensity, x: np.ndarray) -> np.ndarray:
  """log p at x [N, D], TOGETHER at once: [N] float64."""
  log_density, x = jax.jit(log_density), np.float32(x)
  return np.concatenate([log_density(x[i : i + TOGETHER]) for i in range(0, len(x), TOGETHER)]).astype(np.float64)
