import numpy as np
import pytest
import scipy.ndimage

from wgan_jax.errors import UserError
from wgan_jax.metrics.ms_ssim import WEIGHTS, ms_ssim, ms_ssim_diversity, scales


def smooth(n, side, channels=1, seed=0):
  found = scipy.ndimage.gaussian_filter(
    np.random.default_rng(seed).normal(size=(n, side, side, channels)), (0, 2, 2, 0)
  )
  return found / np.abs(found).max()


def local_mean(x):
  """Of one image, by scipy, where an 11x11 window fits: a radius of 5 of deviations of 1.5."""
  return scipy.ndimage.gaussian_filter(x, 1.5, radius=5)[5:-5, 5:-5]


def ssim_terms(x, y):
  m, n = local_mean(x), local_mean(y)
  var_x, var_y, cov = (local_mean(a * b) - p for a, b, p in ((x, x, m * m), (y, y, n * n), (x, y, m * n)))
  contrast = (2 * cov + 0.03**2) / (var_x + var_y + 0.03**2)
  return np.mean((2 * m * n + 0.01**2) / (m**2 + n**2 + 0.01**2) * contrast), np.mean(contrast)


def test_one_scale_is_ssim():
  x, y = (smooth(1, 20, seed=seed) for seed in (0, 1))
  y = 0.7 * x + 0.3 * y
  expected = ssim_terms((x[0, ..., 0] + 1) / 2, (y[0, ..., 0] + 1) / 2)[0]
  assert scales(20, 20) == 1
  assert ms_ssim(x, y) == pytest.approx([expected], rel=1e-10)


@pytest.mark.parametrize('side', [32, 31])
def test_two_scales_share_the_weight_that_five_have_and_an_odd_last_pixel_counts_twice(side):
  x, y = (smooth(1, side, seed=seed) for seed in (0, 1))
  y = 0.7 * x + 0.3 * y
  a, b = ((z[0, ..., 0] + 1) / 2 for z in (x, y))
  even = (np.pad(z, (0, side % 2), mode='symmetric') for z in (a, b))
  small = ssim_terms(*(z.reshape(16, 2, 16, 2).mean(axis=(1, 3)) for z in even))[0]
  fine, rest = (weight / (0.0448 + 0.2856) for weight in (0.0448, 0.2856))
  assert ms_ssim(x, y) == pytest.approx([ssim_terms(a, b)[1] ** fine * small**rest], rel=1e-10)


def test_five_scales_need_161_pixels():
  assert [scales(side, 500) for side in (11, 20, 21, 28, 32, 64, 128, 160, 161)] == [1, 1, 2, 2, 2, 3, 4, 4, 5]
  x = smooth(1, 176)
  y = 0.7 * x + 0.3 * smooth(1, 176, seed=1)
  a, b, expected = (x[0, ..., 0] + 1) / 2, (y[0, ..., 0] + 1) / 2, 1.0
  for scale, weight in enumerate(WEIGHTS):
    expected *= ssim_terms(a, b)[0 if scale == 4 else 1] ** weight
    a, b = (z[: len(z) // 2 * 2, : len(z) // 2 * 2] for z in (a, b))
    a, b = (z.reshape(len(z) // 2, 2, len(z) // 2, 2).mean(axis=(1, 3)) for z in (a, b))
  assert ms_ssim(x, y) == pytest.approx([expected], rel=1e-9)


def test_channels_are_averaged_and_pairs_are_alone():
  x, y = (smooth(3, 24, channels=2, seed=seed) for seed in (0, 1))
  single = [ms_ssim(x[[i], ..., c : c + 1], y[[i], ..., c : c + 1]) for i in range(3) for c in range(2)]
  np.testing.assert_allclose(ms_ssim(x, y), np.reshape(single, (3, 2)).mean(axis=1), rtol=1e-12)


def test_an_image_is_like_itself_and_unlike_its_negative():
  x = smooth(2, 33)
  np.testing.assert_allclose(ms_ssim(x, x), 1.0, rtol=1e-12)
  np.testing.assert_array_equal(ms_ssim(x, -x), 0.0)
  grey = (127.5 * (x + 1)).round().astype(np.uint8)
  np.testing.assert_allclose(ms_ssim(grey, x), 1.0, atol=1e-3)


def test_diversity_of_classes_that_are_one_image_each():
  x = smooth(2, 32)[[0, 1, 0, 1, 0, 1]]
  found = ms_ssim_diversity(x, np.array([0, 1, 0, 1, 0, 1]), classes=2, pairs=70)
  assert found.name == 'MS-SSIM-2'
  assert (found.mean, found.standard_error, found.pairs) == pytest.approx((1.0, 0.0, 70), abs=1e-12)
  all_together = ms_ssim_diversity(x, pairs=4000)
  # Of pairs of different ones of six, three of five have another image.
  expected = 2 / 5 + 3 / 5 * ms_ssim(x[:1], x[1:2])[0]
  assert abs(all_together.mean - expected) < 4 * all_together.standard_error < 0.1
  assert ms_ssim_diversity(smooth(2, 161), pairs=2).name == 'MS-SSIM'


def test_the_seed_decides_the_pairs():
  x = smooth(20, 16)
  assert ms_ssim_diversity(x, pairs=5).mean == ms_ssim_diversity(x, pairs=5).mean
  assert ms_ssim_diversity(x, pairs=5).mean != ms_ssim_diversity(x, pairs=5, seed=1).mean


def test_mistakes():
  x = smooth(4, 16)
  with pytest.raises(UserError, match='10x16 are too small'):
    ms_ssim(x[:, :10], x[:, :10])
  with pytest.raises(UserError, match='alike'):
    ms_ssim(x, x[:3])
  with pytest.raises(UserError, match='run from'):
    ms_ssim(x * 255, x)
  with pytest.raises(UserError, match=r'1 \(class 1\) sample: at least 2'):
    ms_ssim_diversity(x, np.array([0, 0, 0, 1]), classes=2)
  with pytest.raises(UserError, match='0 to 1: 1 classes have 0 to 0'):
    ms_ssim_diversity(x, np.array([0, 0, 0, 1]))
  with pytest.raises(UserError, match='1 pairs'):
    ms_ssim_diversity(x, pairs=1)
