import numpy as np
import pytest

from wgan_jax.data.resize import fit


def stripes(*colors, width=10, height=10):
  """Vertical stripes of one grey each, uint8 [height, width * colors, 1]."""
  row = np.repeat(np.uint8(colors), width)
  return np.repeat(row[None, :, None], height, axis=0)


def test_an_image_of_the_size_asked_for_passes_as_it_is():
  image = np.random.default_rng(0).integers(0, 256, (7, 7, 3), np.uint8)
  assert fit(image, 7) is image


@pytest.mark.parametrize('shape', [(9, 31, 3), (31, 9, 3), (9, 31, 1), (3, 2, 3), (100, 101, 1), (1, 1, 3)])
@pytest.mark.parametrize('side', [1, 4, 32])
def test_any_shape_becomes_a_square_with_its_channels(shape, side):
  image = np.full(shape, 77, np.uint8)
  y = fit(image, side)
  assert y.shape == (side, side, shape[-1]) and y.dtype == np.uint8
  assert (y == 77).all()


def test_the_centre_is_cut_out_of_the_longer_side():
  wide = stripes(0, 100, 200)
  np.testing.assert_array_equal(fit(wide, 10), np.full((10, 10, 1), 100))
  np.testing.assert_array_equal(fit(np.swapaxes(wide, 0, 1), 10), np.full((10, 10, 1), 100))


def test_shrinking_averages_what_it_cannot_show():
  checkers = (np.indices((64, 64)).sum(0) % 2 * 255).astype(np.uint8)[..., None]
  y = fit(checkers, 8)
  assert np.abs(y.astype(float) - 127.5).max() < 4


def test_a_slope_stays_a_slope():
  slope = np.repeat(np.arange(0, 256, 4, dtype=np.uint8)[None, :, None], 64, axis=0)
  y = fit(slope, 16)[8, :, 0].astype(float)
  # The mean of each four pixels next to one another, 16 apart; the borders have neighbours on one side only.
  np.testing.assert_allclose(y[2:-2], 6 + 16 * np.arange(16)[2:-2], atol=1)


def test_channels_and_axes_stay_in_place():
  image = np.zeros((20, 20, 3), np.uint8)
  image[:10, :, 0], image[:, :10, 2] = 255, 255
  y = fit(image, 4)
  assert y[0, 3, 0] == 255 and y[3, 0, 0] == 0
  assert y[3, 0, 2] == 255 and y[0, 3, 2] == 0
  assert (y[..., 1] == 0).all()
