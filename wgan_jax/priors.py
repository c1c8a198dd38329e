"""Latent distributions: a Prior turns per-sample keys `[B]` into latent codes `[B, dim]`."""

from collections.abc import Callable

import jax

Prior = Callable[[jax.Array], jax.Array]


def normal(dim: int) -> Prior:
  """N(0, I) in `dim` dimensions."""
  return jax.vmap(lambda key: jax.random.normal(key, (dim,)))


def uniform(dim: int) -> Prior:
  """U(-1, 1) in each of `dim` dimensions, as in DCGAN."""
  return jax.vmap(lambda key: jax.random.uniform(key, (dim,), minval=-1.0))
