"""The pair of 101 layers with which WGAN-GP showed its robustness: bottlenecks, four of them between sizes.

Gulrajani et al., https://arxiv.org/abs/1704.00028, section 5.1, as its gan_64x64.py has it: 29 bottlenecks and 4 that
resample, of 3 layers each, one layer before them and one after. Unlike He et al., https://arxiv.org/abs/1603.05027,
nothing is normalised but what each branch adds.
"""

import functools
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.blocks import RESIDUAL_INIT, SHORTCUT_INIT
from wgan_jax.networks.convolution import convolve
from wgan_jax.networks.dcgan import DOUBLE, HALVE
from wgan_jax.networks.inits import strided_he
from wgan_jax.networks.resnet import rematerialized

DEPTHS = (6, 6, 6, 6, 5)  # bottlenecks of each size, from the smallest maps to the image's own
CHANNELS = (16, 8, 4, 2, 1)  # of each size, in halves of `width`
REDUCTION = 2 ** (len(DEPTHS) - 1)  # of the sides, from an image to the smallest maps
BRANCH_SCALE, OUTPUT_SCALE = 0.3, 0.2  # of what a bottleneck adds, and of what a network ends in


class Bottleneck(nn.Module):
  """[B, H, W, in] -> [B, H', W', width]: x + 0.3 norm(1x1 of 3x3 of 1x1), an activation before each convolution.

  There are in / 2 channels before the 3x3 and width / 2 after it. `train` is a field, so that a bottleneck can be
  rematerialised. The conditional norm of a network that is told labels is told them here.
  """

  width: int
  conv: Callable
  norm: Callable
  train: bool
  activation: Callable = jax.nn.relu
  spatial: Callable = convolve
  spatial_init: Callable = RESIDUAL_INIT

  @nn.compact
  def __call__(self, x, label=None):
    narrow, wide = ((channels + 1) // 2 for channels in (x.shape[-1], self.width))
    h = self.conv(narrow, (1, 1), kernel_init=RESIDUAL_INIT)(self.activation(x))
    h = self.conv(wide, op=self.spatial, kernel_init=self.spatial_init)(self.activation(h))
    h = self.conv(self.width, (1, 1), use_bias=False, kernel_init=RESIDUAL_INIT)(self.activation(h))
    return self.shortcut(x) + BRANCH_SCALE * self.norm()(h, label, train=self.train)

  def shortcut(self, x):
    """x as it is, `width` being its channels."""
    return x


class UpBottleneck(Bottleneck):
  """[B, H, W, in] -> [B, 2H, 2W, width]; the shortcut computes the four pixels of each as channels of their own."""

  spatial: Callable = DOUBLE
  spatial_init: Callable = strided_he(stride_in=2)

  def shortcut(self, x):
    return depth_to_space(self.conv(4 * self.width, (1, 1), kernel_init=SHORTCUT_INIT)(x))


class DownBottleneck(Bottleneck):
  """[B, H, W, in] -> [B, H / 2, W / 2, width]."""

  spatial: Callable = HALVE
  spatial_init: Callable = strided_he(stride_out=2)

  def shortcut(self, x):
    return self.conv(self.width, (1, 1), op=HALVE, kernel_init=strided_he(stride_out=2, gain=1.0))(x)


def depth_to_space(h: jax.Array) -> jax.Array:
  """[B, H, W, 4C] -> [B, 2H, 2W, C]: C channels each for the upper left, upper right, lower left and lower right."""
  b, height, width, channels = h.shape
  h = h.reshape(b, height, width, 2, 2, channels // 4).transpose(0, 1, 3, 2, 4, 5)
  return h.reshape(b, 2 * height, 2 * width, channels // 4)


class Resnet101Generator(nn.Module):
  """z [B, dim] -> images [B, H, W, C] in (-1, 1), H and W divisible by 16.

  shape: of an image. width: twice the channels at the size of the image, 64 in the paper. remat: whether bottlenecks
  are computed anew in the backward pass. output: what a fifth of the last layer goes through.
  """

  shape: tuple[int, int, int]
  width: int = 64
  remat: bool = False
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.BatchNorm
  activation: Callable = jax.nn.relu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    plain, up = (rematerialized(block, self.remat) for block in (Bottleneck, UpBottleneck))
    height, width = (side // REDUCTION for side in self.shape[:2])
    channels = [multiple * self.width // 2 for multiple in CHANNELS]
    h = dense(height * width * channels[0])(z).reshape((-1, height, width, channels[0]))
    for level, (features, depth) in enumerate(zip(channels, DEPTHS, strict=True)):
      for block in [up] * (level > 0) + [plain] * depth:
        h = block(features, conv, self.norm, train, self.activation)(h, label)
    image = conv(self.shape[-1], (1, 1), kernel_init=SHORTCUT_INIT, dtype=None)(layers.full(h))
    return self.output(OUTPUT_SCALE * image)


class Resnet101Critic(nn.Module):
  """images [B, H, W, C] -> logits [B], or what `head` makes, a fifth of it; H and W divisible by 16.

  width, remat: as in the generator.
  """

  width: int = 64
  remat: bool = False
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.LayerNorm
  activation: Callable = jax.nn.relu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    plain, down = (rematerialized(block, self.remat) for block in (Bottleneck, DownBottleneck))
    channels = [multiple * self.width // 2 for multiple in reversed(CHANNELS)]
    h = conv(channels[0], (1, 1), kernel_init=SHORTCUT_INIT)(x)
    for level, (features, depth) in enumerate(zip(channels, reversed(DEPTHS), strict=True)):
      for block in [down] * (level > 0) + [plain] * depth:
        h = block(features, conv, self.norm, train, self.activation)(h, label)
    found = self.head(dense)(h.reshape((h.shape[0], -1)), label, train=train)
    return jax.tree.map(lambda x: OUTPUT_SCALE * x, found)
