import numpy as np
import pytest
import scipy.stats

from wgan_jax.errors import UserError
from wgan_jax.metrics.inception_score import InceptionScore, inception_score

LOGITS = np.random.default_rng(0).normal(0, 2, (103, 7)).astype(np.float32)


def by_divergences(logits, splits):
  """Of scipy's relative entropies, split as numpy slices."""
  shares = np.exp(logits.astype(np.float64))
  shares /= shares.sum(axis=1, keepdims=True)
  n, scores = len(logits), []
  for i in range(splits):
    part = shares[i * n // splits : (i + 1) * n // splits]
    scores.append(np.exp(np.mean([scipy.stats.entropy(p, part.mean(axis=0)) for p in part])))
  return np.mean(scores), np.std(scores)


@pytest.mark.parametrize('splits', [1, 4, 10])
def test_in_order_it_is_that_of_divergences(splits):
  np.testing.assert_allclose(inception_score(LOGITS, splits, seed=None), by_divergences(LOGITS, splits), rtol=1e-10)


def test_a_seed_deals_samples_out_by_numpys_permutation():
  dealt = LOGITS[np.random.RandomState(2020).permutation(len(LOGITS))]
  np.testing.assert_allclose(inception_score(LOGITS), by_divergences(dealt, 10), rtol=1e-10)
  assert inception_score(LOGITS).mean != pytest.approx(inception_score(LOGITS, seed=None).mean, rel=1e-6)


@pytest.mark.parametrize('size', [1, 10, 64])
def test_chunks_change_nothing(size):
  streamed = InceptionScore(len(LOGITS), splits=4)
  for start in range(0, len(LOGITS), size):
    streamed.add(LOGITS[start : start + size])
  np.testing.assert_allclose(streamed.score(), inception_score(LOGITS, splits=4), rtol=1e-12)


def test_it_lies_between_one_and_the_number_of_classes():
  sure = 1000.0 * np.eye(8)[np.tile(np.arange(8), 5)]
  assert inception_score(sure, splits=1) == pytest.approx((8.0, 0.0))
  assert inception_score(sure[::8], splits=1) == pytest.approx((1.0, 0.0))  # of one class
  assert inception_score(np.zeros((40, 8)), splits=2) == pytest.approx((1.0, 0.0))  # of none


def test_mistakes():
  with pytest.raises(UserError, match='3 samples in 10 splits'):
    inception_score(LOGITS[:3])
  with pytest.raises(UserError, match='splits'):
    inception_score(LOGITS, splits=0)
  with pytest.raises(UserError, match='1 of 103 logit features are NaN'):
    inception_score(np.where(np.arange(103)[:, None] == 5, np.nan, LOGITS))
  with pytest.raises(UserError, match='103 samples of the 104'):
    InceptionScore(104).add(LOGITS).score()
  with pytest.raises(UserError, match='103 samples where 100'):
    InceptionScore(100).add(LOGITS)
