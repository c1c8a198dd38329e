import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.reservoir import Reservoir


def kept(n, limit, size, seed=0):
  reservoir = Reservoir(limit, seed)
  for start in range(0, n, size):
    reservoir.add(np.arange(n)[start : start + size, None])
  return reservoir.features[:, 0]


def test_what_fits_is_kept_in_order():
  np.testing.assert_array_equal(kept(20, 20, 3), np.arange(20))
  np.testing.assert_array_equal(kept(5, 20, 3), np.arange(5))


def test_chunks_change_nothing_and_no_row_is_kept_twice():
  whole = kept(500, 40, 500)
  assert len(set(whole)) == 40
  for size in (1, 7, 40, 41):
    np.testing.assert_array_equal(kept(500, 40, size), whole)
  assert set(kept(500, 40, 500, seed=1)) != set(whole)


def test_each_row_is_kept_as_often_as_any_other():
  counts = np.bincount(np.concatenate([kept(30, 10, 30, seed) for seed in range(3000)]), minlength=30)
  # Binomial(3000, 1/3) has a deviation of 25.8.
  assert np.abs(counts - 1000).max() < 4 * 25.8
  assert np.mean([kept(2, 1, 2, seed)[0] for seed in range(3000)]) == pytest.approx(0.5, abs=4 * 0.0091)


def test_mistakes():
  with pytest.raises(UserError, match='0 samples'):
    _ = Reservoir(3).features
  with pytest.raises(UserError, match='2 dimensions where others have 1'):
    Reservoir(3).add(np.zeros((2, 1))).add(np.zeros((2, 2)))
