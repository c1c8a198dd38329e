"""Whether two columns of numbers rise and fall together."""

import numpy as np
import scipy.stats

FEWEST = 3  # of two, it is 1 or -1 whatever they are


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
  """Spearman's, of x and y [N]; 0 where it says nothing: of fewer than three, or where one of them never changes."""
  if len(x) < FEWEST or not (np.ptp(x) and np.ptp(y)):
    return 0.0
  return float(scipy.stats.spearmanr(x, y).statistic)
