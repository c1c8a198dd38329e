import chex
import jax
import numpy as np
import pytest
from scipy import stats

from experiments import base
from wgan_jax.build_data import build_source
from wgan_jax.data.cache import Images
from wgan_jax.data.images import to_uint8
from wgan_jax.data.stacked import Stacked, stacked_source
from wgan_jax.keys import sample_keys

PLAIN = {'flip': False, 'dequantize': False}


def digits(n=40):
  """n images, the i-th of which is grey of level i and of class i % 10."""
  images = np.full((n, 4, 3, 1), np.arange(n, dtype=np.uint8).reshape(n, 1, 1, 1))
  return Images(images, np.arange(n, dtype=np.int32) % 10)


def epoch(source):
  """All images and labels of the first minibatches, one after another."""
  minibatches = source.feed(0, source.size // 10)
  batches = [jax.jit(source.draw)(source.resident, m, sample_keys(jax.random.key(0), 10)) for m in minibatches]
  batch = jax.tree.map(lambda *x: np.concatenate(x), *jax.device_get(batches))
  return to_uint8(batch['image']), batch['label']


def test_a_label_is_the_digits_of_the_channels():
  images, labels = epoch(stacked_source(Stacked(digits(), 100), 10, 0, **PLAIN))
  chex.assert_shape(images, (100, 4, 3, 3))
  assert (images == images[:, :1, :1]).all()
  shown = images[:, 0, 0].astype(int) % 10
  np.testing.assert_array_equal(labels, [int(f'{a}{b}{c}') for a, b, c in shown])


def test_the_channels_are_three_draws_from_all_digits():
  images, labels = epoch(stacked_source(Stacked(digits(), 4000), 10, 0, **PLAIN))
  levels = images[:, 0, 0]
  assert stats.chisquare(np.bincount(levels.ravel(), minlength=40)).pvalue > 0.001
  for a, b in ((0, 1), (1, 2), (0, 2)):
    pairs = np.histogram2d(levels[:, a] % 10, levels[:, b] % 10, bins=10)[0]
    assert stats.chi2_contingency(pairs).pvalue > 0.001
  assert labels.min() >= 0 and labels.max() < 1000


def test_the_set_is_the_same_for_all_seeds_and_every_image_comes_once_in_an_epoch():
  sets = [epoch(stacked_source(Stacked(digits(), 100), 10, seed, **PLAIN))[0][:, 0, 0] for seed in (0, 1)]
  assert (sets[0] != sets[1]).any()
  np.testing.assert_array_equal(*(np.unique(x, axis=0, return_counts=True)[0] for x in sets))
  np.testing.assert_array_equal(*(np.unique(x, axis=0, return_counts=True)[1] for x in sets))


def test_the_feed_is_a_pure_function():
  source = stacked_source(Stacked(digits(), 35), 10, 0, **PLAIN)
  whole = source.feed(0, 9)
  assert whole.shape == (9, 10, 3)
  np.testing.assert_array_equal(source.feed(3, 4), whole[3:7])


def test_it_takes_no_more_memory_than_its_digits():
  source = stacked_source(Stacked(digits()), 10, 0, **PLAIN)
  assert source.size == 128_000
  assert sum(x.nbytes for x in jax.tree.leaves(source.resident)) == 40 * (4 * 3 + 4)


@pytest.mark.parametrize('size, side', [(0, 8), (16, 16)])
def test_scikit_learns_digits_are_stacked_by_name(size, side):
  config = base.get_config()
  config.data.update(name='stacked_digits', batch_size=10, size=size)
  source = build_source(config)
  assert (source.shape, source.classes, source.size) == ((side, side, 3), 1000, 128_000)
  batch = source.draw(source.resident, source.feed(0, 1)[0], sample_keys(jax.random.key(0), 10))
  chex.assert_shape(batch['image'], (10, side, side, 3))


def test_one_by_one_the_images_are_those_of_the_source():
  data = Stacked(digits(), 50)
  images, labels = epoch(stacked_source(data, 10, 0, **PLAIN))
  alone = [data[i] for i in range(len(data))]
  drawn, listed = (
    sorted((*x[0, 0], label) for x, label in pairs)
    for pairs in (zip(images, labels, strict=True), ((one['image'], one['label']) for one in alone))
  )
  assert drawn == listed and data.decoded() is data
