"""Sliced Wasserstein distance: the mean of one-dimensional distances, each of which is a sort."""

import chex
import numpy as np


def sliced_w1(real: np.ndarray, fake: np.ndarray, directions: int = 512, seed: int = 0) -> float:
  """Mean 1-Wasserstein distance between projections of two sample sets on random unit vectors.

  Rabin et al., "Wasserstein Barycenter and its Application to Texture Mixing" (2011); in one dimension the optimal plan
  pairs the sorted samples.

  Args:
    real, fake: [N, ...] of equal shape; the distance has their unit.
    directions: projections to take the mean over, always the same for one seed.
  """
  chex.assert_equal_shape([real, fake])
  real, fake = (np.asarray(x, np.float32).reshape(len(x), -1) for x in (real, fake))
  unit = np.random.Generator(np.random.Philox(seed)).normal(size=(real.shape[1], directions)).astype(np.float32)
  unit /= np.linalg.norm(unit, axis=0)
  return float(np.mean(np.abs(np.sort(real @ unit, axis=0) - np.sort(fake @ unit, axis=0)), dtype=np.float64))
