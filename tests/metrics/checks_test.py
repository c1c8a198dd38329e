import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics import checks


def test_bytes_and_floats_are_the_same_images():
  found = checks.images(np.array([0, 51, 255], np.uint8).reshape(1, 1, 3, 1))
  np.testing.assert_allclose(found.ravel(), [-1.0, -0.6, 1.0], rtol=1e-15)
  np.testing.assert_array_equal(checks.images(found), found)


@pytest.mark.parametrize(
  'images, message',
  [
    (np.full((2, 4, 4, 1), 200.0), r'fake images run from 200 to 200: give floats in \[-1, 1\], or 0 to 255 as uint8'),
    (np.full((2, 4, 4, 1), -1.01), 'run from'),
    (np.zeros((2, 4, 4, 1), int), 'not int64'),
    (np.zeros((4, 4, 1)), r'not \[4, 4, 1\]'),
    (np.full((2, 4, 4, 1), np.nan), '2 of 2 fake images have pixels that are NaN'),
  ],
)
def test_what_is_no_set_of_images(images, message):
  with pytest.raises(UserError, match=message):
    checks.images(images, 'fake')


def test_what_is_no_set_of_features():
  with pytest.raises(UserError, match=r'real features should be of shape \[samples, dimensions\], not \[3\]'):
    checks.features(np.zeros(3), 'real')
  with pytest.raises(UserError, match='1 of 2 features are NaN or infinite'):
    checks.features(np.array([[0.0, 1.0], [np.inf, -np.inf]]))
