"""Sheets: pictures in rows and columns that say what they are, as uint8 arrays [H, W, 3]."""

import functools
import itertools
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from wgan_jax.pictures import AT_LEAST

GAP, MARGIN = 4, 12  # pixels between pictures, and around all of them
SIZE, HEADING = 15, 18  # of letters, in pixels
INK, PAPER = (30, 30, 30), (255, 255, 255)


def sheet(
  title: str,
  rows: Sequence[Sequence[np.ndarray | None]],
  row_names: Sequence[str],
  column_names: Sequence[str] = (),
) -> np.ndarray:
  """Pictures of one shape below a title, with names of the rows on the left and of the columns above them.

  Args:
    title: broken into lines as wide as the sheet.
    rows: uint8 [H, W, 1 or 3] each, None for a place that stays empty: a column of nothing else is a narrow gap. Small
      ones are enlarged by whole factors.
    row_names, column_names: an empty one leaves its place to the text before it.
  """
  cells = [cell for row in rows for cell in row if cell is not None]
  scale = math.ceil(AT_LEAST / max(cells[0].shape[:2]))
  height, width = (side * scale + GAP for side in cells[0].shape[:2])
  left = 2 * MARGIN + math.ceil(max(_font(SIZE).getlength(name) for name in row_names))
  columns = itertools.zip_longest(*rows)
  places = [*itertools.accumulate((width if any(x is not None for x in c) else MARGIN for c in columns), initial=left)]
  right = max(places[-1], AT_LEAST * 10)
  lines = _broken(title, right - MARGIN)
  top = MARGIN + len(lines) * (HEADING + 6) + (SIZE + 8 if any(column_names) else 0)
  canvas = Image.new('RGB', (right + MARGIN, top + height * len(rows) + MARGIN), PAPER)
  draw = ImageDraw.Draw(canvas)
  for i, line in enumerate(lines):
    draw.text((MARGIN, MARGIN + i * (HEADING + 6)), line, INK, _font(HEADING))
  for place, name in zip(places, column_names, strict=False):
    draw.text((place, top - SIZE - 6), name, INK, _font(SIZE))
  for i, (row, name) in enumerate(zip(rows, row_names, strict=True)):
    draw.text((left - MARGIN, top + i * height + height // 2), name, INK, _font(SIZE), anchor='rm')
    for place, cell in zip(places, row, strict=False):
      if cell is not None:
        canvas.paste(Image.fromarray(_colours(cell, scale)), (place, top + i * height))
  return np.array(canvas)


def _broken(text, width):
  """Lines of it that are at most so many pixels wide, longer words apart."""
  lines = []
  for word in text.split():
    longer = ' '.join([*lines[-1:], word])
    fits = lines and _font(HEADING).getlength(longer) <= width
    lines[-1:] = [longer] if fits else [*lines[-1:], word]
  return lines


def _colours(image, scale):
  return np.broadcast_to(image.repeat(scale, axis=0).repeat(scale, axis=1), (*np.multiply(image.shape[:2], scale), 3))


@functools.cache
def _font(size):
  return ImageFont.load_default(size)
