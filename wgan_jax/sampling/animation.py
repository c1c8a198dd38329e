"""Animated pictures by Pillow."""

import io

import numpy as np
from PIL import Image

FORMATS = {  # and how Pillow writes them: loop=0 is without end
  'gif': dict(format='GIF', loop=0, disposal=1),
  'webp': dict(format='WEBP', loop=0, quality=90, method=4),
}


def animation(frames: list[np.ndarray], kind: str, milliseconds: int) -> bytes:
  """The bytes of a file that plays uint8 frames [H, W, 3] over and over.

  Args:
    kind: one of FORMATS. A GIF has 256 colours, and times that are multiples of 10 ms.
    milliseconds: of each frame.
  """
  first, *rest = map(Image.fromarray, frames)
  buffer = io.BytesIO()
  first.save(buffer, save_all=True, append_images=rest, duration=milliseconds, **FORMATS[kind])
  return buffer.getvalue()
