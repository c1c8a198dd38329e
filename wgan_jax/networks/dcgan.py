"""DCGAN's all-convolutional pair for images of any size.

Radford et al., https://arxiv.org/abs/1511.06434, as WGAN (https://github.com/martinarjovsky/WassersteinGAN) and
WGAN-GP (https://github.com/igul222/improved_wgan_training, gan_mnist.py) use it. An image is halved, rounding up, until
it is at most 4 wide (28 -> 14 -> 7 -> 4); the generator climbs the same ladder, cropping where a rung is odd.
"""

import functools
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.convolution import convolve, convolve_transpose

HALVE = functools.partial(convolve, strides=(2, 2))
DOUBLE = functools.partial(convolve_transpose, strides=(2, 2))


def ladder(height: int, width: int) -> list[tuple[int, int]]:
  """Sizes from the image's down to at most 4x4, each the half of the one before, rounded up."""
  sizes = [(height, width)]
  while max(sizes[-1]) > 4:
    sizes.append(tuple((side + 1) // 2 for side in sizes[-1]))
  return sizes


class DcganGenerator(nn.Module):
  """z [B, dim] -> images [B, H, W, C] in (-1, 1).

  shape: of an image. width: channels before the last layer. growth: how many times as many there are on each rung below
  (1 in an ablation of WGAN's paper). output: what the last layer goes through.
  """

  shape: tuple[int, int, int]
  width: int = 64
  kernel_size: tuple[int, int] = (5, 5)
  growth: int = 2
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.BatchNorm
  activation: Callable = jax.nn.relu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    sizes = ladder(*self.shape[:2])[::-1]
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    channels = [self.width * self.growth**i for i in range(len(sizes) - 1)][::-1]
    h = dense(sizes[0][0] * sizes[0][1] * channels[0])(z).reshape((-1, *sizes[0], channels[0]))
    h = self.activation(self.norm()(h, label, train=train))
    for (height, width), features in zip(sizes[1:-1], channels[1:], strict=True):
      h = conv(features, self.kernel_size, op=DOUBLE)(h)[:, :height, :width]
      h = self.activation(self.norm()(h, label, train=train))
    h = conv(self.shape[-1], self.kernel_size, op=DOUBLE, dtype=None)(layers.full(h))
    return self.output(h[:, : self.shape[0], : self.shape[1]])


class DcganCritic(nn.Module):
  """images [B, H, W, C] -> logits [B], or what `head` makes; no norm at the input.

  width: channels of the first layer. growth: how many times as many each further one has.
  """

  width: int = 64
  kernel_size: tuple[int, int] = (5, 5)
  growth: int = 2
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = layers.leaky_relu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    h = self.activation(conv(self.width, self.kernel_size, op=HALVE)(x))
    for i in range(1, len(ladder(*x.shape[1:3])) - 1):
      h = conv(self.width * self.growth**i, self.kernel_size, op=HALVE)(h)
      h = self.activation(self.norm()(h, label, train=train))
    return self.head(dense)(h.reshape((h.shape[0], -1)), label, train=train)
