import itertools

import numpy as np
import pytest

from wgan_jax.metrics.labels import Classifier, accuracy, accuracy_by_assignment


def brute_force(codes, seen):
  """The best of all one-to-one assignments, with empty codes or classes where there are fewer of either."""
  k = max(codes.max(), seen.max()) + 1
  return max(np.mean(np.array(classes)[codes] == seen) for classes in itertools.permutations(range(k)))


def test_accuracy_counted_by_hand():
  assert accuracy(np.array([0, 1, 2, 2]), np.array([0, 2, 2, 1])) == 0.5
  assert accuracy(np.array([3, 3]), np.array([3, 3])) == 1.0


def test_accuracy_takes_no_assignment():
  assert accuracy(np.array([0, 1]), np.array([1, 0])) == 0.0
  assert accuracy_by_assignment(np.array([0, 1]), np.array([1, 0])) == 1.0


def test_accuracy_by_assignment_counted_by_hand():
  codes = np.array([0, 0, 0, 1, 1, 1, 2, 2])
  seen = np.array([2, 2, 1, 1, 1, 0, 2, 2])
  # Codes 0 and 2 both look like class 2: one of them goes to 0, 2 -> 2 and 1 -> 1 and 0 -> 0 has 2 + 2 + 0 right.
  assert accuracy_by_assignment(codes, seen) == 4 / 8


def test_the_assignment_is_the_best_of_all_and_not_the_greedy_one():
  # Greedy would take 0 -> 0 for its three, which leaves 1 -> 1 with none; 0 -> 1 and 1 -> 0 have two each.
  codes = np.array([0, 0, 0, 0, 0, 1, 1])
  seen = np.array([0, 0, 0, 1, 1, 0, 0])
  assert accuracy_by_assignment(codes, seen) == 4 / 7


@pytest.mark.parametrize('n_codes, n_classes', [(2, 2), (3, 3), (5, 5), (2, 5), (5, 3)])
def test_accuracy_by_assignment_is_that_of_brute_force(n_codes, n_classes):
  rng = np.random.default_rng(n_codes)
  for n in (4, 9, 40):
    codes, seen = rng.integers(0, n_codes, n), rng.integers(0, n_classes, n)
    np.testing.assert_allclose(accuracy_by_assignment(codes, seen), brute_force(codes, seen), rtol=1e-12)


@pytest.mark.parametrize('codes, seen', [([0, 0, 4, 4, 4], [1, 1, 3, 3, 0]), ([2, 2, 3], [0, 1, 1]), ([3], [0])])
def test_codes_and_classes_that_are_absent_take_nothing_away(codes, seen):
  codes, seen = np.array(codes), np.array(seen)
  expected = brute_force(codes, seen)
  assert expected > 0.6
  assert accuracy_by_assignment(codes, seen) == pytest.approx(expected, rel=1e-12)


def test_samples_all_of_one_class_have_the_accuracy_of_a_guess():
  codes, same = np.tile(np.arange(5), 12), np.full(60, 3)
  assert accuracy_by_assignment(codes, same) == pytest.approx(1 / 5)
  assert accuracy_by_assignment(same, codes) == pytest.approx(1 / 5)
  assert accuracy(codes, same) == pytest.approx(1 / 5)


def test_asked_and_seen_must_be_as_many():
  for measure in (accuracy, accuracy_by_assignment):
    with pytest.raises(AssertionError, match='shape'):
      measure(np.zeros(3, int), np.zeros(4, int))


@pytest.fixture(scope='module')
def digits():
  """(images [1797, 8, 8, 1] in [-1, 1], labels) in random order, since the set's own goes from writer to writer."""
  found = pytest.importorskip('sklearn.datasets').load_digits()
  order = np.random.default_rng(0).permutation(len(found.target))
  return (found.images[order, ..., None] / 8 - 1).astype(np.float32), found.target[order]


def test_digits_that_it_never_saw_are_known_and_it_says_how_well(digits):
  images, labels = digits
  classifier = Classifier(images[:1200], labels[:1200])
  share = np.mean(classifier(images[1200:]) == labels[1200:])
  assert share > 0.97
  assert abs(classifier.accuracy - share) < 0.02


def test_with_labels_of_chance_its_accuracy_is_chances(digits):
  images, _ = digits
  labels = np.random.default_rng(1).integers(0, 10, len(images))
  classifier = Classifier(images, labels)
  # 359 are held out: a standard deviation of 0.016. Those that it learned from it knows by heart.
  assert 0.04 < classifier.accuracy < 0.16
  assert np.mean(classifier(images[-500:]) == labels[-500:]) > 0.5


def test_labels_that_are_wrong_in_the_held_out_samples_alone_are_found_there(digits):
  images, labels = digits
  wrong = labels.copy()
  wrong[: len(labels) // 5] = (labels[: len(labels) // 5] + 1) % 10
  assert Classifier(images, wrong).accuracy < 0.03


def test_images_and_labels_must_be_as_many(digits):
  with pytest.raises(AssertionError):
    Classifier(digits[0][:100], digits[1][:99])
