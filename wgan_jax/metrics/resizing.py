"""The three ways in which images are made as large as Inception wants them, which FIDs differ by.

Resizing is linear and takes the two axes one after the other: a matrix [out, in] for each. Parmar et al., "On Aliased
Resizing and Surprising Subtleties in GAN Evaluation", https://arxiv.org/abs/2104.11222, is about what they do to FID.
"""

from collections.abc import Callable
from typing import NamedTuple

import chex
import jax
import jax.numpy as jnp
import numpy as np


class Resizer(NamedTuple):
  """A kind of resizing, with the scaling to about [-1, 1] that its users let follow.

  matrix: (size in, size out) -> float64 [out, in], whose rows sum to one.
  low, high: of a pixel of value v in [0, 255] the network sees (v - low) / (high - low) * 2 - 1.
  clips: whether what overshoots [0, 255] is cut off before that.
  """

  matrix: Callable[[int, int], np.ndarray]
  low: float
  high: float
  clips: bool


def legacy_tf(size: int, out: int) -> np.ndarray:
  """TensorFlow 1's resize_bilinear without aligned corners: pixel i is at i * size / out of the original.

  The picture moves up and left by half an original pixel less half a new one. No antialiasing.
  """
  return _between_neighbours(size, np.arange(out) * (size / out))


def pytorch(size: int, out: int) -> np.ndarray:
  """F.interpolate(mode='bilinear', align_corners=False): pixels have their centres in the middle. No antialiasing."""
  return _between_neighbours(size, np.maximum((np.arange(out) + 0.5) * (size / out) - 0.5, 0.0))


def clean(size: int, out: int) -> np.ndarray:
  """PIL's bicubic filter: Keys's cubic with a = -1/2, as wide as the pixels of the smaller of the two images.

  Keys, "Cubic Convolution Interpolation for Digital Image Processing" (1981), Eq. 4. What would lie outside the image
  is left out and the other weights are divided by their sum.
  """
  scale = size / out
  widening = max(scale, 1.0)
  centres = (np.arange(out) + 0.5) * scale
  # PIL's windows begin and end at whole pixels, which are nearest to where the filter does.
  first = np.maximum(np.floor(centres - 2 * widening + 0.5), 0)
  last = np.minimum(np.floor(centres + 2 * widening + 0.5), size)
  pixels = np.arange(size)
  weights = _keys((pixels + 0.5 - centres[:, None]) / widening)
  weights *= (pixels >= first[:, None]) & (pixels < last[:, None])
  return weights / np.sum(weights, axis=1, keepdims=True)


RESIZERS = {
  'legacy_tf': Resizer(legacy_tf, low=0.0, high=256.0, clips=False),  # (v - 128) / 128: TF FID, torch-fidelity
  'pytorch': Resizer(pytorch, low=0.0, high=255.0, clips=False),  # 2 v / 255 - 1: pytorch-fid
  'clean': Resizer(clean, low=0.0, high=256.0, clips=True),  # (v - 128) / 128: clean-fid
}


def resize(images: jax.Array, height: np.ndarray, width: np.ndarray) -> jax.Array:
  """Images [B, H, W, C] by the matrices height [H', H] and width [W', W] -> float32 [B, H', W', C]."""
  chex.assert_rank([images, height, width], [4, 2, 2])
  height, width = (jnp.asarray(matrix, jnp.float32) for matrix in (height, width))
  exact = dict(precision=jax.lax.Precision.HIGHEST)
  wide = jnp.einsum('ow,bhwc->bhoc', width, images.astype(jnp.float32), **exact)
  return jnp.einsum('oh,bhwc->bowc', height, wide, **exact)


def prepare(resizer: Resizer, images: jax.Array, side: int) -> jax.Array:
  """Images [B, H, W, C] of values in [0, 255] -> [B, side, side, C] of about [-1, 1], as a network wants them."""
  chex.assert_rank(images, 4)
  resized = resize(images, *(resizer.matrix(size, side) for size in images.shape[1:3]))
  if resizer.clips:
    resized = jnp.clip(resized, 0.0, 255.0)
  return (resized - resizer.low) * (2 / (resizer.high - resizer.low)) - 1


def _between_neighbours(size, places):
  """Linear interpolation at places [out] between the pixels [size], the last of which goes on for ever."""
  low = np.minimum(np.floor(places).astype(int), size - 1)
  share = (places - low)[:, None]
  pixels = np.eye(size)
  return (1 - share) * pixels[low] + share * pixels[np.minimum(low + 1, size - 1)]


def _keys(x):
  x = np.abs(x)
  inner = 1.5 * x**3 - 2.5 * x**2 + 1
  outer = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
  return np.where(x < 1, inner, np.where(x < 2, outer, 0.0))
