"""What each of several processes is fed with: its part of every minibatch, and nothing of the others'."""

import chex
import jax
import numpy as np
import pytest

from wgan_jax.data import growing, images, pair, stacked, stream, toy
from wgan_jax.data.cache import Images

BATCH, SEED = 12, 4
PLAIN = {'flip': False, 'dequantize': False}


def grey(n, seed=0):
  """n grey images of 8x8 and their classes."""
  rng = np.random.default_rng(seed)
  return Images(rng.integers(0, 256, (n, 8, 8, 1), np.uint8), rng.integers(0, 10, n).astype(np.int32))


RESIDENT, STREAMED = images.resident_source, images.streamed_source
SOURCES = {
  'resident': lambda: RESIDENT(grey(31), BATCH, SEED, **PLAIN),
  'streamed': lambda: STREAMED(grey(31), BATCH, SEED, **PLAIN),
  'stacked': lambda: stacked.stacked_source(stacked.Stacked(grey(31), 50), BATCH, SEED, **PLAIN),
  'paired': lambda: pair.paired(RESIDENT(grey(31), BATCH, SEED, **PLAIN), STREAMED(grey(23), BATCH, 5, **PLAIN)),
  'growing': lambda: growing.fading(RESIDENT(grey(31), BATCH, SEED, **PLAIN), growing.Growth(20, 30), 3, 0.5),
  'toy': lambda: toy.toy_source(toy.eight_gaussians(), BATCH),
}


@pytest.mark.parametrize('n', [1, 3, 4])
@pytest.mark.parametrize('kind', SOURCES)
def test_shares_side_by_side_are_the_whole(kind, n):
  source = SOURCES[kind]()
  whole = source.feed(2, 5)
  shares = [source.feed(2, 5, (i, n)) for i in range(n)]
  chex.assert_tree_shape_prefix(shares[0], (5, BATCH // n))
  chex.assert_trees_all_equal(jax.tree.map(lambda *parts: np.concatenate(parts, axis=1), *shares), whole)


class Noted:
  """Random access to {'image': [i]}, with a note of what was read."""

  read = None

  def __len__(self):
    return 1000

  def __getitem__(self, i):
    self.read = [*(self.read or []), int(i)]
    return {'image': np.array([i])}


def test_a_stream_reads_its_share_alone():
  examples = Noted()
  feed = stream.Stream(examples, BATCH, SEED, threads=1, ahead=1)
  shown = np.concatenate([feed(i, 1, (1, 4))['image'] for i in range(6)]).ravel()
  assert examples.read[: len(shown)] == shown.tolist()
  assert len(examples.read) <= len(shown) + 4 * BATCH // 4
