"""Images that begin coarse and become finer while training goes on, for networks that grow.

Karras et al., "Progressive Growing of GANs", section 2 and appendix A, https://arxiv.org/abs/1710.10196.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.data.source import WHOLE, Source
from wgan_jax.networks.resampling import enlarge, shrink


class Growth(NamedTuple):
  """How many real images the critic learns from at each resolution, and then while the next one is faded in.

  800,000 of each in the paper; the first resolution begins whole.
  """

  stable: int = 800_000
  fade: int = 800_000

  def level(self, images: np.ndarray, highest: int) -> np.ndarray:
    """The level after so many images: 2 where three resolutions are in use, 2.3 with 30 % of the fourth."""
    whole, since = np.divmod(np.asarray(images, np.float64), max(self.stable + self.fade, 1))
    faded = np.maximum(since - self.stable, 0) / max(self.fade, 1)
    return np.minimum(whole + faded, highest).astype(np.float32)


def fading(source: Source, growth: Growth, highest: int, learned: float = 1.0) -> Source:
  """The source's batches with 'level' [B] beside their images, which are as fine as it says and of full size.

  highest: the level of the images as they are. learned: the share of the minibatches that the critic learns from.
  """

  def feed(first, count, share=WHOLE):
    data = source.feed(first, count, share)
    size = jax.tree.leaves(data)[0].shape[1]
    levels = growth.level((first + np.arange(count)) * size * share[1] * learned, highest)
    return {'data': data, 'level': np.repeat(levels[:, None], size, axis=1)}

  def draw(resident, minibatch, keys):
    batch, level = source.draw(resident, minibatch['data'], keys), minibatch['level']
    return {**batch, 'image': faded(batch['image'], level, highest), 'level': level}

  return source._replace(feed=feed, draw=draw)


def faded(x: jax.Array, level: jax.Array, highest: int) -> jax.Array:
  """x [B, H, W, C] at level [B] <= highest: means of 2^(highest - level) pixels a side, between whole levels a mixture.

  H and W are multiples of 2^highest.
  """

  def share(n):  # of level n: 1 there, falling to 0 at n - 1 and n + 1
    return jax.nn.relu(1 - jnp.abs(level - n)).reshape(-1, 1, 1, 1)

  sides = [2 ** (highest - n) for n in range(highest)]
  return share(highest) * x + sum(share(n) * enlarge(shrink(x, side), side) for n, side in enumerate(sides))
