import jax
import numpy as np
import pytest
from PIL import Image

from wgan_jax.metrics import resizing

# Up, down, both at once, far down, nothing, one pixel.
SIZES = [((32, 32), (60, 60)), ((50, 61), (23, 30)), ((40, 12), (31, 20))]
SIZES += [((90, 20), (8, 9)), ((9, 9), (9, 9)), ((1, 5), (4, 7))]
sizes = pytest.mark.parametrize('size, out', SIZES)


def images(size, seed=0):
  return np.random.default_rng(seed).integers(0, 256, (2, *size, 3), dtype=np.uint8)


def resized(kind, x, out):
  matrices = [getattr(resizing, kind)(a, b) for a, b in zip(x.shape[1:3], out, strict=True)]
  return np.asarray(jax.jit(resizing.resize)(x, *matrices))


@sizes
def test_legacy_tf_is_the_loop_over_pixels_of_its_definition(size, out):
  x = images(size)
  expected = np.zeros((2, *out, 3))
  for row in range(out[0]):
    for column in range(out[1]):
      y, x_ = row * size[0] / out[0], column * size[1] / out[1]
      for i, a in [(int(y), 1 - y % 1), (min(int(y) + 1, size[0] - 1), y % 1)]:
        for j, b in [(int(x_), 1 - x_ % 1), (min(int(x_) + 1, size[1] - 1), x_ % 1)]:
          expected[:, row, column] += a * b * x[:, i, j]
  np.testing.assert_allclose(resized('legacy_tf', x, out), expected, atol=1e-3)


@sizes
def test_pytorch_is_pytorchs(size, out):
  torch = pytest.importorskip('torch')
  x = images(size)
  planes = torch.tensor(x).permute(0, 3, 1, 2).float()
  theirs = torch.nn.functional.interpolate(planes, size=out, mode='bilinear', align_corners=False)
  np.testing.assert_allclose(resized('pytorch', x, out), theirs.permute(0, 2, 3, 1).numpy(), atol=2e-3)


@sizes
def test_clean_is_pils(size, out):
  x = images(size)
  planes = [Image.fromarray(plane) for plane in x.astype(np.float32).transpose(0, 3, 1, 2).reshape(-1, *size)]
  theirs = [np.asarray(plane.resize(out[::-1], Image.BICUBIC)) for plane in planes]
  expected = np.stack(theirs).reshape(2, 3, *out).transpose(0, 2, 3, 1)
  np.testing.assert_allclose(resized('clean', x, out), expected, atol=1e-3)


@pytest.mark.parametrize('name', resizing.RESIZERS)
def test_even_grey_stays_what_it_is(name):
  kind = resizing.RESIZERS[name]
  for size, out in [(32, 299), (500, 299)]:
    np.testing.assert_allclose(np.sum(kind.matrix(size, out), axis=1), 1.0, atol=1e-12)


def test_each_kind_scales_as_its_users_do():
  x = np.full((1, 4, 4, 1), 51, np.uint8)
  expected = {'legacy_tf': (51 - 128) / 128, 'pytorch': 2 * 51 / 255 - 1, 'clean': (51 - 128) / 128}
  ours = {name: float(resizing.prepare(kind, x, 6)[0, 3, 2, 0]) for name, kind in resizing.RESIZERS.items()}
  assert ours == pytest.approx(expected, abs=1e-6)


def test_clean_cuts_off_what_overshoots_and_the_others_cannot():
  x = np.zeros((1, 8, 8, 1), np.uint8)
  x[:, :, 4:] = 255
  raw = resized('clean', x, (32, 32))
  assert raw.min() < -5 and raw.max() > 260
  clipped = np.asarray(resizing.prepare(resizing.RESIZERS['clean'], x, 32))
  assert clipped.min() == -1 and clipped.max() == pytest.approx(127 / 128)
