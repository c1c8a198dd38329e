"""--mode=evaluate on tiny runs: what it writes, what changes no number, and what it refuses."""

import json
import shutil

import jax
import numpy as np
import pytest

from experiments import cgan_digits, toy_wgan_gp
from wgan_jax import report, train
from wgan_jax.errors import UserError
from wgan_jax.evaluation import command, images

FACTS = {'split', 'n_real', 'n_fake', 'network', 'resizer', 'weights_sha256', 'step', 'weights', 'truncation'}
FACTS |= {'standing_statistics', 'seed', 'kept', 'name', 'value', 'spread', 'spread_is'}


def small(make_tiny, experiment=cgan_digits):
  """Of a run of two rounds, of which few samples are measured."""
  config = make_tiny(experiment, steps=2)
  config.log.n_evaluate = 100
  config.evaluate.update(batch_size=100, n_pixels=50, n_points=200, kept=150)
  config.evaluate.standing.passes = 2
  config.evaluate.kid.update(subsets=3, subset_size=50)
  return config


@pytest.fixture
def config(make_tiny):
  return small(make_tiny)


@pytest.fixture(scope='module')
def run(make_tiny, tmp_path_factory):
  folder = tmp_path_factory.mktemp('run')
  train.train(small(make_tiny), str(folder))
  return folder


def evaluated(config, run, **keys):
  """{(name, split): row of scores.json} of an evaluation with other keys, and the evaluation itself."""
  with config.unlocked():
    config.evaluate.update(keys)
  assert command.evaluate(config, str(run)) == 0
  found = json.loads((run / 'scores.json').read_text())['evaluations'][-1]
  return {(row['name'], row['split']): row for row in found['scores']}, found


def test_every_number_says_how_it_was_made(run, config, capsys):
  rows, found = evaluated(config, run, against='train[:900]:700,train[900:]:300')
  names = {name for name, _ in rows}
  assert names >= {'FCD-digits', 'KCD-digits', 'CS-digits', 'precision', 'coverage', 'sliced_w1', 'laplacian_swd_8'}
  assert all(set(row) == FACTS for row in rows.values())
  first, second = rows['FCD-digits', 'train[:900]'], rows['FCD-digits', 'train[900:]']
  assert (first['n_fake'], first['n_real'], second['n_fake'], second['n_real']) == (700, 900, 300, 897)
  assert 'classifier of digits' in first['network'] and len(first['weights_sha256']) == 64
  assert (first['step'], first['seed'], first['weights']) == (2, 0, 'moving averages')
  assert found['packages']['jax'] and found['data'] == 'digits' and 'ms_ssim' in found['left_out']
  shown = capsys.readouterr().out
  assert 'FCD-digits' in shown and '700, 900' in shown and all(len(line) <= 120 for line in shown.splitlines())
  assert 'FCD-digits' in report.write(run).read_text()


def test_batches_and_devices_change_no_number_and_seeds_do(run, config):
  config.evaluate.update(against='train:300', scores='frechet,kid,manifold,sliced')
  whole, _ = evaluated(config, run, batch_size=300)
  parts, _ = evaluated(config, run, batch_size=56)
  assert jax.local_device_count() == 8
  for key, row in whole.items():
    np.testing.assert_allclose(parts[key]['value'], row['value'], rtol=1e-4)
  other, _ = evaluated(config, run, seed=1)
  assert other['FCD-digits', 'train']['value'] != parts['FCD-digits', 'train']['value']
  raw, _ = evaluated(config, run, seed=0, average=False)
  assert raw['FCD-digits', 'train']['value'] != parts['FCD-digits', 'train']['value']


def test_statistics_of_real_images_are_taken_once(run, config, monkeypatch):
  config.evaluate.update(against='train:200', scores='frechet')
  once, _ = evaluated(config, run)
  monkeypatch.setattr('wgan_jax.evaluation.against.batches', None)
  again, _ = evaluated(config, run)
  assert once['FCD-digits', 'train']['value'] == again['FCD-digits', 'train']['value']
  with pytest.raises(TypeError):
    evaluated(config, run, kept=140)


def test_without_a_network_pixels_are_measured_all_the_same(run, config, monkeypatch, capsys):
  monkeypatch.setattr('wgan_jax.build_features.classifier.for_data', lambda name, shape: None)
  rows, found = evaluated(config, run, against='train:60')
  assert {name for name, _ in rows} == {'sliced_w1', 'laplacian_swd_8'} and {'frechet', 'kid'} <= set(found['left_out'])
  assert capsys.readouterr().err.count('no classifier of ours knows digits: for FID set') == 1
  with pytest.raises(UserError, match=r'kid: no classifier of ours knows digits.*weights=auto'):
    evaluated(config, run, scores='kid')


def test_measures_of_kept_features_say_how_many_those_are(run, config):
  rows, _ = evaluated(config, run, against='train:300', scores='frechet,kid,manifold', kept=90)
  told = {name: (row['n_real'], row['n_fake'], row['kept']) for (name, _), row in rows.items()}
  assert told['FCD-digits'] == (1797, 300, False)
  assert told['KCD-digits'] == told['precision'] == told['coverage'] == (90, 90, True)


def test_what_is_torn_is_told_before_anything_is_measured(run, config, tmp_path, monkeypatch):
  shutil.copytree(run, tmp_path / 'run')
  for text in ('{"evaluations": 3}', '{"evaluations": [{}]}', '[]', 'xx'):
    (tmp_path / 'run' / 'scores.json').write_text(text)
    with pytest.raises(UserError, match=r'scores.json is damaged'):
      command.evaluate(config, str(tmp_path / 'run'))
  monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
  evaluated(config, run, against='train:100', scores='kid')
  for file in (tmp_path / 'wgan_jax' / 'statistics').glob('*/features.npy'):
    file.write_bytes(file.read_bytes()[:50])
  with pytest.raises(UserError, match=r'holds no statistics .*: delete it'):
    evaluated(config, run, against='train:100', scores='kid')


def test_pictures_come_from_all_over_the_set_with_their_classes_and_inverted_where_that_is_asked():
  data = [{'image': np.full((1, 1, 1), i, np.uint8), 'label': i // 10} for i in range(100)]
  found, labels = images.evenly(data, 10, invert=False)
  np.testing.assert_array_equal(found[:, 0, 0, 0], np.arange(0, 100, 11))
  np.testing.assert_array_equal(labels, np.arange(10))
  np.testing.assert_array_equal(images.evenly(data, 10, invert=True)[0], 255 - found)


def test_points_are_measured_against_their_density(make_tiny, tmp_path):
  config = small(make_tiny, toy_wgan_gp)
  train.train(config, str(tmp_path))
  rows, _ = evaluated(config, tmp_path)
  names = {name for name, _ in rows}
  of_modes, of_distances = {'hq_share', 'modes', 'mode_kl'}, {'w1', 'w2', 'sliced_w1', 'energy_distance', 'squared_mmd'}
  assert names == of_modes | of_distances | {'forward_kl', 'reverse_kl'}
  assert all(row['n_fake'] == row['n_real'] == 200 for row in rows.values())
  assert rows['w1', 'density']['value'] <= rows['w2', 'density']['value']


@pytest.mark.parametrize(
  'keys, message',
  [
    ({'against': 'train'}, r"against is of the form 'train:50000,test:10000'.*not 'train'"),
    ({'against': 'train:0'}, r'against is of the form'),
    ({'against': 'test:10'}, r"digits has nothing in split 'test'"),
    ({'scores': 'fid'}, r"unknown evaluate.scores 'fid'; known: (?!.*sliced.*sliced).*frechet"),
    ({'against': 'train:40', 'scores': 'frechet'}, r'frechet: 40 fake samples .* 64 dimensions .* more than 64'),
    ({'scores': 'ms_ssim'}, r'ms_ssim: MS-SSIM has a window of 11x11 pixels'),
    ({'scores': 'stacked'}, r'stacked: digits are no stacked digits'),
    ({'weights': 'nowhere.pth'}, r'nowhere.pth'),
    ({'truncation': {'kind': 'clip'}}, r"unknown evaluate.truncation.kind 'clip'"),
    ({'checkpoint': '7'}, r'7'),
  ],
)
def test_a_mistake_is_told_in_one_line(run, config, keys, message):
  with config.unlocked():
    config.evaluate.update({'against': 'train:100', **keys})
  with pytest.raises(UserError, match=message) as error:
    command.evaluate(config, str(run))
  assert '\n' not in f'{error.value}'


def test_without_a_run_it_names_the_command_that_trains(config, tmp_path):
  with pytest.raises(UserError, match=r'no checkpoint in .*: train it first, python launch.py'):
    command.evaluate(config, str(tmp_path / 'run'))
