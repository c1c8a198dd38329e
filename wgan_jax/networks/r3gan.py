"""R3GAN's pair: grouped bottlenecks without normalisation, interpolation between them, learned bases at the ends.

Huang et al., "The GAN is dead; long live the GAN! A Modern GAN Baseline", section 4 (config E) and appendix,
https://arxiv.org/abs/2501.05441; widths by resolution as in the authors' code, https://github.com/brownvc/R3GAN. The
critic is the generator turned around. Levels go down to 4x4 pixels where sides are powers of two; they all have the
same channels up to 32 pixels, and half as many for each doubling beyond.
"""

import functools
import math
from collections.abc import Callable

import flax.linen as nn
import jax.numpy as jnp

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.convolution import convolve_grouped
from wgan_jax.networks.resampling import interpolate_down, interpolate_up
from wgan_jax.networks.resnet import rematerialized

EXPANSION = 2  # of channels inside a block
GROUP = 16  # channels, at most; 768 expanded channels are 96 groups
SLOPE = 0.2  # of the leaky ReLU that the weights begin for


def halvings(height: int, width: int) -> int:
  """How often an image is halved: while both sides are even and 8 or more."""
  times = 0
  while all(side % 2 ** (times + 1) == 0 and side // 2**times >= 8 for side in (height, width)):
    times += 1
  return times


class Bottleneck(nn.Module):
  """[B, H, W, C] -> the same: 1x1, grouped 3x3 and 1x1 convolution beside the identity, at which it begins.

  blocks: of the whole network, by which its weights are scaled: with m = 3 layers to a branch, L blocks make the
    branch's first two smaller by L^(-1 / (2 m - 2)), and the last begins at zero, as Zhang et al., "Fixup
    Initialization", https://arxiv.org/abs/1901.09321.
  """

  blocks: int
  conv: Callable
  norm: Callable
  train: bool
  activation: Callable = layers.leaky_relu

  @nn.compact
  def __call__(self, x, label=None):
    features = EXPANSION * x.shape[-1]
    init = _normal(math.sqrt(2 / (1 + SLOPE**2)) * self.blocks ** (-1 / 4))
    grouped = {'op': convolve_grouped, 'groups': features // math.gcd(features, GROUP)}
    h = x
    for options in ({'kernel_size': (1, 1)}, grouped):
      h = self.conv(features, kernel_init=init, **options)(h)
      h = self.activation(self.norm()(h, label, train=self.train))
    return x + self.conv(x.shape[-1], (1, 1), use_bias=False, kernel_init=nn.initializers.zeros)(h)


class Level(nn.Module):
  """[B, H, W, C] -> the same: the blocks of one resolution.

  depth: how many. blocks: of the whole network. remat: whether each is computed anew in the backward pass.
  """

  depth: int
  blocks: int
  remat: bool
  conv: Callable
  norm: Callable
  train: bool
  activation: Callable

  @nn.compact
  def __call__(self, x, label=None):
    block = rematerialized(Bottleneck, self.remat)
    for i in range(self.depth):
      x = block(self.blocks, self.conv, self.norm, self.train, self.activation, name=f'block{i}')(x, label)
    return x


class R3ganGenerator(nn.Module):
  """z [B, dim] -> images [B, H, W, C], not bounded by anything.

  z weighs the channels of one learned image of 4x4 pixels or so.

  shape: of an image. width: channels at 32 pixels and less. depth: blocks to a level. remat: as in resnet.py.
  """

  shape: tuple[int, int, int]
  width: int = 768
  depth: int = 2
  remat: bool = False
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = layers.leaky_relu
  output: Callable = layers.full

  @nn.compact
  def __call__(self, z, label=None, *, train):
    conv, levels = functools.partial(self.conv, train=train), 1 + halvings(*self.shape[:2])
    level = _level(self, levels, conv, train)
    for i in range(levels):
      size = tuple(side // 2 ** (levels - 1 - i) for side in self.shape[:2])
      features = channels(self.width, size)
      if i == 0:
        weights = self.dense(features, use_bias=False, kernel_init=_normal(), train=train)(z)
        basis = self.param('basis', nn.initializers.normal(1.0), (1, *size, features))
        h = (layers.full(weights)[:, None, None, :] * basis).astype(weights.dtype)
      else:
        h = interpolate_up(_to_channels(features, conv, h))
      h = level(name=f'level{i}')(h, label)
    last = conv(self.shape[-1], (1, 1), use_bias=False, kernel_init=_normal(), dtype=None)
    return self.output(last(layers.full(h)))


class R3ganCritic(nn.Module):
  """images [B, H, W, C] -> what `head` makes of the last channels, each weighed over its pixels by a learned image.

  That image is a parameter of its own, which no reparameterisation sees. Fields as in the generator.
  """

  width: int = 768
  depth: int = 2
  remat: bool = False
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = layers.leaky_relu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    conv, levels = functools.partial(self.conv, train=train), 1 + halvings(*x.shape[1:3])
    level = _level(self, levels, conv, train)
    h = conv(channels(self.width, x.shape[1:3]), (1, 1), use_bias=False, kernel_init=_normal())(x)
    for i in range(levels):
      if i:
        h = interpolate_down(h)
        h = _to_channels(channels(self.width, h.shape[1:3]), conv, h)
      h = level(name=f'level{i}')(h, label)
    size = h.shape[1:3]
    basis = self.param('basis', nn.initializers.normal(1 / math.sqrt(math.prod(size))), (*size, h.shape[-1]))
    dense = functools.partial(self.dense, use_bias=False, kernel_init=_normal(), train=train)
    return self.head(dense)(jnp.einsum('bhwc,hwc->bc', layers.full(h), basis), label, train=train)


def channels(width: int, size: tuple[int, int]) -> int:
  """Of a feature map of that size [H, W]."""
  return max(32 * width // max(32, *size), 1)


def _level(network, levels, conv, train):
  """The constructor of a network's levels, of which there are so many."""
  blocks = levels * network.depth
  return functools.partial(Level, network.depth, blocks, network.remat, conv, network.norm, train, network.activation)


def _to_channels(features, conv, h):
  """A 1x1 convolution, where the number of channels has to change."""
  return h if h.shape[-1] == features else conv(features, (1, 1), use_bias=False, kernel_init=_normal())(h)


def _normal(gain=1.0):
  """N(0, gain^2 / inputs)."""
  return nn.initializers.variance_scaling(gain**2, 'fan_in', 'normal')
