"""The residual pair with which WGAN-GP draws 64x64 pixels: four blocks between images and maps of 4x4.

Gulrajani et al., https://arxiv.org/abs/1704.00028, figure 1, as its gan_64x64.py has it. Unlike resnet.py's critics,
this one begins with a plain convolution, halves its maps in every block, pools nothing and ends without a ReLU.
"""

import functools
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.blocks import RESIDUAL_INIT, SHORTCUT_INIT, DownBlock, UpBlock
from wgan_jax.networks.resnet import rematerialized

UP, DOWN = (8, 8, 4, 2, 1), (1, 2, 4, 8, 8)  # channels before the first block and after each, in multiples of `width`
REDUCTION = 16  # of the sides, from an image to the smallest maps


class Resnet64Generator(nn.Module):
  """z [B, dim] -> images [B, H, W, C] in (-1, 1), H and W divisible by 16.

  shape: of an image. width: channels before the last layer (64). remat: whether blocks are computed anew in the
  backward pass. output: what the last layer goes through.
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
    first, *channels = (multiple * self.width for multiple in UP)
    height, width = (side // REDUCTION for side in self.shape[:2])
    h = dense(height * width * first)(z).reshape((-1, height, width, first))
    block = rematerialized(UpBlock, self.remat)
    for features in channels:
      h = block(features, conv, self.norm, train, self.activation, inner_bias=False)(h, label)
    # Without a label: the last norm is the same for all classes.
    h = self.activation(self.norm()(h, train=train))
    return self.output(conv(self.shape[-1], kernel_init=RESIDUAL_INIT, dtype=None)(layers.full(h)))


class Resnet64Critic(nn.Module):
  """images [B, H, W, C] -> logits [B], or what `head` makes; H and W divisible by 16.

  width: channels of the first layer. remat: as in the generator.
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
    first, *channels = (multiple * self.width for multiple in DOWN)
    h = conv(first, kernel_init=SHORTCUT_INIT)(x)
    block = rematerialized(DownBlock, self.remat)
    for features in channels:
      h = block(features, conv, self.norm, train, self.activation, wide=False, inner_bias=False)(h, label)
    return self.head(dense)(h.reshape((h.shape[0], -1)), label, train=train)
