"""Random keys, one per sample, so that noise does not depend on how a batch is cut.

A batch cut over 8 devices, or into 8 micro-batches, must draw what the same batch draws in one piece: latent codes,
interpolation weights and augmentations are drawn per sample, each from a key of its own made from the sample's place in
the global batch.
"""

import jax
import jax.numpy as jnp

from wgan_jax.axis import place


def sample_keys(key: jax.Array, n: int, axis_name: str | None = None) -> jax.Array:
  """`[n]` keys for the n samples of the global batch that are computed here.

  Args:
    key: one key, the same on every device.
    n: samples in this piece of the batch.
    axis_name: the mapped axis over which the batch is cut; None outside of any.
  """
  return jax.vmap(jax.random.fold_in, (None, 0))(key, place(axis_name) * n + jnp.arange(n))


def per_sample(key: jax.Array, n: int) -> jax.Array:
  """`[n]` keys out of one key, old style or new; typed keys `[n]` are one per sample already and pass as they are."""
  typed = jax.dtypes.issubdtype(key.dtype, jax.dtypes.prng_key)
  return key if typed and key.ndim == 1 else sample_keys(key, n)
