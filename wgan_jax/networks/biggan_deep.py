"""BigGAN-deep: bottleneck blocks, two for each size, and z told to all of them as a whole.

Brock et al., "Large Scale GAN Training for High Fidelity Natural Image Synthesis", appendix B, tables 7-9,
https://arxiv.org/abs/1809.11096. Shortcuts have no convolution where channels become fewer: the last ones are dropped.
"""

import functools
from collections.abc import Callable, Sequence

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.attention import SelfAttention
from wgan_jax.networks.convolution import convolve, convolve_mean_pool, upsample_convolve
from wgan_jax.networks.plans import BIGGAN_DEEP, Plan
from wgan_jax.networks.resnet import rematerialized, sum_pool

RATIO = 4  # channels outside of a bottleneck to those inside


class Bottleneck(nn.Module):
  """What both kinds have: a branch that is 1 / RATIO as wide inside, and whether they change the size.

  `train` is a field, so that a block can be rematerialised.
  """

  width: int
  conv: Callable
  norm: Callable
  train: bool
  activation: Callable = jax.nn.relu
  resample: bool = False

  def branch(self, x: jax.Array, label: jax.Array | None, hidden: int, ops: Sequence[Callable]) -> jax.Array:
    """Convolutions of 1x1, 3x3, 3x3 and 1x1 with these operations, each after a norm and an activation."""
    for features, size, op in zip((hidden, hidden, hidden, self.width), (1, 3, 3, 1), ops, strict=True):
      x = self.activation(self.norm()(x, label, train=self.train))
      x = self.conv(features, (size, size), op=op)(x)
    return x


class BottleneckUp(Bottleneck):
  """[B, H, W, in] -> [B, H, W, width], or [B, 2H, 2W, width] with `resample`; width at most in."""

  @nn.compact
  def __call__(self, x, label=None):
    first = upsample_convolve if self.resample else convolve
    h = self.branch(x, label, x.shape[-1] // RATIO, [convolve, first, convolve, convolve])
    x = x[..., : self.width]
    return h + (x.repeat(2, axis=1).repeat(2, axis=2) if self.resample else x)


class BottleneckDown(Bottleneck):
  """[B, H, W, in] -> [B, H, W, width], or [B, H / 2, W / 2, width] with `resample`; width at least in."""

  @nn.compact
  def __call__(self, x, label=None):
    last = convolve_mean_pool if self.resample else convolve
    h = self.branch(x, label, self.width // RATIO, [convolve, convolve, convolve, last])
    x = nn.avg_pool(x, (2, 2), (2, 2)) if self.resample else x
    more = self.width - x.shape[-1]
    return h + (jnp.concatenate([x, self.conv(more, (1, 1))(x)], axis=-1) if more else x)


class BigganDeepGenerator(nn.Module):
  """z [B, dim] -> images [B, H, W, C] in (-1, 1), H and W divisible by 2^doublings of the plan.

  shape, width, plan, attention, remat, output: as in resnet.py. skip: whether z goes to every block, beside the label's
  embedding, which goes to the first layer too. depth: blocks of each size.
  """

  shape: tuple[int, int, int]
  width: int = 128
  plan: Plan = BIGGAN_DEEP[128]
  attention: int = 0
  skip: bool = True
  remat: bool = False
  depth: int = 2
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.BatchNorm
  activation: Callable = jax.nn.relu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    if self.skip:
      z = z if label is None else jnp.concatenate([label, z], axis=1)
      label = z
    channels = [multiple * self.width for multiple in self.plan.generator]
    height, width = (side // 2**self.plan.doublings for side in self.shape[:2])
    h = dense(height * width * channels[0])(z).reshape((-1, height, width, channels[0]))
    block = rematerialized(BottleneckUp, self.remat)
    for i, features in enumerate(channels[1:]):
      for j in range(self.depth):
        last = j == self.depth - 1
        make = functools.partial(block, conv=conv, norm=self.norm, train=train, activation=self.activation)
        h = make(features if last else h.shape[-1], resample=last, name=f'block{i}_{j}')(h, label)
      if max(h.shape[1:3]) == self.attention:
        h = SelfAttention(conv)(h)
    h = self.activation(self.norm()(h, train=train))
    return self.output(conv(self.shape[-1], dtype=None)(layers.full(h)))


class BigganDeepCritic(nn.Module):
  """images [B, H, W, C] -> logits [B], or what `head` makes; fields as in resnet.py and above."""

  width: int = 128
  pool: Callable = sum_pool
  plan: Plan = BIGGAN_DEEP[128]
  attention: int = 0
  remat: bool = False
  depth: int = 2
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = jax.nn.relu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    first, *channels = (multiple * self.width for multiple in self.plan.critic)
    h = conv(first)(x)
    for i, features in enumerate(channels):
      for j in range(self.depth):
        halve = j == 0 and i < self.plan.halvings
        block = rematerialized(BottleneckDown, self.remat)
        h = block(features, conv, self.norm, train, self.activation, halve, name=f'block{i}_{j}')(h, label)
      if max(h.shape[1:3]) == self.attention and i < self.plan.halvings:
        h = SelfAttention(conv)(h)
    return self.head(dense)(self.pool(self.activation(h)), label, train=train)
