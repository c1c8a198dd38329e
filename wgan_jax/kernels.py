"""Kernels between sets of vectors, and the maximum mean discrepancy that they measure."""

from collections.abc import Callable, Sequence

import chex
import jax
import jax.numpy as jnp

Kernel = Callable[[jax.Array, jax.Array], jax.Array]  # (a [N, D], b [M, D]) -> [N, M]


def rational_quadratic(alphas: Sequence[float] = (0.2, 0.5, 1.0, 2.0, 5.0)) -> Kernel:
  """Sum over alpha of (1 + |a - b|^2 / (2 alpha))^(-alpha).

  Binkowski et al., "Demystifying MMD GANs", https://arxiv.org/abs/1801.01401.
  """

  def profile(squares):
    # Not by `**`, whose derivatives are powers again, and slow; these are made of the value itself. Nor by log1p: of a
    # sum over several of them XLA:CPU (jaxlib 0.10.2) makes as much as 1.4 times what it is; 1e-7 is lost without.
    return sum(jnp.exp(-alpha * jnp.log(1 + squares / (2 * alpha))) for alpha in alphas)

  return _of_squares(profile)


def gaussian(sigmas: Sequence[float] = (1.0, 2.0, 4.0, 8.0, 16.0)) -> Kernel:
  """Sum over sigma of exp(-|a - b|^2 / (2 sigma^2)).

  Li et al., "MMD GAN", https://arxiv.org/abs/1705.08584.
  """
  return _of_squares(lambda squares: sum(jnp.exp(-squares / (2 * sigma**2)) for sigma in sigmas))


def _of_squares(profile):
  # Distances are the dear part, forwards and backwards, and all terms have the same.
  return lambda a, b: profile(squared_distances(a, b))


def squared_distances(a: jax.Array, b: jax.Array) -> jax.Array:
  """|a_i - b_j|^2, [N, D] and [M, D] -> [N, M]."""
  return jnp.sum((jnp.expand_dims(a, 1) - jnp.expand_dims(b, 0)) ** 2, axis=-1)


def squared_mmd(kernel: Kernel, x: jax.Array, y: jax.Array) -> jax.Array:
  """The unbiased estimate of MMD^2 between two samples, [], which may be negative.

  Gretton et al., "A Kernel Two-Sample Test", Eq. 3, https://jmlr.org/papers/v13/gretton12a.html.

  Args:
    x, y: [N, D] and [M, D], N and M at least 2.
  """
  chex.assert_rank([x, y], 2)

  def off_diagonal_mean(k):
    n = k.shape[0]
    return (jnp.sum(k) - jnp.trace(k)) / (n * (n - 1))

  return off_diagonal_mean(kernel(x, x)) + off_diagonal_mean(kernel(y, y)) - 2 * jnp.mean(kernel(x, y))
