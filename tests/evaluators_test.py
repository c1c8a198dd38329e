import itertools

import numpy as np
import pytest

from wgan_jax.data import images, pair, toy
from wgan_jax.data.cache import Images
from wgan_jax.evaluators import Evaluator, Look, of_samples, ranks, real_samples, scores_at
from wgan_jax.metrics.sliced import sliced_w1

CENTERS = np.repeat(toy.eight_gaussians().centers, 10, axis=0)
OPTIONS = {'flip': False, 'dequantize': False}


def scores_of(evaluators, fake, asked=None):
  return scores_at(Look(0, None, fake, asked), evaluators)


def test_mixtures_are_judged_by_their_modes_and_all_data_by_a_distance():
  scores = scores_of(of_samples(toy.eight_gaussians(), {'image': CENTERS}, 80), CENTERS)
  assert (scores['modes'], scores['hq_share'], scores['sliced_w1']) == (8, 1.0, 0.0)
  for density in (toy.SwissRoll(), None):
    assert list(scores_of(of_samples(density, {'image': CENTERS}, 80), CENTERS)) == ['sliced_w1']


def test_the_distance_is_to_the_first_n_real_samples():
  real, fake = np.random.default_rng(0).normal(size=(2, 20, 2)).astype(np.float32)
  scores = scores_of(of_samples(None, {'image': real}, 5), fake[:5])
  assert scores['sliced_w1'] == sliced_w1(real[:5], fake[:5]) > 0


def test_scores_come_from_a_list_of_evaluators():
  look = Look(7, None, CENTERS)
  own = Evaluator(lambda look: [('step', look.step), ('n', len(look.fake))], ('n',))
  evaluators = [*of_samples(None, {'image': CENTERS}, 80), own]
  assert scores_at(look, evaluators) == {'sliced_w1': 0.0, 'step': 7, 'n': 80}
  assert ranks(evaluators) == ['sliced_w1', 'n']


def test_more_samples_than_are_compared_change_nothing():
  more = np.concatenate([CENTERS, CENTERS + 1])
  few, many = (scores_of(of_samples(toy.eight_gaussians(), {'image': x}, 80), x) for x in (CENTERS, more))
  assert few == many


@pytest.fixture(scope='module')
def labelled():
  """300 images of three classes in random order, which anybody can tell apart by their brightness."""
  pytest.importorskip('sklearn')
  rng = np.random.default_rng(0)
  label = rng.integers(0, 3, 300)
  return {
    'image': (label.reshape(-1, 1, 1, 1) - 1 + rng.normal(0, 0.1, (300, 2, 2, 1))).astype(np.float32),
    'label': label,
  }


def test_asked_labels_are_compared_with_what_a_classifier_sees(labelled):
  evaluators, fake = of_samples(None, labelled, 100, 'label'), labelled['image'][:100]
  right, wrong = labelled['label'][:100], labelled['label'][:100].copy()
  wrong[:25] = (wrong[:25] + 1) % 3
  shares = [scores_of(evaluators, fake, asked)['label_accuracy'] for asked in (right, wrong, (right + 1) % 3)]
  assert shares == [1.0, 0.75, 0.0]


def test_codes_may_stand_for_classes_in_any_order(labelled):
  evaluators, fake = of_samples(None, labelled, 100, 'code'), labelled['image'][:100]
  for order in itertools.permutations(range(3)):
    codes = np.array(order)[labelled['label'][:100]]
    assert scores_of(evaluators, fake, codes)['code_accuracy'] == 1.0
    codes[:25] = (codes[:25] + 1) % 3
    assert scores_of(evaluators, fake, codes)['code_accuracy'] == 0.75


def test_the_classifier_learns_from_all_real_samples(labelled):
  # The first 100 without a class: what is known of it comes from the others.
  label = labelled['label']
  order = np.concatenate([np.flatnonzero(label != 2), np.flatnonzero(label == 2)])
  real = {name: x[order] for name, x in labelled.items()}
  assert 2 not in real['label'][:100]
  asked = np.full(40, 2)
  assert scores_of(of_samples(None, real, 40, 'label'), real['image'][-40:], asked)['label_accuracy'] == 1.0


@pytest.mark.parametrize(
  'density, labels, asks, names',
  [
    (toy.eight_gaussians(), False, '', ['hq_share', 'modes', 'mode_kl', 'sliced_w1']),
    (toy.SwissRoll(), False, '', ['sliced_w1']),
    (None, False, '', ['sliced_w1']),
    (None, True, '', ['sliced_w1']),
    (None, False, 'label', ['sliced_w1']),
    (None, False, 'code', ['sliced_w1']),
    (None, True, 'label', ['sliced_w1', 'label_accuracy', 'classifier_accuracy']),
    (None, True, 'code', ['sliced_w1', 'code_accuracy', 'classifier_accuracy']),
  ],
)
def test_accuracies_are_told_of_games_that_ask_and_data_that_know(labelled, density, labels, asks, names):
  real = {'image': CENTERS} if density else labelled if labels else {'image': labelled['image']}
  evaluators = of_samples(density, real, 50, asks)
  # By the first of them a checkpoint is best; the classifier's own accuracy is the same for all.
  assert ranks(evaluators) == [name for name in names if name != 'classifier_accuracy']
  asked = np.zeros(50, int) if asks else None
  assert list(scores_of(evaluators, real['image'][:50], asked)) == names


def test_the_classifiers_own_accuracy_is_of_samples_that_it_never_saw(labelled):
  label = np.random.default_rng(1).permutation(labelled['label'])
  evaluators = of_samples(None, {**labelled, 'label': label}, 100, 'label')
  scores = scores_of(evaluators, labelled['image'][:100], label[:100])
  assert scores['classifier_accuracy'] < 0.6


def test_it_is_so_where_more_samples_are_asked_for_than_there_are(labelled):
  pixels = np.random.default_rng(0).integers(0, 256, (60, 4, 4, 1), dtype=np.uint8)
  source = images.resident_source(Images(pixels, labelled['label'][:60].astype(np.int32)), 4, 0, **OPTIONS)
  real = real_samples(source, 600)
  evaluators = of_samples(None, real, 100, 'label', source.size)
  scores = scores_of(evaluators, real['image'][:100], real['label'][:100])
  assert scores['classifier_accuracy'] < 0.8


def test_real_samples_are_the_data_as_training_sees_them():
  pixels = np.random.default_rng(0).integers(0, 256, (6, 4, 4, 1), dtype=np.uint8)
  real = real_samples(images.resident_source(Images(pixels, None), 4, 0, **OPTIONS), 6)
  assert set(real) == {'image'} and real['image'].shape == (6, 4, 4, 1)
  shown, all_of_them = (sorted(x.reshape(6, -1).tolist()) for x in (real['image'], pixels / 127.5 - 1))
  np.testing.assert_allclose(shown, all_of_them, atol=1e-6)


@pytest.mark.parametrize('make', [images.resident_source, images.streamed_source])
def test_real_samples_come_with_all_that_a_batch_has(make):
  pixels = np.full((10, 4, 4, 1), np.arange(10, dtype=np.uint8).reshape(10, 1, 1, 1))
  data = Images(pixels, np.arange(10, dtype=np.int32) % 3)
  source = pair.paired(make(data, 4, 0, **OPTIONS), make(data, 4, 1, **OPTIONS))
  real = real_samples(source, 7)
  assert {name: x.shape for name, x in real.items()} == {'image': (7, 4, 4, 1), 'label': (7,), 'source': (7, 4, 4, 1)}
  np.testing.assert_array_equal(images.to_uint8(real['image'])[:, 0, 0, 0] % 3, real['label'])
  assert all(isinstance(x, np.ndarray) for x in real.values())
  np.testing.assert_array_equal(real_samples(source, 7)['source'], real['source'])
