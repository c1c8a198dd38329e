"""Sliced Wasserstein distance between patches of Laplacian pyramids: one number for each scale of detail."""

import numpy as np
import scipy.ndimage

from wgan_jax.errors import UserError
from wgan_jax.metrics import checks, sliced
from wgan_jax.metrics.reservoir import Reservoir

SIDE = 7  # of a patch
SMALLEST = 16  # of the levels of a pyramid, but for images that are smaller
BINOMIAL = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16


class PatchDescriptors:
  """7x7 patches at random places of every level of the Laplacian pyramids of images that come in chunks.

  Args:
    patches: of each image and level.
    limit: of patches kept of a level, a uniform sample where there are more; 128 of 16,384 images in the paper. One
      takes 4 x 7 x 7 x C bytes, 1.2 GB for all of these in colour.
    seed: of the places, which do not depend on how the images are cut into chunks.
  """

  def __init__(self, patches: int = 128, limit: int = 128 * 16_384, seed: int = 0):
    self._patches, self._limit, self._seed = patches, limit, seed
    self.shape: tuple[int, ...] = ()
    self._places, self._kept = [], []  # of each level: a generator of places, a Reservoir of patches
    self.sides: list[int] = []  # pixels along the shorter side of each level, the finest first
    self.n = 0  # images

  def add(self, images: np.ndarray) -> 'PatchDescriptors':
    """Takes images [B, H, W, C] in, uint8 or in [-1, 1], and returns itself."""
    images = checks.images(images)
    self._begin(images.shape[1:])
    for level, places, kept in zip(pyramid(images, len(self.sides)), self._places, self._kept, strict=True):
      windows = np.lib.stride_tricks.sliding_window_view(level, (SIDE, SIDE), axis=(1, 2))
      corners = places.integers(0, windows.shape[1:3], size=(len(images), self._patches, 2))
      which = np.arange(len(images))[:, None]
      found = windows[which, corners[..., 0], corners[..., 1]]  # [B, patches, C, 7, 7]
      kept.add(found.astype(np.float32).reshape(-1, images.shape[3] * SIDE * SIDE))
    self.n += len(images)
    return self

  def _begin(self, shape):
    if self.shape and shape != self.shape:
      raise UserError(f'images of shape {list(shape)} after others of {list(self.shape)}: they must be alike')
    if min(shape[:2]) < SIDE:
      raise UserError(f'images of {shape[0]}x{shape[1]} pixels have no {SIDE}x{SIDE} patches')
    if not self.shape:
      self.shape, self.sides = shape, _sides(min(shape[:2]))
      self._places = [np.random.Generator(np.random.Philox(key=[self._seed, side])) for side in self.sides]
      self._kept = [Reservoir(self._limit, self._seed) for _ in self.sides]

  def normalised(self, level: int) -> np.ndarray:
    """Patches of a level, each channel with mean 0 and deviation 1 over all of them, [N, 7 x 7 x C]."""
    kept = self._kept[level].features
    channels = kept.reshape(len(kept), self.shape[2], -1)
    mean, std = (f(channels, axis=(0, 2), dtype=np.float64, keepdims=True) for f in (np.mean, np.std))
    return ((channels - mean) / np.maximum(std, 1e-12)).astype(np.float32).reshape(kept.shape)


def _sides(finest):
  sides = [finest]
  while (smaller := (sides[-1] + 1) // 2) >= SMALLEST:
    sides.append(smaller)
  return sides


def laplacian_swd(
  real: PatchDescriptors, fake: PatchDescriptors, directions: int = 512, seed: int = 0
) -> dict[int, float]:
  """{side of the level: sliced 1-Wasserstein distance between patches of real and fake images, times 10^3}.

  Karras et al., "Progressive Growing of GANs", section 5, https://arxiv.org/abs/1710.10196. Numbers there are of 16,384
  images each; 4 x 128 directions.
  """
  for name, patches in (('real', real), ('fake', fake)):
    checks.enough(patches.n, name, 2)
  if real.shape != fake.shape:
    raise UserError(f'real images are {list(real.shape)}, fake ones {list(fake.shape)}: give images of one size')
  return {
    side: 1e3 * sliced.sliced_w1(real.normalised(level), fake.normalised(level), directions, seed)
    for level, side in enumerate(real.sides)
  }


def pyramid(images: np.ndarray, levels: int) -> list[np.ndarray]:
  """The Laplacian pyramid of images [B, H, W, C]: details at each scale, the finest first, and the rest at the last.

  Burt & Adelson, "The Laplacian Pyramid as a Compact Image Code" (1983).
  """
  found = [images]
  for _ in range(levels - 1):
    smaller = _blurred(found[-1])[:, ::2, ::2]
    found[-1] = found[-1] - _enlarged(smaller, found[-1].shape)
    found.append(smaller)
  return found


def _blurred(images):
  for axis in (1, 2):
    images = scipy.ndimage.correlate1d(images, BINOMIAL, axis, mode='mirror')
  return images


def _enlarged(images, shape):
  sparse = np.zeros(shape)
  sparse[:, ::2, ::2] = images
  return _blurred(4 * sparse)
