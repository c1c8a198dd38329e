"""Images made twice or half as large by interpolation, or by repetition and means, outside of any convolution."""

import jax
import jax.numpy as jnp

AXES = (1, 2)  # of height and width


def interpolate_up(x: jax.Array) -> jax.Array:
  """[B, H, W, C] -> [B, 2H, 2W, C], bilinearly: 3/4 of the pixel that a new one lies in, 1/4 of the next one.

  Beyond the borders there are zeros, to which pixels beside them are drawn. The filter [1, 3, 3, 1] of StyleGAN2,
  https://arxiv.org/abs/1912.04958, and of R3GAN's code, which makes it of [1, 2, 1].
  """
  for axis in AXES:
    before, after = (_neighbour(x, axis, step) for step in (-1, 1))
    x = jnp.stack([(3 * x + before) / 4, (3 * x + after) / 4], axis=axis + 1)
    x = x.reshape(*x.shape[:axis], -1, *x.shape[axis + 2 :])
  return x


def interpolate_down(x: jax.Array) -> jax.Array:
  """[B, 2H, 2W, C] -> [B, H, W, C], a quarter of the transpose of `interpolate_up`: weights [1, 3, 3, 1] / 8.

  Raises:
    ValueError: when a side is odd.
  """
  if any(x.shape[axis] % 2 for axis in AXES):
    raise ValueError(f'halving needs even sides, not {x.shape[1]}x{x.shape[2]}')
  for axis in AXES:
    first, second = (jax.lax.slice_in_dim(x, start, None, 2, axis) for start in (0, 1))
    x = (_neighbour(second, axis, -1) + 3 * first + 3 * second + _neighbour(first, axis, 1)) / 8
  return x


def shrink(x: jax.Array, times: int) -> jax.Array:
  """Means of times x times pixels: [B, H, W, C] -> [B, H / times, W / times, C]."""
  b, h, w, c = x.shape
  return jnp.mean(x.reshape(b, h // times, times, w // times, times, c), axis=(2, 4))


def enlarge(x: jax.Array, times: int) -> jax.Array:
  """Each pixel times x times: [B, H, W, C] -> [B, H * times, W * times, C]."""
  b, h, w, c = x.shape
  return jnp.broadcast_to(x[:, :, None, :, None], (b, h, times, w, times, c)).reshape(b, h * times, w * times, c)


def _neighbour(x, axis, step):
  """What lies one further along the axis (step 1) or one before (-1), zeros beyond the border."""
  pads = [(0, 0, 0)] * x.ndim
  pads[axis] = (-step, step, 0)
  return jax.lax.pad(x, jnp.zeros((), x.dtype), pads)
