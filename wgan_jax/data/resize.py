"""Bringing an image of any size to the one asked for."""

import numpy as np
from PIL import Image


def fit(image: np.ndarray, side: int) -> np.ndarray:
  """uint8 [H, W, C] -> uint8 [side, side, C]: the shorter side resized (bicubic, antialiased), the centre cut out."""
  height, width = image.shape[:2]
  if (height, width) == (side, side):
    return image
  scale = side / min(height, width)
  size = max(side, round(width * scale)), max(side, round(height * scale))
  # PIL knows a grey image only without its channel axis.
  original = Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
  resized = np.asarray(original.resize(size, Image.BICUBIC))
  top, left = (size[1] - side) // 2, (size[0] - side) // 2
  return resized.reshape(size[1], size[0], image.shape[-1])[top : top + side, left : left + side]
