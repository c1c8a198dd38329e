"""Pictures of samples, as uint8 arrays [H, W, 3]."""

import io
import math

import numpy as np
from PIL import Image

GAP = 2  # pixels between the images of a grid
AT_LEAST = 48  # pixels that a small image is enlarged to


def picture(samples: np.ndarray, real: np.ndarray, columns: int = 0) -> np.ndarray:
  """Images as a grid, points as a scatter plot over real ones.

  Args:
    samples: images [N, H, W, C] in [-1, 1], or points [N, 2].
    real: points to plot underneath; of images nothing is used.
    columns: of the grid, about the square root of N for 0.
  """
  if samples.ndim == 4:
    return grid(np.clip(np.rint((samples + 1) * 127.5), 0, 255).astype(np.uint8), columns)
  return scatter(real, samples)


def paths(rows: np.ndarray, real: np.ndarray) -> np.ndarray:
  """Interpolations: images [rows, columns, H, W, C] as a grid, points [rows, columns, 2] as lines."""
  if rows.ndim == 5:
    return picture(rows.reshape(-1, *rows.shape[2:]), real, rows.shape[1])
  return scatter(real, rows.reshape(-1, 2), rows)


def grid(images: np.ndarray, columns: int = 0) -> np.ndarray:
  """uint8 [N, H, W, C] -> one picture, row by row; small images are enlarged by whole factors."""
  n, height, width, channels = images.shape
  columns = columns or math.ceil(math.sqrt(n))
  scale = math.ceil(AT_LEAST / max(height, width))
  cell = (height * scale + GAP, width * scale + GAP)
  rows = math.ceil(n / columns)
  canvas = np.full((rows * cell[0] + GAP, columns * cell[1] + GAP, 3), 128, np.uint8)
  for i, image in enumerate(images.repeat(scale, axis=1).repeat(scale, axis=2)):
    top, left = i // columns * cell[0] + GAP, i % columns * cell[1] + GAP
    canvas[top : top + height * scale, left : left + width * scale] = image if channels == 3 else image[..., :1]
  return canvas


def scatter(real: np.ndarray, fake: np.ndarray, lines: np.ndarray | None = None) -> np.ndarray:
  """Points [N, 2] over real ones [M, 2], on axes that the real ones choose; `lines` [K, L, 2] connects points."""
  from matplotlib.backends.backend_agg import FigureCanvasAgg  # here, because it is slow to import
  from matplotlib.figure import Figure

  figure = Figure(figsize=(5, 5), dpi=120, layout='constrained')
  axes = figure.add_subplot(aspect='equal')
  axes.scatter(*real.T, s=4, color='#b0b0b0', linewidths=0, label='data')
  axes.scatter(*fake.T, s=4, color='#d1495b', linewidths=0, label='generated')
  for line in [] if lines is None else lines:
    axes.plot(*line.T, color='#d1495b', linewidth=0.7)
  reach = 1.25 * np.abs(real).max()
  axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[])
  axes.legend(loc='lower center', bbox_to_anchor=(0.5, 1), ncols=2, fontsize=8, markerscale=3, frameon=False)
  canvas = FigureCanvasAgg(figure)
  canvas.draw()
  return np.array(canvas.buffer_rgba())[..., :3]


def halved(picture: np.ndarray) -> np.ndarray:
  """A picture of half the width and height, each pixel the mean of four."""
  return np.array(Image.fromarray(picture).reduce(2))


def png(image: np.ndarray) -> bytes:
  """The bytes of a PNG file."""
  buffer = io.BytesIO()
  Image.fromarray(image).save(buffer, 'PNG', optimize=True)
  return buffer.getvalue()
