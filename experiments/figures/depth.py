"""Draws what becomes of 101 layers by a gradient penalty and by clipped weights, of two runs side by side.

    python -m experiments.figures.depth runs/resnet101_wgan_gp runs/resnet101_wgan [--to=docs/depth.png]

The runs are those of the experiments of these names; the command that made docs/depth.png is in resnet101_wgan_gp.py.
"""

import argparse
import math
import pathlib
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from wgan_jax import curves, log

COLOURS = {'gradient penalty': '#1b7f8c', 'clipped weights': '#d1495b'}
INK, FAINT = '#2b2b2b', '#8a8a8a'
SIZES = {'title': 11, 'note': 9, 'tick': 8}


class Curve(NamedTuple):
  """A panel of both runs. thin: whether single rounds are drawn too, beneath their running median."""

  title: str
  note: str
  metrics: dict[str, str]  # by the style of its line
  scale: str = 'log'
  thin: bool = True


PANELS = (
  Curve('What the critic tells apart', '|mean D(x) - mean D(G(z))|', {'-': 'w1_estimate'}),
  Curve(
    'Gradients',
    'norm, of the critic (solid) and of the generator (dashed)',
    {'-': 'gradient_norm/critic_loss/critic', '--': 'gradient_norm/generator_loss/generator'},
  ),
  Curve('Distance of samples from data', 'sliced Wasserstein-1', {'-': 'sliced_w1'}, 'linear', thin=False),
)
# In place of the last one where both runs have it: --config.log.inception=True.
BY_FEATURES = PANELS[-1]._replace(note='FID-768', metrics={'-': 'FID-768'})


def points(rows: list[dict[str, Any]], metric: str) -> tuple[np.ndarray, np.ndarray]:
  """(rounds, values) of a metric where it is a number other than 0, without its sign."""
  found = [(row['step'], abs(float(row[metric]))) for row in rows if metric in row]
  found = [(step, value) for step, value in found if math.isfinite(value) and value > 0]
  return tuple(np.array(column) for column in zip(*found, strict=True))


def plot(axes: Any, panel: Curve, runs: dict[str, list[dict[str, Any]]]) -> None:
  """One panel of curves."""
  for name, rows in runs.items():
    for style, metric in panel.metrics.items():
      steps, values = points(rows, metric)
      if panel.thin:
        axes.plot(steps, values, color=COLOURS[name], linewidth=0.6, alpha=0.4)
        axes.plot(steps, curves.median_filtered(values), style, color=COLOURS[name], linewidth=1.6)
      else:
        axes.plot(steps, values, style, color=COLOURS[name], linewidth=1.6, marker='o', markersize=3)
  axes.set_yscale(panel.scale)
  axes.set_title(f'{panel.title}\n', loc='left', fontsize=SIZES['title'], color=INK)
  axes.text(0, 1.03, panel.note, transform=axes.transAxes, fontsize=SIZES['note'], color=FAINT)
  axes.set_xlabel('round', fontsize=SIZES['note'], color=FAINT)
  axes.tick_params(labelsize=SIZES['tick'], colors=FAINT, which='both', length=2)
  axes.spines[:].set_color('#d0d0d0')
  axes.spines[['top', 'right']].set_visible(False)
  axes.grid(axis='y', color='#000000', alpha=0.07, linewidth=0.6)


def show(axes: Any, folder: pathlib.Path, step: int, title: str, colour: str) -> None:
  """The samples of a round, of each eight in a row the first six."""
  samples = np.asarray(Image.open(folder / 'samples' / f'{step:08d}.png'))
  height, width = (3 * side // 4 + 1 for side in samples.shape[:2])
  axes.imshow(samples[:height, :width])
  axes.set_title(title, loc='left', fontsize=SIZES['title'], color=colour)
  axes.set_axis_off()


def draw(folders: dict[str, pathlib.Path], to: pathlib.Path) -> None:
  """Both runs on one page, up to the last round of which there are samples of both."""
  from matplotlib.backends.backend_agg import FigureCanvasAgg  # here, because it is slow to import
  from matplotlib.figure import Figure

  last = max(set.intersection(*({int(f.stem) for f in (d / 'samples').glob('*.png')} for d in folders.values())))
  runs = {name: [row for row in log.read(folder) if row['step'] <= last] for name, folder in folders.items()}
  figure = Figure(figsize=(12, 7.6), dpi=117, layout='constrained', facecolor='white')
  figure.get_layout_engine().set(hspace=0.06, wspace=0.04)
  grid = figure.add_gridspec(2, 3, height_ratios=(1, 1.35))
  told = all(any('FID-768' in row for row in rows) for rows in runs.values())
  for column, panel in enumerate([*PANELS[:-1], BY_FEATURES] if told else PANELS):
    plot(figure.add_subplot(grid[0, column]), panel, runs)
  show(figure.add_subplot(grid[1, 0]), folders['gradient penalty'], 0, 'both, before the first round', INK)
  for column, (name, folder) in enumerate(folders.items(), start=1):
    show(figure.add_subplot(grid[1, column]), folder, last, f'{name}, round {last:,}', COLOURS[name])
  handles = [figure.axes[0].plot([], [], color=colour, linewidth=3, label=name)[0] for name, colour in COLOURS.items()]
  figure.legend(handles=handles, loc='outside upper center', ncols=2, frameon=False, fontsize=SIZES['title'])
  canvas = FigureCanvasAgg(figure)
  canvas.draw()
  # 256 colours are a third of the bytes: noise is what PNG is worst at.
  page = Image.fromarray(np.array(canvas.buffer_rgba())[..., :3]).quantize(256, dither=Image.Dither.NONE)
  page.save(to, optimize=True)


def main(argv: list[str] | None = None) -> None:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('penalised', type=pathlib.Path, help='folder of the run of resnet101_wgan_gp')
  parser.add_argument('clipped', type=pathlib.Path, help='folder of the run of resnet101_wgan')
  parser.add_argument('--to', type=pathlib.Path, default=pathlib.Path('docs/depth.png'))
  options = parser.parse_args(argv)
  for folder in (options.penalised, options.clipped):
    if not (folder / 'metrics.jsonl').exists():
      parser.error(f'no run in {folder}: train it first')
  draw(dict(zip(COLOURS, (options.penalised, options.clipped), strict=True)), options.to)


if __name__ == '__main__':
  main()
