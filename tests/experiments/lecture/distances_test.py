"""The first chapter: plans, prices and distances, against what can be computed by hand or by SciPy."""

import numpy as np
import pytest
import scipy.stats


def test_the_best_plan_costs_what_scipy_says(drawn):
  measured = drawn('moving_plans', places=7, hill=1.0, valley=3.0, apart=2.0).measured
  x = np.arange(7)
  p, q = np.exp(-((x - 1) ** 2) / 2), np.exp(-((x - 1) ** 2) / 2) + np.exp(-((x - 5) ** 2) / 2)
  assert measured['best'] == pytest.approx(scipy.stats.wasserstein_distance(x, x, p, q))
  assert measured['best'] < measured['independent'] < measured['backwards']
