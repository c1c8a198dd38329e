"""The table of "Are GANs created equal?", as published, as a lecture prints it, and as far as it was measured here.

    python launch.py --config=experiments/lecture/are_gans_equal.py [--config.are_gans_equal.runs=FOLDER]

Evaluated runs anywhere in that folder (launch.py with --mode=evaluate) fill the column "here", a mean over their seeds.
"""

import pathlib

import numpy as np

from wgan_jax import workdir
from wgan_jax.evaluation import scores
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Are GANs created equal?',
  lectures=(0,),
  claim='With enough tuning the objectives of GANs reach similar FIDs: “maybe it doesn’t really matter”.',
  erratum='The rows of the printed table are shifted: what stands beside “WGAN” are the numbers of the minimax GAN, '
  'beside “LSGAN” those of the non-saturating GAN, beside “WGAN GP” WGAN’s, beside “DRAGAN” WGAN-GP’s, beside “BEGAN” '
  'DRAGAN’s and beside “VAE” BEGAN’s, with errors of reading; the rows of LSGAN and VAE are missing. In the first two '
  'rows a number was lost too, so that others stand in the column before their own.',
  source='Lucic et al., “Are GANs Created Equal? A Large-Scale Study”, https://arxiv.org/abs/1711.10337: best of a '
  'search over 100 settings, 10,000 samples against the test images, mean and spread of 50 seeds without outliers. '
  'VAE’s row was not checked against the paper.',
)

DATA = {'mnist': 'MNIST', 'fashion_mnist': 'Fashion-MNIST', 'cifar10': 'CIFAR-10', 'celeb_a': 'CelebA'}
PUBLISHED = {  # (mean, spread) by data set
  'MM GAN': ((9.8, 0.9), (29.6, 1.6), (72.7, 3.6), (65.6, 4.2)),
  'NS GAN': ((6.8, 0.5), (26.5, 1.6), (58.5, 1.9), (55.0, 3.3)),
  'LSGAN': ((7.8, 0.6), (30.7, 2.2), (87.1, 47.5), (53.9, 2.8)),
  'WGAN': ((6.7, 0.4), (21.5, 1.6), (55.2, 2.3), (41.3, 2.0)),
  'WGAN GP': ((20.3, 5.0), (24.5, 2.1), (55.8, 0.9), (30.0, 1.0)),
  'DRAGAN': ((7.6, 0.4), (27.7, 1.2), (69.8, 2.0), (42.3, 3.0)),
  'BEGAN': ((13.1, 1.0), (22.9, 0.9), (71.4, 1.6), (38.9, 0.9)),
  'VAE': ((23.8, None), (58.7, None), (155.7, None), (85.7, None)),
}
PRINTED = {  # by the lecture, in the columns where it has them
  'WGAN': (8.8, 22.7, 65.6, None),
  'LSGAN': (6.8, 58.5, 55.0, None),
  'WGAN GP': (6.7, 21.5, 55.2, 41.3),
  'DRAGAN': (20.3, 24.0, 56.6, 50.0),
  'BEGAN': (7.6, 27.7, 69.8, 42.3),
  'VAE': (13.1, 22.9, 71.4, 38.9),
}
TICKS = 5, 7, 10, 15, 20, 30, 40, 60, 100, 150  # of FIDs
OF_GAME = {'vae': 'VAE', 'began': 'BEGAN'}
OF_OBJECTIVE = {
  ('minimax', 'none'): 'MM GAN',
  ('non_saturating', 'none'): 'NS GAN',
  ('non_saturating', 'dragan'): 'DRAGAN',
  ('least_squares', 'none'): 'LSGAN',
  ('wasserstein', 'none'): 'WGAN',
  ('wasserstein', 'gradient_penalty'): 'WGAN GP',
}


def get_config():
  return numbers(
    __file__,
    runs='runs/are_gans_equal',  # folder of evaluated runs, at any depth
    score='FID',  # that is read of them: FID, or FCD-mnist and such, which compare with one another only
    split='test',  # that samples were compared with
  )


def inputs(config):
  """What the figure depends on beside its numbers."""
  return sorted(pathlib.Path(config.runs).expanduser().rglob('scores.json'))


def draw(config, folder):
  del folder
  here = measured_here(config)
  figure, axes = plots.panels(len(DATA), height=3.4, sharey=True)
  for column, (one, title) in enumerate(zip(axes[0], DATA.values(), strict=True)):
    panel(one, title, column, here)
  lines = {name: line for one in axes[0] for line, name in zip(*one.get_legend_handles_labels(), strict=True)}
  place = {'loc': 'outside lower center', 'ncols': 3, 'frameon': False}
  figure.legend(lines.values(), lines, fontsize=8, labelcolor=plots.INK, **place)
  axes[0, 0].set_ylabel('model', color=plots.INK, fontsize=9)
  runs = sum(len(values) for values in here.values())
  shifts = [
    abs(a - mean) for n in PRINTED for a, (mean, spread) in zip(PRINTED[n], PUBLISHED[n], strict=True) if a and spread
  ]
  worst = max(shifts)  # where the published number was checked
  told = (
    f'{runs} evaluated runs were found'
    + ('.' if runs else ', so the column “here” is not yet measured.')
    + f' What the lecture prints beside a name is up to {worst:.1f} from what was published under it, '
    'VAE left out.'
  )
  return Figure(told, {'runs': runs, 'largest_shift': worst}, figure, table(here))


def panel(axes, title, column, here):
  heights = {name: -i for i, name in enumerate(PUBLISHED)}
  for i, row in enumerate(PUBLISHED.values()):
    mean, spread = row[column]
    axes.errorbar(mean, -i, xerr=spread, fmt='o', color=plots.BLUE, label='' if i else 'published', markersize=4)
  printed = [(row[column], heights[name]) for name, row in PRINTED.items() if row[column]]
  axes.plot(
    *zip(*printed, strict=True), 'D', mfc='none', color=plots.AMBER, label='printed in the lecture', markersize=5
  )
  found = [(np.mean(v), np.std(v), heights[n]) for (n, d), v in here.items() if d == list(DATA)[column]]
  for mean, spread, y in found:
    axes.errorbar(mean, y, xerr=spread, fmt='s', color=plots.RED, markersize=5, label='here')
  shown = [mean - (spread or 0) for mean, spread in (row[column] for row in PUBLISHED.values())]
  shown += [row[column][0] for row in PUBLISHED.values()]
  shown += [x for x, _ in printed] + [mean for mean, *_ in found]
  plots.label(axes, title, 'FID')
  axes.set_xscale('log')
  axes.set_xticks(TICKS, [f'{tick}' for tick in TICKS])
  axes.set_xticks([], minor=True)
  axes.set_xlim(0.9 * min(shown), 1.2 * max(shown))
  axes.set_yticks(list(heights.values()), list(heights))


def measured_here(config):
  """{(model, data): [score of each run]} of the last evaluation of each run."""
  found = {}
  for file in inputs(config):
    run = workdir.read_config(file.parent)
    key = run['game.objective'] if 'game.objective' in run else '', run.get('game.penalty.name', 'none')
    model = OF_GAME.get(run['game.name']) or OF_OBJECTIVE.get(key)
    for row in [row for e in scores.read(file.parent)[-1:] for row in e['scores']]:
      if model and (row['name'], row['split']) == (config.score, config.split):
        found.setdefault((model, run['data.name']), []).append(row['value'])
  return found


def table(here):
  rows = [['model', *(f'{title}: {what}' for title in DATA.values() for what in ('published', 'here'))]]
  for name in PUBLISHED:
    row = [name]
    for data, (mean, spread) in zip(DATA, PUBLISHED[name], strict=True):
      values = here.get((name, data), [])
      row += [
        f'{mean}' if spread is None else f'{mean} ± {spread}',
        f'{np.mean(values):.1f} ± {np.std(values):.1f} ({len(values)} seeds)' if values else 'not yet measured',
      ]
    rows.append(row)
  return rows
