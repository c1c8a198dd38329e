"""Multi-scale structural similarity of pairs of images, and what it says of the diversity of a set."""

from typing import NamedTuple

import numpy as np

from wgan_jax import progress
from wgan_jax.errors import UserError
from wgan_jax.metrics import checks

WEIGHTS = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])  # of the scales, the finest first
RADIUS, SIGMA = 5, 1.5  # of the Gaussian window, 11x11
C1, C2 = 0.01**2, 0.03**2  # of light between 0 and 1: similarity in luminance has a zero, that of no light
PAIRS = 64  # compared at once


class Diversity(NamedTuple):
  """What random pairs say; the less, the more diverse.

  name: 'MS-SSIM' with all five scales, 'MS-SSIM-2' with two: numbers of other names are other measures.
  mean: over classes of the mean over pairs. standard_error: of it, over pairs.
  by_class: mean over the pairs of each class, [K]; [1] without labels. pairs: of each class.
  """

  name: str
  mean: float
  standard_error: float
  by_class: np.ndarray
  pairs: int


def scales(height: int, width: int) -> int:
  """How many of the five scales images are large enough for: those on which the window still fits."""
  count, side = 0, min(height, width)
  while count < len(WEIGHTS) and side >= 2 * RADIUS + 1:
    count, side = count + 1, (side + 1) // 2
  if not count:
    raise UserError(f'MS-SSIM has a window of 11x11 pixels: images of {height}x{width} are too small for it')
  return count


def ms_ssim(first: np.ndarray, second: np.ndarray) -> np.ndarray:
  """cs_1^w_1 ... cs_(M-1)^w_(M-1) (l cs)_M^w_M for each pair, mean over channels, [N] in [0, 1].

    l  = (2 m_x m_y + C1) / (m_x^2 + m_y^2 + C1)        of means in the window at each place
    cs = (2 s_xy + C2) / (s_x^2 + s_y^2 + C2)           of deviations; mean over places, negative ones count as 0

  Wang et al., "Multiscale Structural Similarity for Image Quality Assessment" (2003), Eq. 7, with M = 5 and its weights
  w. Images under 161 pixels have no five scales: the weights of those that they have are then scaled to sum to 1.

  Args:
    first, second: [N, H, W, C], in [-1, 1] or uint8.
  """
  first, second = ((checks.images(images).transpose(0, 3, 1, 2) + 1) / 2 for images in (first, second))
  if first.shape != second.shape:
    raise UserError(f'pairs of images must be alike: {list(first.shape)} and {list(second.shape)} [N, C, H, W]')
  count = scales(*first.shape[2:])
  product = 1.0
  for scale, weight in enumerate(_weights(count)):
    if scale:
      first, second = _halved(first), _halved(second)
    luminance, contrast = _compared(first, second)
    places = luminance * contrast if scale == count - 1 else contrast
    product = product * np.maximum(places.mean(axis=(2, 3)), 0) ** weight
  return product.mean(axis=1)


def _weights(count):
  some = WEIGHTS[:count]
  return some if count == len(WEIGHTS) else some / some.sum()  # published with a sum of 1.0001, and used so elsewhere


def _compared(x, y):
  """Luminance and contrast-structure at each place, [N, C, H - 10, W - 10]."""
  of_x, of_y = _windowed(x), _windowed(y)
  variances = _windowed(x * x) - of_x**2 + _windowed(y * y) - of_y**2
  covariance = _windowed(x * y) - of_x * of_y
  luminance = (2 * of_x * of_y + C1) / (of_x**2 + of_y**2 + C1)
  return luminance, (2 * covariance + C2) / (variances + C2)


def _windowed(images):
  """Means under the window wherever it fits: the product with a banded matrix from either side."""
  return _bands(images.shape[2]) @ images @ _bands(images.shape[3]).T


def _bands(size):
  window = np.exp(-0.5 * (np.arange(-RADIUS, RADIUS + 1) / SIGMA) ** 2)
  window /= window.sum()
  return np.array([np.pad(window, (i, size - len(window) - i)) for i in range(size - 2 * RADIUS)])


def _halved(images):
  """Means of 2x2 pixels; of an odd side the last counts twice."""
  height, width = images.shape[2:]
  images = np.pad(images, ((0, 0), (0, 0), (0, height % 2), (0, width % 2)), mode='edge')
  return (images[..., ::2, ::2] + images[..., 1::2, ::2] + images[..., ::2, 1::2] + images[..., 1::2, 1::2]) / 4


def ms_ssim_diversity(
  images: np.ndarray, labels: np.ndarray | None = None, classes: int = 1, pairs: int = 100, seed: int = 0
) -> Diversity:
  """Mean MS-SSIM over random pairs of different images, of one class each where there are labels.

  Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", section 4.2,
  https://arxiv.org/abs/1610.09585: 100 pairs of each class, compared with the same of real images.

  Args:
    images: [N, H, W, C], in [-1, 1] or uint8.
    labels: [N] int, None for pairs from all.
    classes: K; labels run from 0 to K - 1.
    pairs: of each class.
    seed: of the pairs.
  """
  labels = np.zeros(len(images), int) if labels is None else np.asarray(labels)
  checks.labels(labels, len(images), classes)
  if pairs < 2:
    raise UserError(f'{pairs} pairs of images: take two at least')
  rng = np.random.Generator(np.random.Philox(seed))
  drawn = np.concatenate([_pairs(np.flatnonzero(labels == label), label, pairs, rng) for label in range(classes)])
  starts = range(0, len(drawn), PAIRS)
  values = [
    ms_ssim(*(images[chosen] for chosen in drawn[i : i + PAIRS].T))
    for i in progress.steps(starts, f'MS-SSIM, {PAIRS} pairs at once', len(starts))
  ]
  values = np.concatenate(values).reshape(classes, pairs)
  count = scales(*images.shape[1:3])
  name = 'MS-SSIM' if count == len(WEIGHTS) else f'MS-SSIM-{count}'
  by_class, error = values.mean(axis=1), np.sqrt(np.mean(values.var(axis=1, ddof=1)) / values.size)
  return Diversity(name, float(by_class.mean()), float(error), by_class, pairs)


def _pairs(members, label, pairs, rng):
  """Pairs of different ones of the members of a class, [pairs, 2]."""
  checks.enough(len(members), f'(class {label})', 2)
  one = rng.integers(len(members), size=pairs)
  other = (one + rng.integers(1, len(members), size=pairs)) % len(members)
  return members[np.stack([one, other], axis=1)]
