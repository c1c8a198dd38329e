"""report.html: everything about a run on one page that needs no other file."""

import html
import math
import pathlib
from typing import Any

import numpy as np

from wgan_jax import curves, log, pages, remote, workdir
from wgan_jax.errors import UserError
from wgan_jax.evaluation import page as page_of_evaluations
from wgan_jax.progress import say
from wgan_jax.watching import page as page_of_critic

AT_MOST = 6  # grids over time
SHOWN = {  # pictures that some games show of themselves
  'reconstructions': 'Real images above what the auto-encoder makes of them.',
  'codes': 'A row for each category, of the same ten noises; then, for each continuous code, a sweep from -1 to 1.',
  'translations': 'Sources, their translations, and those translated back; then the same the other way round.',
}
BODY = """<h2>Samples over time</h2>
<p class="note">Always from the same latent codes, drawn with the {drawn_with}.</p>
{samples}
<h2>Interpolation</h2>
<p class="note">Each row (or line) goes from one latent code to another.</p>{interpolation}
{shown}
<h2>Scores</h2>{scores}{score_curves}
{critic}
{evaluations}
<h2>Curves</h2>
<p class="note">Thin: every logged round. Thick: running median over up to {median} of them.</p>
{metric_curves}
<h2>Time and machine</h2>{starts}
<h2>Config</h2>{config}"""


def main(config: Any, path: str) -> int:
  """Writes the report of the run in the folder `path` as far as it has come. Returns an exit status."""
  del config
  folder = remote.copy(path)
  if not (folder / 'config.json').exists():
    raise UserError(f'no run in {path} to report on: train it first, or say where it is by --workdir=')
  file = write(folder)
  remote.push(folder)
  say(f'{remote.origin(folder) / file.name}')
  return 0


def write(folder: pathlib.Path) -> pathlib.Path:
  """Writes report.html into the folder of a run from what lies there, and returns its path."""
  config, starts = workdir.read_config(folder), workdir.read_starts(folder)
  scores, metrics = _split(list(log.read(folder)))
  of_samples = [{name: x for name, x in row.items() if not name.startswith(page_of_critic.OWN)} for row in scores]
  last = max([0, *(row['step'] for row in metrics)])
  subtitle = f'{config["data.name"]}, seed {config["seed"]}, round {last:,} of {config["train.steps"]:,}'
  body = BODY.format(
    drawn_with='moving average of the generator' if config['ema.decay'] else 'generator of that round',
    samples=pages.tiles(_figure(file) for file in _spread(sorted((folder / 'samples').glob('[0-9]*.png')))),
    interpolation=_last_figure(folder / 'interpolation'),
    shown=''.join(
      f'<h2>{name.capitalize()}</h2><p class="note">{caption}</p>{_last_figure(folder / name)}'
      for name, caption in SHOWN.items()
      if (folder / name).is_dir()
    ),
    scores=_score_table(of_samples),
    score_curves=_curves(of_samples, smooth=False),
    critic=page_of_critic.section(scores),
    evaluations=page_of_evaluations.section(folder),
    metric_curves=_curves(metrics, smooth=True),
    median=curves.MEDIAN_OVER,
    starts=''.join(pages.facts(_start(start)) for start in starts),
    config=pages.facts(config),
  )
  file = folder / 'report.html'
  file.write_text(pages.page(folder.name, subtitle, body))
  return file


def _split(rows):
  """Rows of scores, and rows of what the turns themselves say."""
  return [r for r in rows if 'sliced_w1' in r], [r for r in rows if 'sliced_w1' not in r]


def _curves(rows, smooth):
  names = list(dict.fromkeys(name for row in rows for name in row if name != 'step'))
  pictures = []
  for name in sorted(names, key=lambda n: (n.startswith('gradient_norm'), n != 'w1_estimate')):
    points = [(row['step'], float(row[name])) for row in rows if name in row]
    points = [(step, value) for step, value in points if math.isfinite(value)]
    if len(points) > 1:
      pictures.append(pages.drawing(curves.svg(name, *zip(*points, strict=True), smooth)))
  return pages.tiles(pictures) if pictures else pages.note('Not enough rounds yet.')


def _score_table(rows):
  if not rows:
    return pages.note('None yet.')
  names = [name for name in rows[-1] if name != 'step']
  shown = [rows[i] for i in sorted({round(i) for i in np.linspace(0, len(rows) - 1, 8)})]
  body = ([html.escape(pages.number(row.get(name, ''))) for name in ['step', *names]] for row in shown)
  return pages.table(['round', *names], body) + '<br>'


def _start(start):
  seconds = {f'seconds: {what}': value for what, value in start.get('seconds', {}).items()}
  packages = ', '.join(f'{name} {version}' for name, version in start['packages'].items())
  return {**{k: v for k, v in start.items() if k not in ('seconds', 'packages')}, 'packages': packages, **seconds}


def _spread(files):
  return [files[i] for i in sorted({round(i) for i in np.linspace(0, len(files) - 1, AT_MOST)})] if files else []


def _last_figure(folder):
  return ''.join(_figure(file) for file in sorted(folder.glob('[0-9]*.png'))[-1:])


def _figure(file):
  return pages.picture(file.read_bytes(), f'round {int(file.stem):,}')
