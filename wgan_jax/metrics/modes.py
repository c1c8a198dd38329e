"""Which modes of a known mixture a generator found, and how many of its samples are worth having."""

from collections.abc import Iterator

import chex
import numpy as np

from wgan_jax.errors import UserError


def mode_coverage(centers: np.ndarray, sigma: float, fake: np.ndarray) -> Iterator[tuple[str, float]]:
  """Yields (name, value) of three measures of samples against a mixture of equal Gaussians.

  A sample is of high quality within 3 sigma of its nearest centre, and a mode is found when at least one such sample
  is its; of true samples 1 - exp(-9/2) = 98.9 % are of high quality, since the plane has two dimensions. One that is
  not finite is of low quality.

    hq_share         share of high-quality samples, in [0, 1]
    modes            how many were found
    mode_kl          KL(shares of the modes among high-quality samples || uniform), nats, the reverse one of PacGAN;
                     log K, the largest that it can be, without any

  Srivastava et al., "VEEGAN", section 4.1, https://arxiv.org/abs/1705.07761; Lin et al., "PacGAN", section 4.1,
  https://arxiv.org/abs/1712.04086.

  Args:
    centers: of the modes, [K, 2].
    sigma: standard deviation along each axis.
    fake: generated samples [N, 2].
  """
  chex.assert_shape([centers, fake], (None, 2))
  if not len(fake):
    raise UserError('no samples to look for modes in: take some hundreds for each mode')
  squared = np.sum((np.float64(fake)[:, None] - np.float64(centers)[None]) ** 2, axis=-1)
  good = squared.min(axis=1) <= (3 * sigma) ** 2
  counts = np.bincount(squared.argmin(axis=1)[good], minlength=len(centers))
  shares = counts[counts > 0] / max(good.sum(), 1)
  yield 'hq_share', float(good.mean())
  yield 'modes', float(len(shares))
  yield 'mode_kl', float(np.sum(shares * np.log(shares * len(centers)))) if len(shares) else float(np.log(len(centers)))
