"""What one device has to know of the others, where a loss is no mean of terms of single samples."""

import jax


def gathered(x: jax.Array, axis_name: str | None) -> jax.Array:
  """The rows of all devices, in their order: [B / devices, ...] -> [B, ...]; x itself without an axis.

  Each device then computes the same loss of the whole batch. Backwards, a device's rows collect the gradients of all
  devices' copies of that loss, and the mean over devices, which the engine takes, makes one of them again.
  """
  return x if axis_name is None else jax.lax.all_gather(x, axis_name, tiled=True)
