"""CycleGAN's pair: a residual network from images to images, and a critic of patches.

Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", appendix 7.2,
https://arxiv.org/abs/1703.10593, with a 3x3 in place of the 7x7 first and last kernels and zeros around the image.
"""

import functools
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import layers, norms
from wgan_jax.networks.convolution import convolve
from wgan_jax.networks.dcgan import DOUBLE, HALVE


class TranslatorGenerator(nn.Module):
  """images [B, H, W, C'] -> images [B, H, W, C] in (-1, 1), H and W divisible by 4.

  shape: of an image that comes out. width: channels of the first layer (64 in the paper), four times as many inside.
  depth: residual blocks (6 or 9).
  """

  shape: tuple[int, int, int]
  width: int = 64
  depth: int = 6
  conv: Callable = layers.Conv
  norm: Callable = norms.InstanceNorm
  activation: Callable = jax.nn.relu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    conv = functools.partial(self.conv, train=train)

    def layer(h, features, op=convolve):
      return self.norm()(conv(features, op=op)(h), label, train=train)

    h = z
    for factor, op in ((1, convolve), (2, HALVE), (4, HALVE)):
      h = self.activation(layer(h, factor * self.width, op))
    for _ in range(self.depth):
      h = h + layer(self.activation(layer(h, 4 * self.width)), 4 * self.width)
    for factor in (2, 1):
      h = self.activation(layer(h, factor * self.width, DOUBLE))
    return self.output(conv(self.shape[-1], dtype=None)(layers.full(h)))


class PatchCritic(nn.Module):
  """images [B, H, W, C] -> logits [B, H', W'], one for each of many overlapping patches.

  Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", section 3.2.2,
  https://arxiv.org/abs/1611.07004.
  width: channels of the first layer (64), then doubling. depth: halvings (3).
  """

  width: int = 64
  depth: int = 3
  kernel_size: tuple[int, int] = (4, 4)
  conv: Callable = layers.Conv
  norm: Callable = norms.InstanceNorm
  activation: Callable = layers.leaky_relu

  @nn.compact
  def __call__(self, x, label=None, *, train):
    conv = functools.partial(self.conv, train=train)
    h = x
    for level in range(self.depth):
      h = conv(self.width * 2**level, self.kernel_size, op=HALVE)(h)
      h = self.activation(self.norm()(h, label, train=train) if level else h)
    return layers.full(conv(1)(h)[..., 0])
