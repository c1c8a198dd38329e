"""The table of "Are GANs created equal?", as published, as a lecture prints it, and as far as it was measured here.

    python launch.py --config=experiments/lecture/are_gans_equal.py [--config.are_gans_equal.runs=FOLDER]

Evaluated runs anywhere in that folder fill the column "here": those of the sweeps of experiments/are_gans_equal.py, or
any other runs of these models, after launch.py with --mode=evaluate. Of each model the best setting counts, over its
seeds.
"""

import pathlib

from experiments.lucic import measured as measures
from experiments.lucic.published import DATA, PAPER, PRINTED, PUBLISHED
from wgan_jax import vector
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

TICKS = 5, 7, 10, 15, 20, 30, 40, 60, 100, 150  # of FIDs


def get_config():
  return numbers(
    __file__,
    runs='runs/are_gans_equal',  # folder of evaluated runs, at any depth
    score='',  # that is read of them: FID, or FCD, FCD-mnist and such; '' for FID if there is one, else FCD
    split='test',  # that samples were compared with
  )


def inputs(config):
  """What the figure depends on beside its numbers."""
  return sorted(pathlib.Path(config.runs).expanduser().rglob('scores.json'))


def draw(config, folder):
  del folder
  name, here = measured_here(config)
  other = bool(here) and name != 'FID'  # which has axes of its own
  figure, axes = plots.panels(len(DATA), rows=1 + other, height=3.4, sharey=True)
  heights = {model: -i for i, model in enumerate(PUBLISHED)}
  for column, (data, title) in enumerate(DATA.items()):
    found = {model: best for (model, of), best in here.items() if of == data}
    top = published(axes[0, column], column, heights)
    shown = measured(axes[-1, column], found, heights)
    dress(axes[0, column], f'{title}, published' if other else title, 'FID', heights)
    logarithmic(axes[0, column], top + ([] if other else shown))
    if other:
      dress(axes[1, column], f'{title}, {"here" if shown else "not yet measured"}', name, heights)
      axes[1, column].axison = bool(shown)
  lines = {name: line for one in axes.flat for line, name in zip(*one.get_legend_handles_labels(), strict=True)}
  vector.legend(figure, lines.values(), lines, loc='outside lower center', ncols=3)
  for one in axes[:, 0]:
    one.set_ylabel('model', color=plots.INK, fontsize=9)
  shifts = [
    abs(a - mean) for n in PRINTED for a, (mean, spread) in zip(PRINTED[n], PUBLISHED[n], strict=True) if a and spread
  ]
  worst = max(shifts)  # where the published number was checked
  told, numbers_of = tell(name, here)
  told += f' What the lecture prints beside a name is up to {worst:.1f} from what was published under it, VAE left out.'
  return Figure(told, {**numbers_of, 'largest_shift': worst}, figure, table(name, here))


def measured_here(config):
  """(name of the score, {(model, data): what was measured of it here})."""
  files = inputs(config)
  for name in [config.score] if config.score else ['FID', 'FCD']:
    here = measures.best(measures.runs_of(files, name, config.split))
    if here:
      break
  return name, here


def tell(name, here):
  """What was found here, in sentences, and their numbers."""
  if not here:
    return '0 evaluated runs were found, so the column “here” is not yet measured.', {'runs': 0}
  runs = [run for best in here.values() for run in best.runs]
  ours = {'seeds': [len(best.runs) for best in here.values()], 'settings': [best.settings for best in here.values()]}
  ours |= {'updates': [run.updates for run in runs], 'width': [run.width for run in runs]}
  told = (
    f'Here: {len(runs)} runs; for each model and set of images {spanned(ours, "seeds")} of the best of '
    f'{spanned(ours, "settings")}, {spanned(ours, "updates")} of the critic in a run, networks of '
    f'{spanned(ours, "width")}. Published: {spanned(PAPER, "seeds")}, {spanned(PAPER, "settings")}, '
    f'{spanned(PAPER, "updates")}, {spanned(PAPER, "width")}.'
  )
  if name != 'FID':
    told += f' The score here is {name}, in the features of another network: its values do not compare with FIDs.'
  ends = {
    f'{whose} {what}, {end.__name__}': end(of[what])
    for whose, of in (('here', ours), ('published', PAPER))
    for what in of
    for end in (min, max)
  }
  return told, {'runs': len(runs), **ends}


def spanned(of, what):
  """'3–5 seeds' of what lies between 3 and 5, '3 seeds' of what is always 3, and 'width 16'."""
  text = '–'.join(f'{n:,}' for n in dict.fromkeys((min(of[what]), max(of[what]))))
  return f'width {text}' if what == 'width' else f'{text} {what}' if text != '1' else f'1 {what[:-1]}'


def published(axes, column, heights):
  """Draws what the paper and the lecture have of a set of images; the numbers that are to be seen."""
  for i, (model, row) in enumerate(PUBLISHED.items()):
    mean, spread = row[column]
    axes.errorbar(
      mean, heights[model], xerr=spread, fmt='o', color=plots.BLUE, label='' if i else 'published', markersize=4
    )
  printed = [(row[column], heights[name]) for name, row in PRINTED.items() if row[column]]
  axes.plot(
    *zip(*printed, strict=True), 'D', mfc='none', color=plots.AMBER, label='printed in the lecture', markersize=5
  )
  rows = [row[column] for row in PUBLISHED.values()]
  return [mean for mean, _ in rows] + [mean - (spread or 0) for mean, spread in rows] + [x for x, _ in printed]


def measured(axes, found, heights):
  """Draws what was measured here of a set of images; the numbers that are to be seen."""
  for i, (model, best) in enumerate(found.items()):
    mean, spread = best.statistic.mean, best.statistic.std
    axes.errorbar(mean, heights[model], xerr=spread, fmt='s', color=plots.RED, markersize=5, label='' if i else 'here')
  told = [best.statistic for best in found.values()]
  return [x for one in told for x in (one.mean, one.mean - (one.std or 0))]


def dress(axes, title, name, heights):
  """What the panel shows, and a line for each model."""
  plots.label(axes, title, name)
  axes.set_yticks(list(heights.values()), list(heights))


def logarithmic(axes, shown):
  """An axis of FIDs that has these numbers, with ticks that can be read."""
  axes.set_xscale('log')
  axes.set_xticks(TICKS, [f'{tick}' for tick in TICKS])
  axes.set_xticks([], minor=True)
  axes.set_xlim(0.9 * min(shown), 1.2 * max(shown))


def table(name, here):
  of_here = 'here' if name == 'FID' else f'here, {name}'
  rows = [['model', *(f'{title}: {what}' for title in DATA.values() for what in ('published', of_here))]]
  for model in PUBLISHED:
    row = [model]
    for data, (mean, spread) in zip(DATA, PUBLISHED[model], strict=True):
      found = here.get((model, data))
      row += [f'{mean}' if spread is None else f'{mean} ± {spread}', f'{found}' if found else 'not yet measured']
    rows.append(row)
  return rows
