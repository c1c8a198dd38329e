"""matplotlib's figures as SVG that takes the colour of the page it stands in, or as PNG on white."""

import io
import re
from typing import Any

INK = '#010203'  # a colour that nothing else has, put in place of the page's own
REFERENCES = re.compile(r'\bid="|href="#|url\(#')  # within an SVG


def style(axes: Any) -> None:
  """Axes in ink on nothing: two spines, a faint grid."""
  axes.set_facecolor('none')
  axes.tick_params(which='both', colors=INK, labelsize=8)
  axes.spines[:].set_color(INK)
  axes.spines[['top', 'right']].set_visible(False)
  axes.grid(color=INK, alpha=0.12, linewidth=0.5)


def legend(of: Any, *lines: Any, **options: Any) -> None:
  """The names of the lines of axes, or of a figure; of these alone, (lines, names), where they are given.

  options: of matplotlib's `legend`, such as loc or ncols.
  """
  of.legend(*lines, **{'fontsize': 8, 'labelcolor': INK, 'frameon': False, **options})


def svg(figure: Any, name: str = '') -> str:
  """The `<svg>` element, in which what is drawn in INK has the page's own colour.

  Args:
    name: of the figure, which keeps apart what several on one page refer to; with one, equal figures are equal text.
  """
  import matplotlib  # here, because it is slow to import
  from matplotlib.backends.backend_svg import FigureCanvasSVG

  buffer = io.StringIO()
  with matplotlib.rc_context({'svg.hashsalt': name or None}):
    FigureCanvasSVG(figure).print_svg(buffer, metadata={'Date': None})
  text = buffer.getvalue()
  text = text[text.index('<svg') :].replace(INK, 'currentColor')
  return REFERENCES.sub(rf'\g<0>{name}-', text) if name else text


def png(figure: Any, dpi: int = 150) -> bytes:
  """The bytes of a PNG file on white paper."""
  from matplotlib.backends.backend_agg import FigureCanvasAgg

  buffer = io.BytesIO()
  FigureCanvasAgg(figure)
  figure.savefig(buffer, format='png', dpi=dpi, facecolor='white')
  return buffer.getvalue()
