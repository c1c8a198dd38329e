"""Rank correlation by hand: 1 - 6 Σ d² / (N (N² - 1)), where d are differences of ranks."""

import pytest

from wgan_jax.lecture.correlations import rank_correlation


def test_ranks_are_what_counts():
  assert rank_correlation([1, 2, 30], [-5, 0, 0.1]) == pytest.approx(1)
  assert rank_correlation([1, 2, 30], [3, 2, 1]) == pytest.approx(-1)
  # Ranks 1 2 3 4 and 2 1 4 3 differ by one each: 1 - 6 * 4 / (4 * 15).
  assert rank_correlation([1, 2, 3, 4], [20, 10, 40, 30]) == pytest.approx(0.6)


def test_what_says_nothing_is_0_without_a_warning():
  assert rank_correlation([1, 2], [1, 2]) == 0
  assert rank_correlation([], []) == 0
  assert rank_correlation([1, 1, 1], [1, 2, 3]) == rank_correlation([1, 2, 3], [5, 5, 5]) == 0
