"""The figure of 101 layers: it draws both runs as far as both have come."""

import json

import numpy as np
import pytest
from PIL import Image

from experiments.figures import depth
from wgan_jax import pictures


@pytest.fixture
def runs(tmp_path):
  """Two runs, one of which has come further."""
  folders = tmp_path / 'penalised', tmp_path / 'clipped'
  for folder, last in zip(folders, (4, 2), strict=True):
    (folder / 'samples').mkdir(parents=True)
    rows = [{'step': step, 'sliced_w1': 0.3} for step in range(0, last + 1, 2)]
    for step in range(1, last + 1):
      row = {metric: -step / 10 for panel in depth.PANELS[:2] for metric in panel.metrics.values()}
      rows.append({'step': step, **row, 'penalty': 'nan'})
    (folder / 'metrics.jsonl').write_text(''.join(json.dumps(row) + '\n' for row in rows))
    for step in range(0, last + 1, 2):
      (folder / 'samples' / f'{step:08d}.png').write_bytes(pictures.png(np.full((40, 40, 3), 40 * step, np.uint8)))
  return folders


def test_both_runs_are_drawn_as_far_as_both_have_come(runs, tmp_path, monkeypatch):
  shown, drawn = [], []
  monkeypatch.setattr(depth, 'show', lambda axes, folder, step, *rest: shown.append((folder.name, step)))
  plot = depth.plot
  monkeypatch.setattr(depth, 'plot', lambda axes, panel, found: (drawn.append(found), plot(axes, panel, found)))
  depth.main([*map(str, runs), f'--to={tmp_path / "depth.png"}'])
  assert shown == [('penalised', 0), ('penalised', 2), ('clipped', 2)]
  assert {max(row['step'] for row in rows) for found in drawn for rows in found.values()} == {2}


def test_a_page_of_curves_and_samples_is_written(runs, tmp_path):
  depth.main([*map(str, runs), f'--to={tmp_path / "depth.png"}'])
  pixels = np.asarray(Image.open(tmp_path / 'depth.png').convert('RGB'))
  # The grey of the samples of round 2, twice, which nothing else has.
  assert pixels.shape[0] > 500 and np.all(abs(pixels.astype(int) - 80) <= 2, axis=2).sum() > 50_000


def test_where_both_runs_have_a_distance_of_features_that_is_drawn(runs, tmp_path, monkeypatch):
  panels = []
  monkeypatch.setattr(depth, 'plot', lambda axes, panel, found: panels.append(panel.note))
  depth.main([*map(str, runs), f'--to={tmp_path / "depth.png"}'])
  for folder in runs:
    with (folder / 'metrics.jsonl').open('a') as file:
      file.write('{"step": 2, "FID-768": 0.5}\n')
  depth.main([*map(str, runs), f'--to={tmp_path / "depth.png"}'])
  assert (panels[2], panels[5]) == ('sliced Wasserstein-1', 'FID-768')


def test_points_are_numbers_other_than_zero_without_their_sign():
  rows = [
    {'step': 0},
    {'step': 1, 'w1': -2.0},
    {'step': 2, 'w1': 0.0},
    {'step': 3, 'w1': 'nan'},
    {'step': 4, 'w1': 3.0},
  ]
  steps, values = depth.points(rows, 'w1')
  assert steps.tolist() == [1, 4] and values.tolist() == [2.0, 3.0]


def test_a_folder_without_a_run_is_told(runs, tmp_path, capsys):
  with pytest.raises(SystemExit):
    depth.main([str(runs[0]), str(tmp_path / 'nothing')])
  assert 'nothing: train it first' in capsys.readouterr().err
