import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import ndimage, stats

from wgan_jax import ada

KEYS = jax.random.split(jax.random.key(0), 4000)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (6, 8, 8, 3)).astype(np.float32)
GREY = np.random.default_rng(1).uniform(-1, 1, (400, 7, 10, 1)).astype(np.float32)
# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})
bgc, warp = quick(ada.bgc), quick(ada.warp)


@functools.cache
def drawn(p):
  """{part: its 4000 matrices}."""
  return dict(zip(ada.geometry(p, 8, 8) | ada.colour(p, 3), jax.device_get(_drawn(p)), strict=True))


@quick
def _drawn(p):
  return jax.vmap(lambda key: ada.draw(key, ada.geometry(p, 8, 8) | ada.colour(p, 3)))(KEYS)


def make(part, u=(0, 0), z=(0, 0), sides=(8, 8)):
  """A part's matrix of given draws."""
  parts = ada.geometry(1.0, *sides) | ada.colour(1.0, 3)
  return parts[part][1](jnp.array(u, jnp.float32), jnp.array(z, jnp.float32))


def by_scipy(image, inverse):
  """The warp as SciPy does it, whose 'mirror' repeats no border pixel either."""
  inverse, centre = np.asarray(inverse, np.float64), (np.array(image.shape[:2]) - 1) / 2
  matrix, offset = inverse[:2, :2], centre - inverse[:2, :2] @ centre + inverse[:2, 2]
  planes = [
    ndimage.affine_transform(plane, matrix, offset, order=1, mode='mirror') for plane in np.moveaxis(image, 2, 0)
  ]
  return np.stack(planes, axis=2)


@pytest.mark.parametrize('seed', range(5))
@pytest.mark.parametrize('shape', [(7, 10, 2), (6, 6, 1)])
def test_the_warp_is_scipys_far_beyond_the_borders_too(shape, seed):
  rng = np.random.default_rng(seed)
  image, inverse = rng.uniform(-1, 1, shape), np.vstack([rng.normal(0, 1.5, (2, 3)), [[0, 0, 1]]])
  inverse[:2, 2] *= 8
  ours = warp(image.astype(np.float32), inverse.astype(np.float32))
  np.testing.assert_allclose(ours, by_scipy(image, inverse.astype(np.float32)), atol=1e-4)


@pytest.mark.parametrize('height, width, step', [(5, 5, 1), (8, 8, 1), (5, 8, 2)])
def test_a_quarter_turn_is_numpys_bit_by_bit_and_a_half_one_unless_square(height, width, step):
  image = IMAGES[0, :height, :width]
  for u, quarters in (0.01, 0), (0.24, 0), (0.26, 1), (0.74, 2), (0.76, 3):
    turned = warp(image, make('quarter turns', (u, 0), sides=(height, width)))
    np.testing.assert_array_equal(turned, np.rot90(image, quarters // step * step))


def test_a_rotation_by_a_share_of_the_circle_turns_as_numpys():
  np.testing.assert_allclose(warp(IMAGES[0], make('rotation after', (0.25, 0))), np.rot90(IMAGES[0]), atol=1e-5)


@pytest.mark.parametrize('u, expected', [(0.49, IMAGES[0][:, ::-1]), (0.51, IMAGES[0])])
def test_a_flip_is_left_to_right_bit_by_bit(u, expected):
  np.testing.assert_array_equal(warp(IMAGES[0], make('flip', (u, 0))), expected)


@pytest.mark.parametrize('u, rows, columns', [((0.99, 0.3), 2, -1), ((0.5, 0.01), 0, -3), ((0.24, 0.76), -1, 2)])
def test_a_shift_is_by_whole_pixels_up_to_an_eighth_and_mirrors(u, rows, columns):
  image = np.random.default_rng(1).uniform(size=(16, 24, 1)).astype(np.float32)
  padded = np.pad(image, ((3, 3), (3, 3), (0, 0)), 'reflect')
  shifted = warp(image, make('shift', u, sides=(16, 24)))
  np.testing.assert_array_equal(shifted, padded[3 + rows : 19 + rows, 3 + columns : 27 + columns])


@pytest.mark.parametrize(
  'part, z, place',
  [
    ('scale', (-2, 9), lambda r, c: (2**-0.4 * r, 2**-0.4 * c)),
    ('stretch', (0.2, 9), lambda r, c: (2**0.04 * r, 2**-0.04 * c)),
    ('fractional shift', (0.3, -0.1), lambda r, c: (r + 0.3, c - 0.2)),
  ],
)
def test_a_ramp_tells_from_where_each_pixel_came(part, z, place):
  rows, columns = np.meshgrid(np.arange(8) - 3.5, np.arange(16) - 7.5, indexing='ij')
  ramps = warp(np.float32(np.stack([rows, columns], axis=2)), make(part, z=z, sides=(8, 16)))
  expected = np.stack(place(rows, columns), axis=2)
  np.testing.assert_allclose(ramps[1:-1, 1:-1], expected[1:-1, 1:-1], atol=1e-5)


MEAN = IMAGES[0].mean(axis=2, keepdims=True)


@pytest.mark.parametrize(
  'part, u, z, expected',
  [
    ('brightness', 0.3, 1.5, IMAGES[0] + 0.3),
    ('contrast', 0.3, -2.0, IMAGES[0] / 2),
    ('luma flip', 0.4, 0.0, IMAGES[0] - 2 * MEAN),
    ('luma flip', 0.6, 0.0, IMAGES[0]),
    ('saturation', 0.3, 2.0, MEAN + 4 * (IMAGES[0] - MEAN)),
    ('hue', 1 / 3, 0.0, np.roll(IMAGES[0], 1, axis=2)),
  ],
)
def test_a_colour_by_hand(part, u, z, expected):
  np.testing.assert_allclose(ada.recolour(IMAGES[0], make(part, (u, 0), (z, 0))), expected, atol=1e-6)


def test_the_pipeline_is_its_parts_one_after_the_other():
  for i, ours in enumerate(bgc(IMAGES, KEYS[:6], 0.8)):
    *inverses, brightness, contrast, luma, hue, saturation = [m[i].astype(np.float64) for m in drawn(0.8).values()]
    inverse = np.eye(3)
    for matrix in reversed(inverses):
      inverse = matrix @ inverse
    pixels = by_scipy(IMAGES[i], inverse)
    for matrix in brightness, contrast, luma, hue, saturation:
      pixels = pixels @ matrix[:3, :3].T + matrix[:3, 3].reshape(1, 1, 3)
    np.testing.assert_allclose(ours, pixels, atol=1e-4)


def test_each_part_changes_its_share_of_the_samples():
  either = 1 - np.sqrt(0.7)
  # A flip is none half of the time, a quarter turn one time in four, as is a shift: half of each side's round to 0.
  shares = [0.15, 0.225, 0.225, 0.3, either, 0.3, either, 0.3, 0.3, 0.3, 0.15, 0.3, 0.3]
  for (part, matrices), share in zip(drawn(0.3).items(), shares, strict=True):
    changed = np.any(matrices != np.eye(matrices.shape[1], dtype=np.float32), axis=(1, 2))
    assert stats.binomtest(int(changed.sum()), len(KEYS), share).pvalue > 1e-3, part
  once_or_twice = (drawn(0.3)['rotation before'][:, 0, 1] != 0) | (drawn(0.3)['rotation after'][:, 0, 1] != 0)
  assert stats.binomtest(int(once_or_twice.sum()), len(KEYS), 0.3).pvalue > 1e-3


def angle(matrices):
  return np.arctan2(matrices[:, 0, 1], matrices[:, 0, 0]) / (2 * np.pi) % 1


# What of a part's matrices has which law.
LAWS = {
  'scale': (lambda m: np.log2(m[:, 0, 0]) / 0.2, 'norm'),
  'stretch': (lambda m: np.log2(m[:, 1, 1]) / 0.2, 'norm'),
  'fractional shift': (lambda m: m[:, 0, 2], 'norm'),
  'rotation before': (angle, 'uniform'),
  'rotation after': (angle, 'uniform'),
  'brightness': (lambda m: m[:, 1, 3] / 0.2, 'norm'),
  'contrast': (lambda m: np.log2(m[:, 2, 2]) / 0.5, 'norm'),
  'hue': (
    lambda m: np.arctan2((m[:, 1, 0] - m[:, 0, 1]) * np.sqrt(3), 3 * m[:, 0, 0] - 1) / (2 * np.pi) % 1,
    'uniform',
  ),
  'saturation': (lambda m: np.log2(m[:, 0, 0] - m[:, 0, 1]), 'norm'),
}


@pytest.mark.parametrize('part', LAWS)
def test_what_is_drawn_has_the_papers_law(part):
  value, law = LAWS[part]
  assert stats.kstest(value(drawn(1.0)[part]), law).pvalue > 0.01


@pytest.mark.parametrize('x', [IMAGES, GREY], ids=['colour', 'grey'])
def test_at_p_0_it_is_the_identity_bit_by_bit(x):
  chex.assert_trees_all_equal(bgc(x, KEYS[: len(x)], 0.0), x)


def test_grey_images_know_brightness_and_then_contrast_only():
  # Of what is constant, geometry changes nothing, and y = (x + b) c.
  low, high = (np.asarray(bgc(np.full_like(GREY, x), KEYS[: len(GREY)], 1.0)) for x in (-0.5, 0.5))
  np.testing.assert_allclose(high, np.broadcast_to(high[:, :1, :1], high.shape), rtol=1e-4, atol=1e-6)
  c = high[:, 0, 0, 0] - low[:, 0, 0, 0]
  b = (high[:, 0, 0, 0] + low[:, 0, 0, 0]) / 2 / c
  assert np.all(c > 0)
  assert stats.kstest(np.log2(c) / 0.5, 'norm').pvalue > 0.01
  assert stats.kstest(b / 0.2, 'norm').pvalue > 0.01
  assert list(ada.colour(1.0, 1)) == list(ada.colour(1.0, 4)) == ['brightness', 'contrast']


def test_a_sample_depends_on_its_own_key_only():
  whole, order = bgc(IMAGES, KEYS[:6], 0.8), np.array([3, 0, 5, 1, 2, 4])
  np.testing.assert_allclose(bgc(IMAGES[order], KEYS[order], 0.8), whole[order], atol=1e-6)
  assert len(np.unique(np.asarray(bgc(IMAGES[[0] * 6], KEYS[:6], 1.0)).sum(axis=(1, 2, 3)))) == 6


def test_gradients_are_those_of_an_affine_map():
  # It is affine in x, so that <A x, w> = <x, A' w> with A' the pullback, which is what reaches a generator.
  weights = np.random.default_rng(2).normal(size=IMAGES.shape).astype(np.float32)

  @quick
  def pull(x):
    y, pull = jax.vjp(lambda x: ada.bgc(x, KEYS[:6], 0.9), x)
    return y, pull(weights)[0]

  (y, gradient), (origin, _) = pull(IMAGES), pull(np.zeros_like(IMAGES))
  assert np.all(np.isfinite(gradient)) and np.all(np.any(gradient != 0, axis=(1, 2, 3)))
  ours, theirs = np.sum((y - origin) * weights, axis=(1, 2, 3)), np.sum(IMAGES * gradient, axis=(1, 2, 3))
  np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)
