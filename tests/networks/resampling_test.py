import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.resampling import interpolate_down, interpolate_up

X = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype(np.float32)


def test_a_line_stays_a_line_inside_and_falls_to_zero_at_its_ends():
  x = np.broadcast_to(np.arange(1.0, 5.0, dtype=np.float32)[None, :, None, None], (1, 4, 3, 1))
  middle = interpolate_up(x)[0, :, 2, 0]
  np.testing.assert_allclose(middle, [0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 3.0])


def test_inside_it_is_bilinear_interpolation():
  ours = interpolate_up(X)[:, 1:-1, 1:-1]
  np.testing.assert_allclose(ours, jax.image.resize(X, (2, 6, 10, 4), 'bilinear')[:, 1:-1, 1:-1], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize('resample', [interpolate_up, interpolate_down])
def test_they_are_pytorchs_convolutions_with_the_filter_1_3_3_1(resample):
  torch = pytest.importorskip('torch')
  x = interpolate_up(X)[:, :, :, :1]
  line = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
  kernel, planes = torch.outer(line, line)[None, None], torch.tensor(np.array(x)).permute(0, 3, 1, 2)
  if resample is interpolate_up:
    expected = torch.nn.functional.conv_transpose2d(planes, 4 * kernel, stride=2, padding=1)
  else:
    expected = torch.nn.functional.conv2d(planes, kernel, stride=2, padding=1)
  np.testing.assert_allclose(resample(x), expected.permute(0, 2, 3, 1), rtol=1e-5, atol=1e-6)


def test_down_is_a_quarter_of_ups_transpose():
  y = np.random.default_rng(1).normal(size=(2, 6, 10, 4)).astype(np.float32)
  np.testing.assert_allclose(4 * np.vdot(X, interpolate_down(y)), np.vdot(interpolate_up(X), y), rtol=1e-4)


def test_an_odd_side_has_no_half():
  with pytest.raises(ValueError, match='even sides, not 3x4'):
    interpolate_down(jnp.zeros((1, 3, 4, 1)))


def test_types_stay():
  x = jnp.zeros((1, 2, 2, 1), jnp.bfloat16)
  assert interpolate_up(x).dtype == interpolate_down(x).dtype == x.dtype
