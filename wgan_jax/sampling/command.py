"""Sampling a run: sheets that show what its generator can do, and raw samples, all from one of its checkpoints."""

import html
import json
from typing import Any

import jax

from wgan_jax import remote, workdir
from wgan_jax.errors import UserError, unknown
from wgan_jax.progress import say
from wgan_jax.restored import restored
from wgan_jax.sampling import options as sampling_options
from wgan_jax.sampling.parts import PARTS
from wgan_jax.sampling.session import Session
from wgan_jax.stop import Stop

WRITTEN = {'animation': ('*.gif', '*.webp'), 'samples': ('samples.npz', 'png/[0-9]*.png')}  # else NAME.png
PICTURES = ('png', 'gif', 'webp')
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 1120px; margin: 2em auto; padding: 0 1em; }}
  img {{ max-width: 100%; height: auto; margin: 1em 0; display: block; }}
</style>
<h1>{title}</h1><p>{note}; see <a href="sample.json">sample.json</a>.</p>
{pictures}
</html>
"""


def sample(config: Any, path: str) -> int:
  """Writes a folder `sampled_<round>` into the folder of a run, which may go on training. Returns an exit status."""
  with Stop():
    return _sample(config, path)


def _sample(config, path):
  run = restored(config, path, config.sample.checkpoint)
  options = sampling_options.read(config.sample, run.prepared.play.game, run.prepared.source.classes)
  out = run.folder / f'sampled_{run.step:08d}'
  session = Session(config, options, run, out)
  chosen = _chosen(config.sample.parts, session)
  out.mkdir(exist_ok=True)
  facts, earlier = {}, _clear(out, chosen)
  for name in chosen:
    say(f'{name} ...')
    facts[name] = PARTS[name].write(session)
  about = _about(session, run.step)
  _write_page(out, f'{run.folder.name}, round {run.step:,}', about)
  # Last: where a part is told of, its files are whole. What was drawn before stays, told of as it was drawn.
  workdir.write_json(out / 'sample.json', {**about, 'parts': facts, 'earlier': earlier})
  remote.push(run.folder)
  say(f'done: {remote.origin(run.folder) / out.name / "index.html"}')
  return 0


def _clear(out, chosen):
  """Removes what an earlier sampling left of the chosen parts. Returns {part: how it was drawn} of those that stay."""
  file = out / 'sample.json'
  told = json.loads(file.read_text()) if file.exists() else {'parts': {}}
  how = {key: value for key, value in told.items() if key not in ('parts', 'earlier')}
  drawn = told.get('earlier', {}) | {name: {**how, **facts} for name, facts in told['parts'].items()}
  earlier = {name: facts for name, facts in drawn.items() if name not in chosen}
  workdir.write_json(file, {'parts': {}, 'earlier': earlier})
  for name in chosen:
    for pattern in WRITTEN.get(name, (f'{name}.png',)):
      for left in out.glob(pattern):
        left.unlink()
  return earlier


def _chosen(parts, session):
  """The names of the parts to write. Raises a UserError for one that is unknown, or makes no sense here."""
  if not parts:
    unfit = {name: reason for name, part in PARTS.items() if (reason := part.unfit(session))}
    for name, reason in unfit.items():
      say(f'{name}: left out, as it needs {reason}')
    return [name for name in PARTS if name not in unfit]
  names = [name.strip() for name in parts.split(',')]
  for name in names:
    if name not in PARTS:
      raise unknown('sample.parts', name, PARTS)
    if reason := PARTS[name].unfit(session):
      raise UserError(f'{name} needs {reason}: leave it out of --config.sample.parts=')
  return names


def _about(session, step):
  c = session.config.sample
  return {
    'step': step,
    **session.facts(),
    'batch_size': c.batch_size,
    'device': jax.local_devices()[0].device_kind,
    **workdir.circumstances(),
  }


def _write_page(out, title, about):
  passes, truncation = about['standing_statistics'], about['truncation']
  note = f'Drawn with {about["weights"]}, seed {about["seed"]}'
  note += f', codes within {truncation["threshold"]:g} ({truncation["kind"]})' if truncation else ''
  note += f', batch statistics of {passes["codes"]:,} codes' if passes else ''
  files = [file for name in PARTS for suffix in PICTURES for file in out.glob(f'{name}.{suffix}')]
  shown = [f'<h2>{file.stem.replace("_", " ")}</h2><img src="{file.name}" alt="{file.stem}">' for file in files]
  raw = '<p>Raw samples: <a href="samples.npz">samples.npz</a></p>' if (out / 'samples.npz').exists() else ''
  pictures = '\n'.join([*shown, raw])
  (out / 'index.html').write_text(PAGE.format(title=html.escape(title), note=html.escape(note), pictures=pictures))
