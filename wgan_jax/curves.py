"""Curves of a run as SVG that takes the colour of the page it stands in."""

import io
from collections.abc import Sequence

import numpy as np
import scipy.ndimage

MEDIAN_OVER = 101  # logged rounds, as in the figures of the WGAN paper
AT_MOST = 2_000  # points of a drawn curve
THIN = {'color': '#6c8ebf', 'linewidth': 0.7, 'alpha': 0.8}
DOTTED = {'color': '#d1495b', 'marker': 'o', 'markersize': 3}
INK = '#010203'  # a colour that nothing else has, put in place of the page's own


def median_filtered(values: Sequence[float]) -> np.ndarray:
  """The running median over up to 101 values, [N] -> [N]; the first and the last value go on beyond the ends."""
  size = min(MEDIAN_OVER, len(values) - 1 + len(values) % 2)
  return scipy.ndimage.median_filter(np.asarray(values, float), size, mode='nearest')


def svg(title: str, steps: Sequence[int], values: Sequence[float], smooth: bool) -> str:
  """One curve over rounds: raw and thin, and where `smooth` its running median on top of it."""
  from matplotlib.backends.backend_svg import FigureCanvasSVG  # here, because it is slow to import
  from matplotlib.figure import Figure

  figure = Figure(figsize=(5.2, 2.7), layout='constrained', facecolor='none')
  axes = figure.add_subplot(facecolor='none')
  stride = -(-len(steps) // AT_MOST)
  drawn = slice(len(steps) % stride, None, stride)
  axes.plot(np.asarray(steps)[drawn], np.asarray(values, float)[drawn], **(THIN if smooth else DOTTED))
  if smooth:
    axes.plot(np.asarray(steps)[drawn], median_filtered(values)[drawn], color='#d1495b', linewidth=1.4)
  axes.set_title(title, color=INK, fontsize=10)
  axes.set_xlabel('round', color=INK, fontsize=8)
  axes.tick_params(colors=INK, labelsize=8)
  axes.spines[:].set_color(INK)
  axes.spines[['top', 'right']].set_visible(False)
  axes.grid(color=INK, alpha=0.12, linewidth=0.5)
  buffer = io.StringIO()
  FigureCanvasSVG(figure).print_svg(buffer, metadata={'Date': None})
  text = buffer.getvalue()
  return text[text.index('<svg') :].replace(INK, 'currentColor')
