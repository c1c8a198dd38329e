import numpy as np
import pytest

from wgan_jax.data import digits

sklearn_datasets = pytest.importorskip('sklearn.datasets')


def test_all_digits_with_their_labels():
  data = digits.load()
  assert data.images.shape == (1797, 8, 8, 1) and data.images.dtype == np.uint8
  assert data.shape == (8, 8, 1) and data.classes == 10
  # Counts of the test part, as in the set's own description.
  np.testing.assert_array_equal(np.bincount(data.labels), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])


def test_seventeen_levels_are_spread_over_the_bytes():
  images = digits.load().images[..., 0]
  original = sklearn_datasets.load_digits().images
  levels = [0, 16, 32, 48, 64, 80, 96, 112, 128, 143, 159, 175, 191, 207, 223, 239, 255]
  np.testing.assert_array_equal(images, np.array(levels)[original.astype(int)])


def test_digits_are_fitted_to_a_size_asked_for():
  assert digits.load(32).images.shape == (1797, 32, 32, 1)
