"""BEGAN's pair: 3x3 convolutions with ELU, nearest-neighbour upsampling, no normalisation.

Berthelot et al., "BEGAN", figure 1, https://arxiv.org/abs/1703.10717, with the strided downsampling of its text. The
generator and the critic's decoder are of the same kind; images are halved until they are at most 8 wide.
"""

import functools
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.convolution import convolve, upsample_convolve

HALVE = functools.partial(convolve, strides=(2, 2))


def halvings(height: int, width: int) -> int:
  """How often an image can be halved before it is at most 8 wide."""
  return max((max(height, width) - 1).bit_length() - 3, 0)


class BeganGenerator(nn.Module):
  """z [B, dim] -> images [B, H, W, C]. shape: of an image. width: channels n of every layer (128 in the paper)."""

  shape: tuple[int, int, int]
  width: int = 128
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = jax.nn.elu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    times = halvings(*self.shape[:2])
    height, width = (side // 2**times for side in self.shape[:2])
    h = dense(height * width * self.width)(z).reshape((-1, height, width, self.width))
    for op in [convolve] + times * [upsample_convolve]:
      for each in (op, convolve):
        h = self.activation(self.norm()(conv(self.width, op=each)(h), label, train=train))
    return self.output(conv(self.shape[-1], dtype=None)(layers.full(h)))


class BeganEncoder(nn.Module):
  """images [B, H, W, C] -> what `head` makes. width: channels of the first level; the k-th has k times as many."""

  width: int = 128
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = jax.nn.elu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)

    def activate(h):
      return self.activation(self.norm()(h, label, train=train))

    h, times = activate(conv(self.width)(x)), halvings(*x.shape[1:3])
    for level in range(1, times + 2):
      h = activate(conv(level * self.width)(h))
      last = level == times + 1
      h = activate(conv((level + (not last)) * self.width, op=convolve if last else HALVE)(h))
    return self.head(dense)(h.reshape((h.shape[0], -1)), label, train=train)
