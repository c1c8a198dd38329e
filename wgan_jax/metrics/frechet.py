"""Frechet distance between Gaussians fitted to two sets of features: FID, where these are Inception's pool3."""

import numpy as np
import scipy.linalg

from wgan_jax.errors import UserError
from wgan_jax.metrics import checks
from wgan_jax.metrics.moments import Moments


def frechet_distance(real: Moments | np.ndarray, fake: Moments | np.ndarray, allow_singular: bool = False) -> float:
  """|m_r - m_f|^2 + Tr(C_r + C_f - 2 (C_r C_f)^(1/2)), the squared 2-Wasserstein distance between the Gaussians.

  Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", Eq. 6, https://arxiv.org/abs/1706.08500. Its value
  falls with the number of samples, so only numbers from equally many compare.

  Args:
    real, fake: moments, or features [N, D] and [M, D].
    allow_singular: take sets of D samples or fewer too; their covariances lack dimensions and the distance is biased.
  """
  real, fake = _moments('real', real, allow_singular), _moments('fake', fake, allow_singular)
  if real.dimensions != fake.dimensions:
    raise UserError(f'real features have {real.dimensions} dimensions, fake ones {fake.dimensions}: use one network')
  return gaussian_distance(real.mean, real.covariance, fake.mean, fake.covariance)


def _moments(name, given, allow_singular):
  moments = given if isinstance(given, Moments) else Moments().add(checks.features(given, name))
  checks.enough(moments.n, name, 2)
  if moments.n <= moments.dimensions and not allow_singular:
    raise UserError(
      f'{moments.n} {name} samples give features of {moments.dimensions} dimensions no full covariance: '
      f'take more than {moments.dimensions}, or features of fewer dimensions'
    )
  return moments


def gaussian_distance(real_mean, real_covariance, fake_mean, fake_covariance) -> float:
  """The same of means [D] and covariances [D, D], which may be singular.

  Dowson & Landau, "The Frechet Distance between Multivariate Normal Distributions" (1982).

  With C_r = A A^T and C_f = B B^T the eigenvalues of C_r C_f are those of (A^T B)(A^T B)^T, so that the trace of its
  root is the sum of the singular values of A^T B. No root is ever taken of an eigenvalue that is rounding noise: that
  noise, 1e-16 of the largest, would become 1e-8 of it.
  """
  difference = real_mean - fake_mean
  root = np.linalg.svd(_factor(real_covariance).T @ _factor(fake_covariance), compute_uv=False)
  total = difference @ difference + np.trace(real_covariance) + np.trace(fake_covariance) - 2 * root.sum()
  return float(max(total, 0.0))  # zero, less rounding, for equal Gaussians


def _factor(covariance):
  """A with A A^T = covariance, [D, rank]: Cholesky's, with pivots. Eigenvectors would take five times as long."""
  factor, pivots, rank, _ = scipy.linalg.lapack.dpstrf(covariance, lower=1)
  found = np.empty((len(factor), rank))
  found[pivots - 1] = np.tril(factor)[:, :rank]
  return found
