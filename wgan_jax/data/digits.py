"""The 1,797 handwritten digits, 8x8, that ship with scikit-learn: real data with no download.

The test part of the UCI set "Optical recognition of handwritten digits", https://doi.org/10.24432/C50P49.
"""

import numpy as np

from wgan_jax.data.cache import Images
from wgan_jax.data.resize import fit


def load(side: int = 0) -> Images:
  """uint8 [1797, 8, 8, 1], the 17 grey levels of the original spread over 0..255, and labels 0..9.

  side: fit them to side x side pixels; 0 for the 8x8 that they have.
  """
  import sklearn.datasets  # here, because importing it takes seconds that other data need not spend

  digits = sklearn.datasets.load_digits()
  images = np.rint(digits.images[..., None] * (255 / 16)).astype(np.uint8)
  images = np.stack([fit(image, side) for image in images]) if side else images
  return Images(images, digits.target.astype(np.int32))
