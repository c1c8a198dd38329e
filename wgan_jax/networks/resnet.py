"""The 32x32 residual pair of WGAN-GP and SN-GAN.

Gulrajani et al., https://arxiv.org/abs/1704.00028, appendix C (gan_cifar_resnet.py), and Miyato et al.,
https://arxiv.org/abs/1802.05957, table 4: one topology, which differs in width, pooling and what is done to kernels.
"""

import functools
from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.blocks import DownBlock, FirstBlock, PlainBlock, UpBlock


def mean_pool(h: jax.Array) -> jax.Array:
  """[B, H, W, C] -> [B, C]: WGAN-GP's last pooling."""
  return jnp.mean(h, axis=(1, 2))


def sum_pool(h: jax.Array) -> jax.Array:
  """[B, H, W, C] -> [B, C]: SN-GAN's last pooling."""
  return jnp.sum(h, axis=(1, 2))


class ResnetGenerator(nn.Module):
  """z [B, dim] -> images [B, H, W, C] in (-1, 1), H and W divisible by 8.

  shape: of an image. width: channels of every block. output: what the last layer goes through.
  """

  shape: tuple[int, int, int]
  width: int = 128
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.BatchNorm
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    height, width = self.shape[0] // 8, self.shape[1] // 8
    h = dense(height * width * self.width)(z).reshape((-1, height, width, self.width))
    for _ in range(3):
      h = UpBlock(self.width, conv, self.norm)(h, label, train=train)
    h = jax.nn.relu(self.norm()(h, label, train=train))
    return self.output(conv(self.shape[-1])(h))


class ResnetCritic(nn.Module):
  """images [B, H, W, C] -> logits [B], or what `head` makes; H and W divisible by 4.

  width: channels of every block. pool: [B, H, W, C] -> [B, C] before the last layer.
  """

  width: int = 128
  pool: Callable = mean_pool
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, conv = functools.partial(self.dense, train=train), functools.partial(self.conv, train=train)
    h = FirstBlock(self.width, conv)(x)
    h = DownBlock(self.width, conv, self.norm)(h, label, train=train)
    for _ in range(2):
      h = PlainBlock(self.width, conv, self.norm)(h, label, train=train)
    return self.head(dense)(self.pool(jax.nn.relu(h)), label, train=train)
