"""The samples that a sweep shows: of the best run of each group, or of all, small enough for a page."""

import concurrent.futures
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from wgan_jax import pages, pictures
from wgan_jax.sweep.runs import AT_ONCE, Run

AT_MOST = 120  # pictures on a page
BYTES = 6_000_000  # of all of them together
SMALLEST = 96  # pixels, below which a picture tells nothing


def tiles(captions: Sequence[tuple[Run, str]], small: bool) -> str:
  """HTML of the last picture of samples of each run above a plain text, to which its round is added.

  Runs without a picture, or with a torn one, are passed over.
  """
  shown = captions[:AT_MOST]
  with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
    figures = pool.map(lambda pair: _figure(*pair, BYTES // len(shown)), shown)
  return pages.tiles(filter(None, figures), small)


def _figure(run: Run, caption: str, room: int) -> str:
  try:
    file = max((run.folder / 'samples').glob('[0-9]*.png'), default=None)
    return pages.picture(fitted(file.read_bytes(), room), f'{caption}, round {int(file.stem):,}') if file else ''
  except (OSError, ValueError, SyntaxError):  # PIL's word for a file that is cut short is any of these
    return ''


def fitted(png: bytes, room: int) -> bytes:
  """The bytes of a PNG file, halved until it fits into so many, or would tell nothing any more."""
  image = np.asarray(Image.open(io.BytesIO(png)).convert('RGB'))
  while len(png) > room and min(image.shape[:2]) >= 2 * SMALLEST:
    image = pictures.halved(image)
    png = pictures.png(image)
  return png
