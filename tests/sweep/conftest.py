"""Folders of sweeps as trainings would have left them, made up in milliseconds."""

import json

import numpy as np
import pytest

from wgan_jax import pictures, status, workdir
from wgan_jax.sweep import units

PICTURE = pictures.png(np.random.default_rng(0).integers(0, 256, (24, 24, 3), np.uint8).repeat(4, 0).repeat(4, 1))
CONFIG = {'data.name': 'digits', 'seed': 0, 'train.steps': 300, 'checkpoint.best': '', 'data.batch_size': 64}


@pytest.fixture
def make_sweep(tmp_path):
  """make(overrides of each unit, **facts) -> (folder, units)."""

  def make(overrides, **facts):
    found = [units.Unit(i, of, ['--config=experiments/x.py']) for i, of in enumerate(overrides)]
    units.freeze(tmp_path, found, {'experiment': 'experiments/x.py', 'sweep': 'main', **facts})
    return tmp_path, found

  return make


@pytest.fixture
def leave(tmp_path):
  """leave(unit, scores by round, state, turns, **facts of the state): what a run of it leaves in its folder."""

  def leave(unit, scores, state=status.DONE, turns=2, **facts):
    folder = tmp_path / unit.folder(tmp_path).name
    (folder / 'samples').mkdir(parents=True, exist_ok=True)
    (folder / 'samples' / f'{max(scores, default=0):08d}.png').write_bytes(PICTURE)
    seed = unit.overrides.get('seed', 0)
    (folder / 'config.json').write_text(json.dumps({**CONFIG, 'seed': seed}))
    rows = [{'step': i + 1, 'critic_loss': 0.5, 'w1_estimate': 1.0 / (i + 1)} for i in range(turns)]
    as_written = {step: {k: v if np.isfinite(v) else f'{v}' for k, v in of.items()} for step, of in scores.items()}
    rows += [{'step': step, **of} for step, of in as_written.items()]
    (folder / 'metrics.jsonl').write_text(''.join(f'{json.dumps(row)}\n' for row in rows))
    start = {'from_step': 0, 'date': '2026-01-01T00:00:00+00:00', 'command': 'launch.py', 'git_revision': 'abc'}
    start |= {'host': 'x86_64, 2 cores', 'device': 'cpu', 'n_devices': 1, 'git_changes': False, 'packages': {}}
    start['seconds'] = {'set-up': 1.0, 'rounds': 4.0, 'compilation and its first rounds': 2.0}
    (folder / 'run.json').write_text(json.dumps({'starts': [start]}))
    (folder / 'log').write_text('...')
    (folder / 'report.html').write_text('<!doctype html>')
    if state:
      status.write(folder, state, step=max(scores, default=0), steps=300, **facts)
    return folder

  return leave


@pytest.fixture
def evaluate():
  """evaluate(folder, value, **differences): adds an evaluation of one number to a run's scores.json."""

  def evaluate(folder, value, **differences):
    row = dict(
      name='FCD-digits',
      value=value,
      spread=None,
      spread_is='',
      split='test',
      n_real=359,
      n_fake=359,
      network='digits',
      resizer='',
      weights_sha256='ab12',
      kept=False,
      step=300,
      weights='moving averages',
      truncation=None,
      standing_statistics=None,
      seed=0,
    )
    file = folder / 'scores.json'
    before = json.loads(file.read_text())['evaluations'] if file.exists() else []
    workdir.write_json(file, {'evaluations': [*before, {'scores': [{**row, **differences}]}]})

  return evaluate
