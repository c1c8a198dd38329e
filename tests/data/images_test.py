import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from wgan_jax.data.cache import Images
from wgan_jax.data.images import resident_source, streamed_source, to_float, to_uint8
from wgan_jax.keys import sample_keys

KEY = jax.random.key(0)


def convert(images, flip=False, dequantize=False, **options):
  keys = sample_keys(KEY, len(images))
  return np.asarray(to_float(images, keys, flip=flip, dequantize=dequantize, **options))


def test_without_noise_the_levels_span_minus_one_to_one():
  images = np.uint8([0, 51, 102, 255]).reshape(1, 2, 2, 1)
  expected = np.float32([-1, -0.6, -0.2, 1]).reshape(1, 2, 2, 1)
  np.testing.assert_allclose(convert(images), expected, atol=1e-6)
  assert convert(images).dtype == np.float32


@pytest.mark.parametrize('level', [0, 100, 255])
def test_dequantised_a_level_is_spread_evenly_over_its_own_interval(level):
  x = convert(np.full((5, 20, 20, 1), level, np.uint8), dequantize=True).ravel().astype(np.float64)
  assert level / 128 - 1 - 1e-6 <= x.min() and x.max() <= (level + 1) / 128 - 1 + 1e-6
  assert stats.kstest(x, stats.uniform(level / 128 - 1, 1 / 128).cdf).pvalue > 0.01


def test_noise_differs_between_images_and_between_pixels():
  x = convert(np.zeros((4, 3, 3, 2), np.uint8), dequantize=True)
  assert len(np.unique(x)) == x.size


def test_half_of_the_images_are_mirrored_left_to_right():
  image = np.arange(2 * 3 * 2, dtype=np.uint8).reshape(1, 2, 3, 2)
  x = convert(np.repeat(image, 1000, axis=0), flip=True)
  plain, mirrored = convert(image)[0], convert(image[:, :, ::-1])[0]
  flipped = np.array([np.array_equal(y, mirrored) for y in x])
  assert all(np.array_equal(y, plain) for y in x[~flipped])
  assert stats.binomtest(int(flipped.sum()), 1000, 0.5).pvalue > 0.01


def test_without_flip_no_image_is_mirrored():
  image = np.arange(6, dtype=np.uint8).reshape(1, 1, 6, 1)
  assert (convert(np.repeat(image, 20, axis=0)) == convert(image)).all()


def test_inverted_black_is_white():
  images = np.uint8([0, 51, 102, 255]).reshape(1, 2, 2, 1)
  np.testing.assert_allclose(convert(images, invert=True).ravel(), [1, 0.6, 0.2, -1], atol=1e-6)
  np.testing.assert_array_equal(to_uint8(convert(images, invert=True)), 255 - images)


def test_an_inverted_level_is_spread_over_the_interval_of_its_negative():
  x = convert(np.full((5, 20, 20, 1), 55, np.uint8), dequantize=True, invert=True)
  assert x.min() >= 200 / 128 - 1 - 1e-6 and x.max() <= 201 / 128 - 1 + 1e-6
  assert x.max() - x.min() > 0.9 / 128


@pytest.mark.parametrize('flip', [True, False])
@pytest.mark.parametrize('dequantize', [True, False])
def test_inverting_is_nothing_else_than_the_negatives_of_the_bytes(flip, dequantize):
  images = np.random.default_rng(0).integers(0, 256, (16, 3, 4, 2), np.uint8)
  expected = convert(255 - images, flip, dequantize)
  np.testing.assert_array_equal(convert(images, flip, dequantize, invert=True), expected)


@pytest.mark.parametrize('make', [resident_source, streamed_source])
def test_a_source_may_show_its_images_as_negatives(make):
  plain, negative = (make(small(), 4, 7, flip=False, dequantize=False, invert=invert) for invert in (False, True))
  images = [
    to_uint8(
      source.draw(source.resident, jax.tree.map(lambda x: x[0], source.feed(0, 1)), sample_keys(KEY, 4))['image']
    )
    for source in (plain, negative)
  ]
  np.testing.assert_array_equal(images[1], 255 - images[0])


def test_to_uint8_inverts_every_level_and_clips_beyond():
  levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
  np.testing.assert_array_equal(to_uint8(convert(levels)), levels)
  np.testing.assert_array_equal(to_uint8(jnp.array([-1.5, 1.5, -0.999, 0.0])), np.uint8([0, 255, 0, 128]))


def small(labels=True):
  rng = np.random.default_rng(0)
  images = rng.integers(0, 256, (11, 4, 3, 1), np.uint8)
  return Images(images, np.arange(11, dtype=np.int32) % 3 if labels else None)


@pytest.mark.parametrize('labels', [True, False])
def test_resident_and_streamed_sets_give_the_same_bits(labels):
  data = small(labels)
  sources = [make(data, 4, 7, flip=True, dequantize=True) for make in (resident_source, streamed_source)]
  assert sources[0].shape == sources[1].shape == (4, 3, 1)
  assert sources[0].classes == sources[1].classes == (3 if labels else 0)
  draws = [jax.jit(source.draw) for source in sources]
  feeds = [source.feed(2, 4) for source in sources]
  for i in range(4):
    keys = sample_keys(jax.random.fold_in(KEY, i), 4)
    batches = [
      draw(source.resident, jax.tree.map(lambda x, i=i: x[i], feed), keys)
      for draw, source, feed in zip(draws, sources, feeds, strict=True)
    ]
    chex.assert_trees_all_equal(*batches)
    assert set(batches[0]) == ({'image', 'label'} if labels else {'image'})
    assert batches[0]['image'].dtype == np.float32


def test_labels_stay_with_their_images():
  data = small()
  source = resident_source(data, 4, 7, flip=False, dequantize=False)
  batch = source.draw(source.resident, source.feed(0, 1)[0], sample_keys(KEY, 4))
  for image, label in zip(to_uint8(batch['image']), batch['label'], strict=True):
    (place,) = [i for i in range(11) if np.array_equal(data.images[i], image)]
    assert label == data.labels[place]


def test_minibatches_follow_one_another_through_the_epochs():
  source = resident_source(small(), 4, 7, flip=False, dequantize=False)
  chex.assert_trees_all_equal(source.feed(0, 6)[2:5], source.feed(2, 3))
  epochs = source.feed(0, 11).reshape(4, 11)
  np.testing.assert_array_equal(np.sort(epochs, axis=1), np.tile(np.arange(11), (4, 1)))
