import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

from wgan_jax.errors import UserError
from wgan_jax.metrics.laplacian import PatchDescriptors, laplacian_swd, pyramid

KERNEL = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256


def images(n=40, side=32, channels=3, seed=0):
  return np.random.default_rng(seed).integers(0, 256, (n, side, side, channels)).astype(np.uint8)


def descriptors(found, size=1000, **arguments):
  patches = PatchDescriptors(**{'patches': 16, **arguments})
  for start in range(0, len(found), size):
    patches.add(found[start : start + size])
  return patches


def blurred(image):
  return scipy.signal.convolve2d(np.pad(image, 2, mode='reflect'), KERNEL, mode='valid')


def test_the_pyramid_is_that_of_burt_and_adelson():
  image = np.random.default_rng(0).normal(size=(20, 17))
  small = blurred(image)[::2, ::2]
  sparse = np.zeros_like(image)
  sparse[::2, ::2] = small
  fine, rest = pyramid(image[None, ..., None], 2)
  np.testing.assert_allclose(rest[0, ..., 0], small, atol=1e-12)
  np.testing.assert_allclose(fine[0, ..., 0], image - 4 * blurred(sparse), atol=1e-12)


def test_light_without_detail_is_all_at_the_last_level():
  # Of zeros between constant pixels a quarter of the weights see pixels, whichever place they are at.
  *details, rest = pyramid(np.full((1, 64, 64, 1), 0.7), 3)
  assert [level.shape[1] for level in (*details, rest)] == [64, 32, 16]
  np.testing.assert_allclose(np.concatenate([level.ravel() for level in details]), 0.0, atol=1e-12)
  np.testing.assert_allclose(rest, 0.7, rtol=1e-12)


@pytest.mark.parametrize('side, sides', [(8, [8]), (28, [28]), (32, [32, 16]), (64, [64, 32, 16]), (36, [36, 18])])
def test_levels_reach_down_to_sixteen_pixels(side, sides):
  assert descriptors(images(2, side)).sides == sides


def test_patches_are_windows_of_the_image_and_every_channel_is_normalised():
  ramp = np.linspace(-1, 1, 28 * 28).reshape(1, 28, 28, 1) * [1.0, -0.5]
  found = descriptors(ramp, patches=500).normalised(0).astype(np.float64).reshape(500, 2, 7, 7)
  np.testing.assert_allclose(found.mean(axis=(0, 2, 3)), 0, atol=1e-6)
  np.testing.assert_allclose(found.std(axis=(0, 2, 3)), 1, rtol=1e-5)
  # A step to the right is 1/28 of a step down, in every patch; the second channel is the first upside down.
  down, right = np.diff(found[:, 0], axis=1), np.diff(found[:, 0], axis=2)
  np.testing.assert_allclose(down, 28 * right.mean(), rtol=1e-4)
  np.testing.assert_allclose(found[:, 1], -found[:, 0], atol=1e-5)
  corners = np.unique(found[:, 0, 0, 0].round(6))
  assert 22 * 22 * 0.55 < len(corners) <= 22 * 22


def test_chunks_change_nothing():
  whole, streamed = (descriptors(images(), size) for size in (1000, 7))
  for level in range(2):
    np.testing.assert_array_equal(whole.normalised(level), streamed.normalised(level))
  assert whole.n == 40


def test_a_level_differs_where_images_do():
  smooth = scipy.ndimage.gaussian_filter(images(200) / 255.0, (0, 2, 2, 0))
  same = laplacian_swd(descriptors(smooth[:100]), descriptors(smooth[100:], seed=1), directions=32)
  noisy = smooth + np.random.default_rng(0).normal(0, 0.1, smooth.shape).clip(-0.5, 0.5)
  other = laplacian_swd(descriptors(smooth[:100]), descriptors(noisy[100:] - 0.5, seed=1), directions=32)
  assert list(same) == list(other) == [32, 16]
  assert other[32] > 2 * same[32]
  assert other[16] < 1.5 * same[16]
  assert laplacian_swd(descriptors(smooth), descriptors(smooth), directions=2) == {32: 0.0, 16: 0.0}


def test_of_images_as_large_as_a_patch_it_is_the_mean_of_sorted_differences_in_thousandths():
  real, fake = images(300, 7, 1) / 255.0, (images(300, 7, 1, seed=1) / 255.0) ** 4
  a, b = ((x - x.mean()) / x.std() for x in (real.reshape(300, 49), fake.reshape(300, 49)))
  unit = np.random.default_rng(5).normal(size=(49, 4000))
  unit /= np.linalg.norm(unit, axis=0)
  expected = 1e3 * np.mean(np.abs(np.sort(a @ unit, axis=0) - np.sort(b @ unit, axis=0)))
  found = laplacian_swd(*(descriptors(x, patches=1) for x in (real, fake)), directions=4000)
  assert found == {7: pytest.approx(expected, rel=0.03)}


def test_light_and_contrast_are_normalised_away():
  found = images(30, channels=1) / 255.0
  scaled = laplacian_swd(descriptors(found), descriptors(found * 0.5 - 0.3))
  assert max(scaled.values()) < 1e-2  # of a thousandth


def test_more_patches_than_are_kept_are_sampled():
  patches = descriptors(images(50), limit=100)
  assert patches.normalised(0).shape == (100, 7 * 7 * 3)
  assert patches.n == 50


def test_mistakes():
  with pytest.raises(UserError, match='1 fake sample: at least 2'):
    laplacian_swd(descriptors(images()), descriptors(images(1)))
  with pytest.raises(UserError, match='0 real samples'):
    laplacian_swd(PatchDescriptors(), descriptors(images()))
  with pytest.raises(UserError, match='6x6 pixels have no 7x7'):
    descriptors(images(2, 6))
  with pytest.raises(UserError, match='must be alike'):
    descriptors(images()).add(images(2, 32, 1))
  with pytest.raises(UserError, match=r'real images are \[32, 32, 3\], fake ones \[28, 28, 3\]'):
    laplacian_swd(descriptors(images()), descriptors(images(2, 28)))
  with pytest.raises(UserError, match=r'fake ones \[32, 32, 1\]: give images of one size'):
    laplacian_swd(descriptors(images()), descriptors(images(channels=1)))
  with pytest.raises(UserError, match='run from'):
    descriptors(images() * 1.0)
