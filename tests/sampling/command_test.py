"""--mode=sample on a tiny run: what it writes, what it leaves alone, and what it refuses."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from experiments import cgan_digits, toy_wgan_gp
from wgan_jax import train, workdir
from wgan_jax.config import flat
from wgan_jax.errors import UserError
from wgan_jax.prepare import prepare
from wgan_jax.sampling import command, labelled
from wgan_jax.sampling.parts import PARTS


def small(make_tiny):
  """Of a run of four rounds, of which little is drawn."""
  config = make_tiny(cgan_digits, steps=4)
  config.log.n_evaluate = 40
  config.sample.update(n=50, batch_size=20, rows=4, columns=3, animation=dict(frames=2, legs=2))
  config.sample.neighbours.update(k=2, examples=100)
  return config


config = pytest.fixture(small)


@pytest.fixture(scope='module')
def run(make_tiny, tmp_path_factory):
  """The folder of that run, sampled once; tests leave it as they found it, samples excepted."""
  folder = tmp_path_factory.mktemp('run')
  train.train(small(make_tiny), str(folder))
  before = content(folder)
  assert command.sample(small(make_tiny), str(folder)) == 0
  assert content(folder) == before
  return folder


def content(folder):
  """Every file of the run itself, and when it was last written."""
  return {f: f.stat().st_mtime_ns for f in folder.rglob('*') if 'sampled_' not in f'{f.relative_to(folder)}'}


def sampled(config, run, step=4, **keys):
  """What a sampling with other keys wrote: its folder, and the raw images, if any."""
  with config.unlocked():
    config.sample.update(keys)
  command.sample(config, str(run))
  out = run / f'sampled_{step:08d}'
  file = out / 'samples.npz'
  return out, np.load(file).get('images') if file.exists() else None


def test_everything_is_there(run, config):
  out, images = sampled(config, run)
  pictures = {f'{name}.png' for name in PARTS if name not in ('animation', 'samples')}
  assert {f.name for f in out.iterdir()} == {
    *pictures, 'animation.gif', 'samples.npz', 'png', 'sample.json', 'index.html'
  }  # fmt: skip
  assert images.shape == (50, 8, 8, 1) and len(list((out / 'png').iterdir())) == 50
  np.testing.assert_array_equal(np.load(out / 'samples.npz')['labels'], np.arange(50) % 10)
  about = json.loads((out / 'sample.json').read_text())
  assert (about['step'], about['seed'], about['truncation']) == (4, 0, None)
  assert about['standing_statistics'] == {'passes': 16, 'codes': 1024}
  assert about['parts']['neighbours']['spaces']['features'].startswith('the features of the classifier of digits (')
  assert about['parts']['neighbours']['examples'] == 100 and about['packages']['jax']
  page = (out / 'index.html').read_text()
  assert all((out / name).exists() for name in re.findall('src="([^"]+)"', page)) and page.count('<img') == 7


def test_without_a_network_that_knows_the_data_neighbours_are_told_by_the_critic(run, config, monkeypatch):
  monkeypatch.setattr('wgan_jax.build_features.preferred', lambda *_: None)
  assert 'the features of the critic"' in (sampled(config, run, parts='neighbours')[0] / 'sample.json').read_text()


def test_the_numbers_of_the_grid_are_those_of_the_raw_samples(run, config):
  out, images = sampled(config, run, parts='classes,samples', classes='3,1')
  with Image.open(out / 'classes.png') as file:
    picture = np.array(file)
  scale, step = 6, 48 + labelled.GAP
  bottom = picture.shape[0] - labelled.MARGIN
  left = 2 * labelled.MARGIN + round(labelled._font(15).getlength('class 3') + 0.5)
  for row, number in enumerate([3, 1]):
    for column in range(3):
      y, x = bottom - (2 - row) * step, left + column * step
      shown = picture[y : y + 48 : scale, x : x + 48 : scale, 0]
      np.testing.assert_array_equal(shown, images[number + 10 * column, ..., 0])


def test_the_same_keys_draw_the_same_and_other_seeds_others(run, config):
  first, again, other = (sampled(config, run, parts='samples', seed=seed)[1] for seed in (0, 0, 1))
  np.testing.assert_array_equal(first, again)
  assert not np.array_equal(first, other)


def test_weights_statistics_and_thresholds_make_a_difference(run, config):
  base = sampled(config, run, parts='samples')[1]
  config.sample.average = False
  assert not np.array_equal(base, sampled(config, run)[1])
  config.sample.update(average=True, standing=dict(passes=0, batch_size=64))
  assert not np.array_equal(base, sampled(config, run)[1])
  config.sample.truncation.update(threshold=0.1)
  resampled = sampled(config, run)[1]
  config.sample.truncation.kind = 'threshold'
  out, clipped = sampled(config, run)
  assert not np.array_equal(resampled, clipped)
  # Codes so close to one another make samples of a class that hardly differ.
  assert all(x[::10].std(axis=0).mean() < base[::10].std(axis=0).mean() for x in (resampled, clipped))
  about = json.loads((out / 'sample.json').read_text())
  assert about['truncation'] == {'kind': 'threshold', 'threshold': 0.1} and about['standing_statistics'] is None


def test_what_an_earlier_sampling_left_goes_where_it_is_drawn_again(run, config):
  out, _ = sampled(config, run, seed=5)
  (out / 'png' / 'notes.txt').write_text('mine')
  before = {f.name: f.read_bytes() for f in out.glob('*.png')}
  out, _ = sampled(config, run, parts='classes,samples', n=3, seed=6)
  after = {f.name: f.read_bytes() for f in out.glob('*.png')}
  assert {name for name in before if before[name] != after[name]} == {'classes.png'}
  about = json.loads((out / 'sample.json').read_text())
  assert about['seed'] == 6 and set(about['parts']) == {'classes', 'samples'}
  assert about['earlier']['truncation']['seed'] == 5 and 'classes' not in about['earlier']
  assert {f.name for f in (out / 'png').iterdir()} == {*(f'00000{i}.png' for i in range(3)), 'notes.txt'}
  (out / 'png' / 'notes.txt').unlink()


@pytest.mark.parametrize('which, step', [('newest', 4), ('2', 2), ('best', None)])
def test_which_checkpoint(run, config, which, step):
  config.sample.checkpoint = which
  if step is None:
    rows = [json.loads(line) for line in (run / 'metrics.jsonl').read_text().splitlines()]
    scores = {row['step']: row['sliced_w1'] for row in rows if 'sliced_w1' in row}
    step = min((s for s in scores if (run / 'checkpoints' / str(s)).exists()), key=scores.get)
  assert sampled(config, run, step, parts='classes')[0].exists()


def test_a_run_that_is_being_trained_may_be_sampled(run, config):
  with workdir.claimed(str(run), {**flat(config), **prepare(config).source.facts()}):
    assert sampled(config, run, parts='samples', n=7)[1].shape == (7, 8, 8, 1)


def test_a_run_from_before_there_were_such_keys(run, config):
  file = run / 'config.json'
  saved = file.read_text()
  for later in (('sample.', 'generator.norm_epsilon'), 'sample.'):
    file.write_text(json.dumps({k: v for k, v in json.loads(saved).items() if not k.startswith(later)}))
    sampled(config, run, parts='classes')
  config.sample.rows = 2
  assert train.train(config, str(run)) == 0  # it is at its end already, and goes on as ever
  file.write_text(saved)


@pytest.mark.parametrize(
  'key, value, line',
  [
    ('sample.parts', 'classes,grids', r"unknown sample.parts 'grids'; known: animation, arithmetic, classes"),
    ('sample.checkpoint', '3', r'no checkpoint 3 in .*: name newest, best or one of those there \(.*4\)'),
    ('sample.animation.format', 'mp4', r"unknown sample.animation.format 'mp4'"),
    ('generator.width', 17, r'was made by another config: add --config.generator.width=16, or'),
  ],
)
def test_mistakes_are_one_line_before_anything_is_drawn(run, config, key, value, line):
  before = content(run)
  group, _, name = key.rpartition('.')
  node = config
  for part in group.split('.'):
    node = node[part]
  node[name] = value
  with pytest.raises(UserError, match=line) as caught:
    command.sample(config, str(run))
  assert '\n' not in f'{caught.value}' and content(run) == before


def test_without_a_checkpoint_it_names_the_command_that_trains(config, tmp_path):
  with pytest.raises(UserError, match=r'no checkpoint in .*: train it first, python launch.py'):
    command.sample(config, str(tmp_path / 'run'))
  assert not (tmp_path / 'run').exists()


def test_points_have_scatter_plots_and_raw_samples_and_no_neighbours(tmp_path):
  config = toy_wgan_gp.get_config()
  config.data.batch_size = config.generator.width = config.critic.width = 16
  config.train.update(steps=2, devices=1)
  config.log.update(n_samples=20, n_evaluate=40)
  config.sample.n = 30
  train.train(config, str(tmp_path))
  out = sampled(config, tmp_path, 2)[0]
  names = 'classes.png', 'truncation.png', 'interpolation_z.png', 'samples.npz', 'sample.json', 'index.html'
  assert {f.name for f in out.iterdir()} == {*names}
  assert np.load(out / 'samples.npz')['points'].shape == (30, 2)
  config.sample.parts = 'neighbours'
  with pytest.raises(UserError, match=r'neighbours needs images, and these data are points: leave it out of'):
    command.sample(config, str(tmp_path))
