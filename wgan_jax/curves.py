"""Curves of a run as SVG that takes the colour of the page it stands in."""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.ndimage

from wgan_jax import vector

MEDIAN_OVER = 101  # logged rounds, as in the figures of the WGAN paper
AT_MOST = 2_000  # points of a drawn curve
THIN = {'color': '#6c8ebf', 'linewidth': 0.7, 'alpha': 0.8}
MEDIAN = {'color': '#d1495b', 'linewidth': 1.4}
DOTTED = {'color': '#d1495b', 'marker': 'o', 'markersize': 3}
STYLES = (  # of curves that stand together
  {'color': '#6c8ebf'},
  {'color': '#d1495b'},
  {'color': '#d1495b', 'linestyle': ':'},
  {'color': '#8a8a8a', 'linestyle': '--'},
)
ROOM = 0.145, 0.19, 0.835, 0.68  # left, bottom, width and height of axes between the longest words, in shares of a tile
FAR_ABOVE = 10  # times, a value above the median of the lowest curve


def median_filtered(values: Sequence[float]) -> np.ndarray:
  """The running median over up to 101 values, [N] -> [N]; the first and the last value go on beyond the ends."""
  size = min(MEDIAN_OVER, len(values) - 1 + len(values) % 2)
  return scipy.ndimage.median_filter(np.asarray(values, float), size, mode='nearest')


def svg(title: str, steps: Sequence[int], values: Sequence[float], smooth: bool) -> str:
  """One curve over rounds: raw and thin, and where `smooth` its running median on top of it."""
  figure, axes, lines = _tile(smooth)
  axes.title.set_text(title)
  stride = -(-len(steps) // AT_MOST)
  drawn = slice(len(steps) % stride, None, stride)
  for line, of in zip(lines, (np.asarray(values, float), median_filtered(values)), strict=False):
    line.set_data(np.asarray(steps)[drawn], of[drawn])
  axes.relim()
  axes.autoscale()
  return vector.svg(figure)


@functools.cache
def _tile(smooth: bool) -> tuple[Any, Any, list[Any]]:
  """(figure, axes, lines without points) that all curves are drawn with.

  A report has a dozen of them: one takes 27 ms of CPU, and 62 ms with axes of its own, which find out what room words
  take (`svg` of 2,000 rounds and their median, Intel Xeon, 2026-11-27).
  """
  figure, axes = panel('', layout='none')
  axes.set_position(ROOM)
  axes.title.set_y(1.0)
  styles = (THIN, MEDIAN) if smooth else (DOTTED,)
  return figure, axes, [axes.plot([], [], **style)[0] for style in styles]


def together(title: str, lines: dict[str, tuple[Sequence[int], Sequence[float]]]) -> str:
  """Several curves over rounds, by what they are called: (steps, values) each.

  On a logarithmic scale where some of it is far above one of them, on which only what is positive can be seen.
  """
  figure, axes = panel(title, height=3.3 if len(lines) > 1 else 2.7)
  for (name, (steps, values)), style in zip(lines.items(), STYLES, strict=False):
    axes.plot(steps, values, label=name, marker='o', markersize=2.5, linewidth=1.2, **style)
  if far_apart([values for _, values in lines.values()]):
    axes.set_yscale('log', nonpositive='mask')
  if len(lines) > 1:
    vector.legend(figure, loc='outside lower center', ncols=2)
  return vector.svg(figure)


def far_apart(lines: Sequence[Sequence[float]]) -> bool:
  """Whether values can only be seen on a logarithmic scale, lines of finite values each."""
  medians = [np.median(values) for values in lines]
  return min(medians) > 0 and max(map(max, lines)) > FAR_ABOVE * min(medians)


def panel(title: str, x: str = 'round', height: float = 2.7, layout: str = 'constrained') -> tuple[Any, Any]:
  """(figure, axes) of a tile, `height` inches high. layout: what finds room for words."""
  from matplotlib.figure import Figure  # here, because it is slow to import

  figure = Figure(figsize=(5.2, height), layout=layout, facecolor='none')
  axes = figure.add_subplot()
  vector.style(axes)
  axes.set_title(title, color=vector.INK, fontsize=10)
  axes.set_xlabel(x, color=vector.INK, fontsize=8)
  return figure, axes
