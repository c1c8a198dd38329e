"""Random keys, one per sample, so that noise does not depend on how many devices share a batch.

A batch cut over 8 devices must draw what the same batch draws on one: latent codes, interpolation weights and
augmentations are drawn per sample, each from a key of its own made from the sample's place in the global batch.
"""

import jax
import jax.numpy as jnp


def sample_keys(key: jax.Array, n: int, axis_name: str | None = None) -> jax.Array:
  """`[n]` keys for the n samples that this device holds of the global batch.

  Args:
    key: one key, the same on every device.
    n: samples on this device.
    axis_name: the mapped axis over which the batch is cut; None outside of any.
  """
  first = 0 if axis_name is None else jax.lax.axis_index(axis_name) * n
  return jax.vmap(jax.random.fold_in, (None, 0))(key, first + jnp.arange(n))


def per_sample(key: jax.Array, n: int) -> jax.Array:
  """`[n]` keys out of one key, old style or new; typed keys `[n]` are one per sample already and pass as they are."""
  typed = jax.dtypes.issubdtype(key.dtype, jax.dtypes.prng_key)
  return key if typed and key.ndim == 1 else sample_keys(key, n)
