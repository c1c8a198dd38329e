"""report.html: everything about a run on one page that needs no other file."""

import base64
import html
import math
import pathlib
from typing import Any

import numpy as np

from wgan_jax import curves, log, workdir
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
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }}
  body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 1120px; margin: 2em auto; padding: 0 1em; }}
  h1 {{ margin-bottom: 0; }} h2 {{ margin-top: 2em; border-bottom: 1px solid var(--line); }}
  .tiles {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); gap: 1.2em; }}
  figure {{ margin: 0; }} figcaption, .note {{ opacity: .7; font-size: 13px; }}
  img, svg {{ max-width: 100%; height: auto; }} .tiles img {{ width: 100%; }}
  table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }}
  td, th {{ text-align: left; padding: .15em 1.5em .15em 0; border-bottom: 1px solid var(--line); }}
  td {{ vertical-align: top; }}
  .alarm {{ border-left: 4px solid #d1495b; padding-left: .8em; font-weight: 600; }}
</style>
<h1>{title}</h1><p class="note">{subtitle}</p>
<h2>Samples over time</h2>
<p class="note">Always from the same latent codes, drawn with the {drawn_with}.</p>
<div class="tiles">{samples}</div>
<h2>Interpolation</h2>
<p class="note">Each row (or line) goes from one latent code to another.</p>{interpolation}
{shown}
<h2>Scores</h2>{scores}<div class="tiles">{score_curves}</div>
{critic}
{evaluations}
<h2>Curves</h2>
<p class="note">Thin: every logged round. Thick: running median over up to {median} of them.</p>
<div class="tiles">{metric_curves}</div>
<h2>Time and machine</h2>{starts}
<h2>Config</h2>{config}
</html>
"""


def main(config: Any, path: str) -> int:
  """Writes the report of the run in the folder `path` as far as it has come. Returns an exit status."""
  del config
  folder = pathlib.Path(path).expanduser()
  if not (folder / 'config.json').exists():
    raise UserError(f'no run in {path} to report on: train it first, or say where it is by --workdir=')
  say(f'{write(folder)}')
  return 0


def write(folder: pathlib.Path) -> pathlib.Path:
  """Writes report.html into the folder of a run from what lies there, and returns its path."""
  config, starts = workdir.read_config(folder), workdir.read_starts(folder)
  scores, metrics = _split(list(log.read(folder)))
  of_samples = [{name: x for name, x in row.items() if not name.startswith(page_of_critic.OWN)} for row in scores]
  last = max([0, *(row['step'] for row in metrics)])
  page = PAGE.format(
    title=html.escape(folder.name),
    subtitle=html.escape(f'{config["data.name"]}, seed {config["seed"]}, round {last:,} of {config["train.steps"]:,}'),
    drawn_with='moving average of the generator' if config['ema.decay'] else 'generator of that round',
    samples=''.join(_figure(file) for file in _spread(sorted((folder / 'samples').glob('[0-9]*.png')))),
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
    starts=''.join(_table(_start(start)) for start in starts),
    config=_table(config),
  )
  file = folder / 'report.html'
  file.write_text(page)
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
      pictures.append(f'<figure>{curves.svg(name, *zip(*points, strict=True), smooth)}</figure>')
  return ''.join(pictures) or '<p class="note">Not enough rounds yet.</p>'


def _score_table(rows):
  if not rows:
    return '<p class="note">None yet.</p>'
  names = [name for name in rows[-1] if name != 'step']
  head = ''.join(f'<th>{html.escape(n)}</th>' for n in ['round', *names])
  shown = [rows[i] for i in sorted({round(i) for i in np.linspace(0, len(rows) - 1, 8)})]
  body = [''.join(f'<td>{_number(row.get(n, ""))}</td>' for n in ['step', *names]) for row in shown]
  return f'<table><tr>{head}</tr>{"".join(f"<tr>{line}</tr>" for line in body)}</table><br>'


def _start(start):
  seconds = {f'seconds: {what}': value for what, value in start.get('seconds', {}).items()}
  packages = ', '.join(f'{name} {version}' for name, version in start['packages'].items())
  return {**{k: v for k, v in start.items() if k not in ('seconds', 'packages')}, 'packages': packages, **seconds}


def _table(content):
  rows = (f'<tr><td>{html.escape(f"{k}")}</td><td>{html.escape(_number(v))}</td></tr>' for k, v in content.items())
  return f'<table>{"".join(rows)}</table><br>'


def _number(value):
  return f'{value:.5g}' if isinstance(value, float) else f'{value}'


def _spread(files):
  return [files[i] for i in sorted({round(i) for i in np.linspace(0, len(files) - 1, AT_MOST)})] if files else []


def _last_figure(folder):
  return ''.join(_figure(file) for file in sorted(folder.glob('[0-9]*.png'))[-1:])


def _figure(file):
  data = base64.b64encode(file.read_bytes()).decode()
  caption = f'round {int(file.stem):,}'
  return f'<figure><img alt="{caption}" src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'
