"""The pair of InfoGAN for MNIST, which "Are GANs Created Equal?" gives to every GAN it compares.

Chen et al., https://arxiv.org/abs/1606.03657, appendix C.1; Lucic et al., https://arxiv.org/abs/1711.10337, with the
leaky ReLU in both networks. Two strided convolutions and two dense layers; sides are multiples of 4.
"""

import functools
from collections.abc import Callable

import flax.linen as nn

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.dcgan import DOUBLE, HALVE


class InfoganGenerator(nn.Module):
  """z [B, dim] -> images [B, H, W, C] in (-1, 1).

  shape: of an image. width: channels before the last layer (64); twice as many before, and 16 times in the first layer.
  """

  shape: tuple[int, int, int]
  width: int = 64
  kernel_size: tuple[int, int] = (4, 4)
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.BatchNorm
  activation: Callable = layers.leaky_relu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    height, width = self.shape[0] // 4, self.shape[1] // 4

    def activate(h):
      return self.activation(self.norm()(h, label, train=train))

    h = activate(dense(16 * self.width)(z))
    h = activate(dense(height * width * 2 * self.width)(h)).reshape((len(z), height, width, -1))
    h = activate(conv(self.width, self.kernel_size, op=DOUBLE)(h))
    return self.output(conv(self.shape[-1], self.kernel_size, op=DOUBLE, dtype=None)(layers.full(h)))


class InfoganCritic(nn.Module):
  """images [B, H, W, C] -> logits [B], or what `head` makes of the 16 * width features."""

  width: int = 64
  kernel_size: tuple[int, int] = (4, 4)
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = layers.leaky_relu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)

    def activate(h):
      return self.activation(self.norm()(h, label, train=train))

    h = self.activation(conv(self.width, self.kernel_size, op=HALVE)(x))
    h = activate(conv(2 * self.width, self.kernel_size, op=HALVE)(h))
    h = activate(dense(16 * self.width)(h.reshape((h.shape[0], -1))))
    return self.head(dense)(h, label, train=train)
