"""Divergences of distributions on finitely many places, or of densities on a grid, in numpy's float64.

Cover & Thomas, "Elements of Information Theory" (2006), section 2.3; Lin, "Divergence Measures Based on the Shannon
Entropy" (1991), Eq. 4.2. What they all have in common: of the places themselves they know nothing.
"""

import numpy as np
import scipy.special

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
