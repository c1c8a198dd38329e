"""Drawing that looks the same in every figure, and well on light and dark pages.

Lines and text in INK take the colour of the page; the other colours are seen on both.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from wgan_jax import pictures, vector
from wgan_jax.vector import INK

BLUE, RED, TEAL, AMBER, VIOLET, GREY = '#5590dc', '#c22f3e', '#17a276', '#bf8b1a', '#7844cf', '#69646a'
COLOURS = BLUE, RED, TEAL, AMBER, VIOLET, GREY
REAL, FAKE = GREY, RED  # samples of the data, and generated ones
HEAT = 'viridis'  # of heat maps of values that may be negative
WIDTH = 9.6  # inches, of a page


def panels(columns: int, rows: int = 1, height: float = 3.2, **options) -> tuple[Any, np.ndarray]:
  """(figure, axes [rows, columns]) as wide as the page, each row `height` inches high.

  options: of matplotlib's `Figure.subplots`, such as sharey or width_ratios.
  """
  from matplotlib.figure import Figure  # here, because it is slow to import

  figure = Figure(figsize=(WIDTH, height * rows), layout='constrained', facecolor='none')
  axes = figure.subplots(rows, columns, squeeze=False, **options)
  for one in axes.flat:
    vector.style(one)
  return figure, axes


def label(axes: Any, title: str, x: str = '', y: str = '') -> None:
  """What the panel shows, and what its axes are, with units."""
  axes.set_title(title, color=INK, fontsize=10, loc='left')
  axes.set_xlabel(x, color=INK, fontsize=9)
  axes.set_ylabel(y, color=INK, fontsize=9)


def legend(axes: Any, **options) -> None:
  """The names of the panel's lines."""
  vector.legend(axes, **options)


def fade(colour: str = BLUE) -> Any:
  """Colours of a heat map of masses: nothing at all for 0, so that the page is seen, up to the whole colour."""
  from matplotlib.colors import LinearSegmentedColormap, to_rgb

  return LinearSegmentedColormap.from_list('fade', [(*to_rgb(colour), 0), (*to_rgb(colour), 1)])


def between(first: str = AMBER, last: str = VIOLET) -> Any:
  """Colours of what has an order, such as rounds, all of them seen on light and dark pages."""
  from matplotlib.colors import LinearSegmentedColormap

  return LinearSegmentedColormap.from_list('between', [first, last])


def heat(figure: Any, axes: Any, values: np.ndarray, bar: str = '', **options) -> Any:
  """A heat map of a matrix [rows, columns], row 0 on top; `bar` names its colours.

  options: of matplotlib's imshow, such as extent, origin, vmin.
  """
  image = axes.imshow(values, **{'cmap': HEAT, 'aspect': 'auto', 'interpolation': 'nearest', **options})
  axes.grid(visible=False)
  if bar:
    scale = figure.colorbar(image, cax=axes.inset_axes((1.03, 0.05, 0.05, 0.9)))  # as high as the map, however wide
    scale.set_label(bar, color=INK, fontsize=9)
    scale.ax.tick_params(colors=INK, labelsize=8)
    scale.outline.set_visible(False)
    scale.ax.set_facecolor('none')
  return image


def cells(axes: Any, texts: Sequence[Sequence[str]], dark: np.ndarray) -> None:
  """A text in each cell of a heat map [rows, columns], white where `dark` [rows, columns] says that the cell is."""
  for i, row in enumerate(texts):
    for j, text in enumerate(row):
      axes.text(j, i, text, ha='center', va='center', fontsize=8, color='white' if dark[i][j] else INK)


def points(axes: Any, x: np.ndarray, colour: str = FAKE, name: str = '', size: float = 4) -> None:
  """Points [N, 2], kept as pixels, for thousands of them would be slow to look at."""
  axes.scatter(*x.T, s=size, color=colour, linewidths=0, label=name, rasterized=True)


def square(axes: Any, reach: float) -> None:
  """A plane from -reach to reach without ticks, as samples are looked at in."""
  axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[], aspect='equal')
  axes.grid(visible=False)


def images(axes: Any, samples: np.ndarray, columns: int = 0) -> None:
  """Images [N, H, W, C] in [-1, 1] as a grid."""
  axes.imshow(pictures.picture(samples, samples, columns), interpolation='nearest')
  axes.set_axis_off()
