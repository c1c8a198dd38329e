import chex
import jax
import numpy as np
import pytest

from wgan_jax.data.cache import Images
from wgan_jax.data.growing import Growth, faded, fading
from wgan_jax.data.images import resident_source, streamed_source
from wgan_jax.keys import sample_keys

X = np.random.default_rng(2).uniform(-1, 1, (2, 8, 12, 3)).astype(np.float32)
IMAGES = Images(np.random.default_rng(3).integers(0, 256, (11, 8, 8, 1), np.uint8), np.arange(11, dtype=np.int32) % 3)


@pytest.mark.parametrize(
  'images, level',
  [(0, 0), (100, 0), (120, 0.5), (140, 1), (240, 1), (250, 1.25), (280, 2), (380, 2), (400, 2.5), (420, 3), (9999, 3)],
)
def test_levels_stay_for_a_while_and_then_rise_for_a_while(images, level):
  np.testing.assert_allclose(Growth(stable=100, fade=40).level(images, 3), level, rtol=1e-6)


@pytest.mark.parametrize(
  'growth, levels', [(Growth(100, 0), [0, 0, 1, 1, 2]), (Growth(0, 100), [0, 0.99, 1, 1.99, 2]), (Growth(0, 0), [0, 2])]
)
def test_either_while_may_be_none(growth, levels):
  images = np.array([0, 99, 100, 199, 200])[: len(levels)]
  np.testing.assert_allclose(growth.level(images, 2), levels, rtol=1e-6)


def coarse(x, side):
  """Means of side x side pixels, each spread over its pixels."""
  y = np.empty_like(x)
  for i, j in np.ndindex(x.shape[1] // side, x.shape[2] // side):
    block = np.s_[:, i * side : (i + 1) * side, j * side : (j + 1) * side]
    y[block] = x[block].mean((1, 2), keepdims=True)
  return y


@pytest.mark.parametrize(
  'level, parts', [(0, {4: 1}), (0.25, {4: 0.75, 2: 0.25}), (1, {2: 1}), (1.5, {2: 0.5, 1: 0.5})]
)
def test_an_image_is_as_fine_as_its_level_or_a_mixture_of_two(level, parts):
  expected = sum(share * coarse(X, side) for side, share in parts.items())
  np.testing.assert_allclose(faded(X, np.full(2, level, np.float32), 2), expected, atol=1e-6)


def test_each_image_has_a_level_of_its_own_and_the_highest_leaves_it_as_it_is():
  x = faded(X, np.float32([0, 2]), 2)
  np.testing.assert_allclose(x[0], coarse(X, 4)[0], atol=1e-6)
  np.testing.assert_array_equal(x[1], X[1])
  np.testing.assert_array_equal(faded(X, np.zeros(2, np.float32), 0), X)


@pytest.mark.parametrize('make', [resident_source, streamed_source])
def test_batches_are_those_of_the_source_faded_with_the_level_beside_them(make):
  plain = make(IMAGES if make is resident_source else Examples(), 4, 7, flip=True, dequantize=True)
  source, keys = fading(plain, Growth(8, 16), 1, learned=0.5), sample_keys(jax.random.key(1), 4)
  feed = source.feed(2, 9)
  chex.assert_trees_all_equal(source.feed(5, 2), jax.tree.map(lambda x: x[3:5], feed))
  # Two of the four images of each minibatch count: 4, 6, 8, ... of them before these minibatches.
  levels = np.clip((np.arange(4, 22, 2) - 8) / 16, 0, 1)
  for i, level in enumerate(levels):
    one, other = (jax.tree.map(lambda x, i=i: x[i], f) for f in (feed, plain.feed(2, 9)))
    batch, whole = source.draw(source.resident, one, keys), plain.draw(plain.resident, other, keys)
    np.testing.assert_allclose(batch['level'], np.full(4, level), rtol=1e-6)
    np.testing.assert_array_equal(batch['label'], whole['label'])
    image = np.asarray(whole['image'])
    np.testing.assert_allclose(batch['image'], (1 - level) * coarse(image, 2) + level * image, atol=1e-6)
  assert (source.shape, source.classes, source.size) == (plain.shape, plain.classes, plain.size)


class Examples:
  """The same set, not all of it at once."""

  shape, classes = (8, 8, 1), 3

  def __len__(self):
    return len(IMAGES)

  def __getitem__(self, i):
    return {'image': IMAGES.images[i], 'label': IMAGES.labels[i]}
