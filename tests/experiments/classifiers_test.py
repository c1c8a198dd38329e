"""Training the classifiers that are shipped, small here."""

import json

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments.classifiers import __main__ as command
from experiments.classifiers import sets, training
from wgan_jax.data.cache import Images
from wgan_jax.errors import UserError
from wgan_jax.metrics.features import classifier


@pytest.fixture
def small(monkeypatch):
  monkeypatch.setitem(classifier.KINDS, 'digits', classifier.Kind('digits', (8, 8, 1), (16, 32), (0, 0)))
  monkeypatch.setattr(training, 'STEPS_PER_DISPATCH', 45)
  monkeypatch.setitem(training.RECIPES, 'digits', training.RECIPES['digits']._replace(rate=0.2))


def test_one_epoch_makes_a_classifier_that_says_what_it_can_do(small, tmp_path, capsys):
  command.main(['--data=digits', '--epochs=1', f'--to={tmp_path}'])
  assert 'digits: ' in capsys.readouterr().out
  facts = json.loads((tmp_path / 'digits.json').read_text())
  assert facts['test_images'] == 360 and facts['trained_on'] == '1,437 images of digits'
  assert facts['command'].endswith('--data=digits --epochs=1 --seed=0')
  assert 0.3 < facts['test_accuracy'] < 1  # 0.1 by chance
  network = classifier.classifier('digits', folder=tmp_path)
  test = sets.load('digits', '', '').test
  assert training.accuracy(network.apply, network.weights, test) == pytest.approx(facts['test_accuracy'], abs=1e-5)


def test_what_was_trained_without_a_test_set_is_measured_later(small, tmp_path, capsys):
  data = sets.load('digits', '', '')
  sets.save(str(tmp_path / 'sets.npz'), data._replace(test=None))
  command.main(['--data=digits', '--epochs=1', f'--to={tmp_path}', f'--npz={tmp_path / "sets.npz"}'])
  weights = (tmp_path / 'digits.npz').read_bytes()
  assert classifier.classifier('digits', folder=tmp_path).name == 'classifier of digits (not tested)'
  command.main(['--data=digits', '--measure', f'--to={tmp_path}'])
  assert (tmp_path / 'digits.npz').read_bytes() == weights
  assert ' % of held-out images)' in classifier.classifier('digits', folder=tmp_path).name


def test_the_seed_is_all_that_matters(small, monkeypatch):
  monkeypatch.setattr(training, 'STEPS_PER_DISPATCH', 3)
  module, data = classifier.KINDS['digits'].module(folded=False), sets.load('digits', '', '').train
  data = Images(data.images[:96], data.labels[:96])
  recipe = training.RECIPES['digits']._replace(epochs=1)
  first, again, other = (training.train(module, data, recipe, seed) for seed in (0, 0, 1))
  chex.assert_trees_all_equal(first, again)
  assert np.abs(first['params']['Dense_0']['kernel'] - other['params']['Dense_0']['kernel']).max() > 0.01


def test_images_are_moved_and_mirrored():
  images = np.zeros((400, 5, 5, 1), np.uint8)
  images[:, 2, 1] = 9
  moved = np.asarray(training.augment(images, jax.random.key(0), shift=1, flip=False))
  assert {tuple(place) for _, *place, _ in np.argwhere(moved)} == {(r, c) for r in (1, 2, 3) for c in (0, 1, 2)}
  mirrored = np.asarray(training.augment(images, jax.random.key(0), shift=0, flip=True))
  assert {tuple(place) for _, *place, _ in np.argwhere(mirrored)} == {(2, 1), (2, 3)}
  assert 0.4 < np.mean(mirrored[:, 2, 1, 0] == 9) < 0.6
  assert np.all(moved.sum(axis=(1, 2, 3)) == 9)
  still = np.asarray(training.augment(images, jax.random.key(0), shift=0, flip=False))
  np.testing.assert_array_equal(still, images)


def test_digits_are_held_out_without_overlap():
  train, test, _ = sets.load('digits', '', '')
  assert len(train) == 1437 and len(test) == 360
  assert not {x.tobytes() for x in train.images} & {x.tobytes() for x in test.images}


def test_sets_by_way_of_a_file(tmp_path):
  images, labels = np.arange(32, dtype=np.uint8).reshape(2, 4, 4, 1), np.int32([1, 0])
  sets.save(str(tmp_path / 'sets.npz'), sets.Sets(Images(images, labels), Images(images[::-1], labels), ''))
  found = sets.load('mnist', '', str(tmp_path / 'sets.npz'))
  np.testing.assert_array_equal(found.train.images, images)
  np.testing.assert_array_equal(found.test.images, images[::-1])
  np.testing.assert_array_equal(found.test.labels, labels)


def test_a_file_without_sets_is_told(tmp_path):
  np.savez(tmp_path / 'other.npz', a=1)
  for name in ('other.npz', 'none.npz'):
    with pytest.raises(UserError, match=r'has to be an \.npz file with train_images'):
      sets.load('mnist', '', str(tmp_path / name))


def test_accuracy_is_the_share_of_right_answers():
  images, labels = np.zeros((5, 1, 1, 1), np.uint8), np.int32([0, 1, 1, 1, 0])

  def apply(weights, images):
    return classifier.Outputs(images, jnp.broadcast_to(weights, (len(images), 2)))

  assert training.accuracy(apply, np.float32([0, 1]), Images(images, labels), batch=2) == pytest.approx(0.6)
