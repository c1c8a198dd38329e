import chex
import jax
import numpy as np
import pytest

from wgan_jax.data.cache import Images
from wgan_jax.data.images import resident_source, streamed_source, to_uint8
from wgan_jax.data.pair import paired
from wgan_jax.errors import UserError
from wgan_jax.keys import sample_keys

KEYS = sample_keys(jax.random.key(0), 4)
MAKERS = [(a, b) for a in (resident_source, streamed_source) for b in (resident_source, streamed_source)]
PLAIN = {'flip': False, 'dequantize': False}


def counted(n, side=3, labels=True):
  """n images, the i-th of which is grey of level i, with labels i % 3."""
  images = np.full((n, side, side, 1), np.arange(n, dtype=np.uint8).reshape(n, 1, 1, 1))
  return Images(images, np.arange(n, dtype=np.int32) % 3 if labels else None)


def draw(source, first=0, keys=KEYS):
  minibatch = jax.tree.map(lambda x: x[0], source.feed(first, 1))
  return jax.jit(source.draw)(source.resident, minibatch, keys)


def levels(images):
  return to_uint8(images)[:, 0, 0, 0]


@pytest.mark.parametrize('makers', MAKERS)
def test_a_batch_has_both_and_the_labels_of_the_images(makers):
  images = makers[0](counted(11), 4, 0, **PLAIN)
  source = paired(images, makers[1](counted(20, labels=False), 4, 1, **PLAIN))
  assert (source.shape, source.classes, source.size) == ((3, 3, 1), 3, 31)
  for first in (0, 5):
    batch = draw(source, first)
    assert set(batch) == {'image', 'label', 'source'}
    chex.assert_shape([batch['image'], batch['source']], (4, 3, 3, 1))
    np.testing.assert_array_equal(levels(batch['image']) % 3, batch['label'])
    np.testing.assert_array_equal(levels(batch['image']), levels(draw(images, first)['image']))


@pytest.mark.parametrize('makers', MAKERS)
def test_the_sources_are_all_shown_once_in_their_own_epoch(makers):
  source = paired(makers[0](counted(6), 4, 0, **PLAIN), makers[1](counted(20), 4, 1, **PLAIN))
  seen = np.concatenate([levels(draw(source, first)['source']) for first in range(5)])
  np.testing.assert_array_equal(np.sort(seen), np.arange(20))


def test_of_equal_data_with_other_seeds_nothing_is_paired():
  source = paired(*(resident_source(counted(200), 4, seed, **PLAIN) for seed in (0, 1)))
  batches = [draw(source, first) for first in range(50)]
  images, sources = (np.concatenate([levels(batch[name]) for batch in batches]) for name in ('image', 'source'))
  np.testing.assert_array_equal(np.sort(images), np.sort(sources))
  # The number of matches of two random orders is near Poisson's with mean 1.
  assert np.sum(images == sources) <= 6


def test_one_key_gives_both_noise_of_their_own():
  noisy = {'flip': False, 'dequantize': True}
  black = Images(np.zeros((8, 3, 3, 1), np.uint8), None)
  batch = draw(paired(*(resident_source(black, 4, 0, **noisy) for _ in range(2))))
  assert len(np.unique(np.stack([batch['image'], batch['source']]))) == 2 * 4 * 9
  again = draw(paired(*(resident_source(black, 4, 0, **noisy) for _ in range(2))))
  chex.assert_trees_all_equal(batch, again)


def test_both_are_mirrored_each_by_a_coin_of_its_own():
  slope = Images(np.tile(np.arange(3, dtype=np.uint8).reshape(1, 1, 3, 1), (64, 3, 1, 1)), None)
  source = paired(*(resident_source(slope, 64, 0, flip=True, dequantize=False) for _ in range(2)))
  batch = draw(source, keys=sample_keys(jax.random.key(0), 64))
  flipped = [to_uint8(batch[name])[:, 0, 0, 0] == 2 for name in ('image', 'source')]
  counts = np.histogram2d(*flipped, bins=2)[0]
  assert (counts >= 6).all()  # 16 of each expected, with a standard deviation of 3.5


@pytest.mark.parametrize('makers', MAKERS)
def test_the_feed_is_a_pure_function(makers):
  source = paired(makers[0](counted(11), 4, 0, **PLAIN), makers[1](counted(20), 4, 1, **PLAIN))
  whole = source.feed(0, 6)
  chex.assert_trees_all_equal(source.feed(2, 3), jax.tree.map(lambda x: x[2:5], whole))
  chex.assert_trees_all_equal(source.feed(0, 6), whole)
  assert all(x.shape[:2] == (6, 4) for x in jax.tree.leaves(whole))


def test_sets_of_different_shapes_are_an_error_of_one_line_that_names_both():
  images, sources = (resident_source(counted(5, side), 4, 0, **PLAIN) for side in (3, 8))
  with pytest.raises(UserError) as caught:
    paired(images, sources)
  message = str(caught.value)
  assert '\n' not in message
  assert '8x8x1 and 3x3x1' in message and '--config.source.size=' in message
