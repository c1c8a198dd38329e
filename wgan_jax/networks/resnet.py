"""The residual pair of WGAN-GP, SN-GAN, SAGAN and BigGAN: one topology, by plans of different levels.

Gulrajani et al., https://arxiv.org/abs/1704.00028, appendix C (gan_cifar_resnet.py); Miyato et al.,
https://arxiv.org/abs/1802.05957, appendix B.4; Zhang et al., https://arxiv.org/abs/1805.08318; Brock et al.,
https://arxiv.org/abs/1809.11096, appendix B. They differ in channels, pooling, where attention is, what is done to
kernels, and what norms are told.
"""

import functools
from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.attention import SelfAttention
from wgan_jax.networks.blocks import Block, DownBlock, FirstBlock, UpBlock
from wgan_jax.networks.plans import SNGAN, Plan


def mean_pool(h: jax.Array) -> jax.Array:
  """[B, H, W, C] -> [B, C]: WGAN-GP's last pooling."""
  return jnp.mean(layers.full(h), axis=(1, 2))


def sum_pool(h: jax.Array) -> jax.Array:
  """[B, H, W, C] -> [B, C]: SN-GAN's last pooling."""
  return jnp.sum(layers.full(h), axis=(1, 2))


def in_chunks(z: jax.Array, label: jax.Array | None, n: int) -> tuple[jax.Array, list[jax.Array]]:
  """BigGAN's skip-z: z [B, dim] in 1 + n chunks, the first for the first layer, each other for a block.

  Returns:
    the first [B, dim / (1 + n)], and for each block the label's embedding [B, D], if there is one, beside its chunk.
  """
  first, *rest = jnp.split(z, n + 1, axis=1)
  return first, rest if label is None else [jnp.concatenate([label, chunk], axis=1) for chunk in rest]


class ResnetGenerator(nn.Module):
  """z [B, dim] -> images [B, H, W, C] in (-1, 1), H and W divisible by 2^doublings of the plan.

  shape: of an image. width: channels that the plan counts in. attention: side of the feature map that looks at itself,
  0 for none. skip: whether z goes to every block in chunks, dim being divisible by 1 + doublings. remat: whether blocks
  are computed anew in the backward pass, instead of being kept. output: what the last layer goes through.
  """

  shape: tuple[int, int, int]
  width: int = 128
  plan: Plan = SNGAN[32]
  attention: int = 0
  skip: bool = False
  remat: bool = False
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.BatchNorm
  activation: Callable = jax.nn.relu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    channels, n = [multiple * self.width for multiple in self.plan.generator], self.plan.doublings
    z, conditions = in_chunks(z, label, n) if self.skip else (z, [label] * n)
    height, width = (side // 2**n for side in self.shape[:2])
    h = dense(height * width * channels[0])(z).reshape((-1, height, width, channels[0]))
    block = rematerialized(UpBlock, self.remat)
    for i, (features, condition) in enumerate(zip(channels[1:], conditions, strict=True)):
      h = block(features, conv, self.norm, train, self.activation, name=f'block{i}')(h, condition)
      if max(h.shape[1:3]) == self.attention:
        h = SelfAttention(conv)(h)
    # Without a label: the last norm is the same for all classes.
    h = self.activation(self.norm()(h, train=train))
    return self.output(conv(self.shape[-1], dtype=None)(layers.full(h)))


class ResnetCritic(nn.Module):
  """images [B, H, W, C] -> logits [B], or what `head` makes; H and W divisible by 2^halvings of the plan.

  width: channels that the plan counts in. wide: as in blocks. pool: [B, H, W, C] -> [B, C] before the last layer.
  attention, remat: as in the generator.
  """

  width: int = 128
  pool: Callable = mean_pool
  plan: Plan = SNGAN[32]
  wide: bool = False
  attention: int = 0
  remat: bool = False
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = jax.nn.relu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    channels = [multiple * self.width for multiple in self.plan.critic]
    h = rematerialized(FirstBlock, self.remat)(channels[0], conv, self.activation, name='block0')(x)
    for i, features in enumerate(channels):
      if i:
        block = rematerialized(DownBlock if i < self.plan.halvings else Block, self.remat)
        h = block(features, conv, self.norm, train, self.activation, self.wide, name=f'block{i}')(h, label)
      if max(h.shape[1:3]) == self.attention and i < self.plan.halvings:
        h = SelfAttention(conv)(h)
    return self.head(dense)(self.pool(self.activation(h)), label, train=train)


def rematerialized(block: type[nn.Module], remat: bool) -> type[nn.Module]:
  """The block, computed anew in the backward pass where that is wanted: less memory, a third more work."""
  return nn.remat(block) if remat else block
