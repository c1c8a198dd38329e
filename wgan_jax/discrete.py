"""Divergences of distributions on finitely many places, or of densities on a grid, in numpy's float64.

Cover & Thomas, "Elements of Information Theory" (2006), section 2.3; Lin, "Divergence Measures Based on the Shannon
Entropy" (1991), Eq. 4.2. What they all have in common: of the places themselves they know nothing.
"""

import jax
import jax.numpy as jnp
import numpy as np
import scipy.special

from wgan_jax.divergences import Divergence
from wgan_jax.errors import UserError
from wgan_jax.points import pair_of_masses


def kullback_leibler(p: np.ndarray, q: np.ndarray) -> float:
  """KL(p || q) = sum of p log(p / q) in nats, 0 log 0 being 0; infinite where q leaves out what p has.

  Args:
    p, q: masses [N] on the same places, of equal sums.
  """
  p, q = pair_of_masses(p, len(p), q, len(p))
  return float(np.sum(scipy.special.rel_entr(p, q)))


def jensen_shannon(p: np.ndarray, q: np.ndarray) -> float:
  """(KL(p || m) + KL(q || m)) / 2 with m = (p + q) / 2, in nats: from 0 to log 2 times the sum of the masses."""
  p, q = pair_of_masses(p, len(p), q, len(p))
  both = p + q  # not halved, because half of the smallest number is 0
  return float(np.sum(scipy.special.rel_entr(2 * p, both) + scipy.special.rel_entr(2 * q, both)) / 4)


def total_variation(p: np.ndarray, q: np.ndarray) -> float:
  """Half the sum of |p - q|: the largest difference of the two on any event."""
  p, q = pair_of_masses(p, len(p), q, len(p))
  return float(np.abs(p - q).sum() / 2)


def squared_hellinger(p: np.ndarray, q: np.ndarray) -> float:
  """The sum of (sqrt p - sqrt q)^2, as f-GAN's table has it: without the factor of 1 / 2 that others put there."""
  p, q = pair_of_masses(p, len(p), q, len(p))
  return float(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2))


def f_divergence(divergence: Divergence, p: np.ndarray, q: np.ndarray) -> float:
  """D_f(p || q) = sum of q f(p / q) for one of the rows of divergences.py.

  Args:
    p, q: masses [N] on the same places, of equal sums, none of them zero.

  Raises:
    UserError: where a mass is zero, for what f makes of it differs from row to row.
  """
  p, q = _all_positive(p, q)
  with jax.enable_x64(True):
    return float(np.sum(q * np.asarray(divergence.f(jnp.asarray(p / q)))))


def variational_bound(divergence: Divergence, p: np.ndarray, q: np.ndarray, t: np.ndarray) -> float:
  """sum p T - sum q f*(T), which is never above D_f(p || q) and equals it at T = divergence.optimal(p / q).

  Args:
    p, q: as in `f_divergence`.
    t: the critic's output [N] on these places, in the domain of f*.
  """
  p, q = _all_positive(p, q)
  with jax.enable_x64(True):
    return float(np.sum(p * t) - np.sum(q * np.asarray(divergence.conjugate(jnp.asarray(t)))))


def _all_positive(p, q):
  p, q = pair_of_masses(p, len(p), q, len(p))
  if zeros := int(np.sum((p == 0) | (q == 0))):
    raise UserError(f'{zeros} of the {len(p)} places carry no mass of p or of q: leave these places out')
  return p, q
