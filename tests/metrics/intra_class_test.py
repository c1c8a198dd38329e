import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.frechet import frechet_distance
from wgan_jax.metrics.intra_class import ClassMoments, intra_class_distance

RNG = np.random.default_rng(0)
LABELS = RNG.permutation(np.repeat(np.arange(3), 40))
REAL = RNG.normal(size=(120, 4)) + 5 * LABELS[:, None]
FAKE = RNG.normal(size=(120, 4)) * 1.5 + 5 * LABELS[:, None]


def moments(features, labels=LABELS, size=120):
  found = ClassMoments(3)
  for start in range(0, len(features), size):
    found.add(features[start : start + size], labels[start : start + size])
  return found


def test_each_class_has_its_own_distance_and_the_mean_is_theirs():
  found = intra_class_distance(moments(REAL), moments(FAKE))
  expected = [frechet_distance(REAL[label == LABELS], FAKE[label == LABELS]) for label in range(3)]
  np.testing.assert_allclose(found.by_class, expected, rtol=1e-12)
  assert found.mean == pytest.approx(np.mean(expected))


def test_chunks_change_nothing():
  whole, streamed = (intra_class_distance(moments(REAL), moments(FAKE, size=size)) for size in (120, 7))
  np.testing.assert_allclose(whole.by_class, streamed.by_class, rtol=1e-12)


def test_classes_swapped_are_seen_where_all_together_are_not():
  swapped = (LABELS + 1) % 3
  assert intra_class_distance(moments(REAL), moments(REAL, swapped)).mean > 100
  assert frechet_distance(REAL, REAL[np.argsort(swapped)]) == pytest.approx(0.0, abs=1e-9)


def test_a_class_that_is_empty_or_small_is_named():
  full, two = moments(REAL), np.flatnonzero(LABELS < 2)
  with pytest.raises(UserError, match=r'^class 2: 0 fake samples: at least 2 are needed$'):
    intra_class_distance(full, moments(FAKE[two], LABELS[two]))
  few = np.concatenate([two, np.flatnonzero(LABELS == 2)[:4]])
  with pytest.raises(UserError, match='class 2: 4 real samples'):
    intra_class_distance(moments(REAL[few], LABELS[few]), full)
  assert intra_class_distance(moments(REAL[few], LABELS[few]), full, allow_singular=True).mean > 0


def test_other_mistakes():
  with pytest.raises(UserError, match='2 real classes and 3 fake'):
    intra_class_distance(ClassMoments(2), moments(FAKE))
  with pytest.raises(UserError, match='run from 0 to 2: 2 classes'):
    ClassMoments(2).add(REAL, LABELS)
  with pytest.raises(UserError, match='one integer each'):
    ClassMoments(3).add(REAL, LABELS[:5])
  with pytest.raises(UserError, match='one integer each'):
    ClassMoments(3).add(REAL, LABELS / 1.0)
