"""Normalisation layers with one signature, `(h, label, *, train)`, so that a network never asks which one it holds.

All compute in float32 and return what they were given the type of.
"""

import math
from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.networks import layers

MOMENTUM = 0.9  # of the moving batch statistics; standing.py undoes it


class NoNorm(nn.Module):
  """The identity."""

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    return h


class BatchNorm(nn.Module):
  """Batch normalisation, synchronised over `axis_name` where that is mapped.

  A critic that is penalised by its gradient must not have it: one sample's logit would depend on the others.
  """

  axis_name: str | None = None
  scale_init: Callable = nn.initializers.ones
  epsilon: float = 1e-5

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label
    return _batch_norm(self, train, scale_init=self.scale_init)(layers.full(h)).astype(h.dtype)


class ConditionalBatchNorm(nn.Module):
  """Batch normalisation whose scale and shift are looked up by the label, one pair for each class and channel.

  Without a label it is plain batch normalisation, e.g. before a generator's last layer.

  de Vries et al., "Modulating early visual processing by language", https://arxiv.org/abs/1707.00683; for generators
  Miyato & Koyama, "cGANs with Projection Discriminator", appendix, https://arxiv.org/abs/1802.05637.

  classes: kinds of labels.
  """

  classes: int
  axis_name: str | None = None
  scale_init: Callable = nn.initializers.ones
  epsilon: float = 1e-5

  @nn.compact
  def __call__(self, h, label=None, *, train):
    if label is None:
      return BatchNorm(self.axis_name, self.scale_init, self.epsilon)(h, train=train)
    shape = (self.classes, h.shape[-1])
    scale, shift = self.param('scale', self.scale_init, shape), self.param('bias', nn.initializers.zeros, shape)
    normalized = _batch_norm(self, train, use_bias=False, use_scale=False)(layers.full(h))
    return _modulate(normalized, layers.look_up(scale, label), layers.look_up(shift, label)).astype(h.dtype)


class ModulatedBatchNorm(nn.Module):
  """Batch normalisation with a scale of 1 + A c and a shift of B c, c [B, D] being told in the label's place.

  Without c it is plain batch normalisation, e.g. before a generator's last layer.
  BigGAN's, for c = [shared embedding, chunk of z]. Brock et al., appendix B, https://arxiv.org/abs/1809.11096.

  dense: a constructor of A and B, called with their size.
  """

  dense: Callable = layers.Dense
  axis_name: str | None = None
  scale_init: Callable = nn.initializers.ones
  epsilon: float = 1e-5

  @nn.compact
  def __call__(self, h, label=None, *, train):
    if label is None:
      return BatchNorm(self.axis_name, self.scale_init, self.epsilon)(h, train=train)
    scale, shift = (
      self.dense(h.shape[-1], use_bias=False, train=train, dtype=None, name=name)(label) for name in ('scale', 'bias')
    )
    normalized = _batch_norm(self, train, use_bias=False, use_scale=False)(layers.full(h))
    return _modulate(normalized, 1 + scale, shift).astype(h.dtype)


class InstanceNorm(nn.Module):
  """Every channel of every image on its own over its pixels, with no scale and no shift: [B, H, W, C] -> the same.

  Ulyanov et al., "Instance Normalization", https://arxiv.org/abs/1607.08022; CycleGAN's norm.
  """

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    norm = nn.LayerNorm(epsilon=1e-5, use_bias=False, use_scale=False, reduction_axes=(1, 2), feature_axes=-1)
    return norm(layers.full(h)).astype(h.dtype)


class LayerNorm(nn.Module):
  """Layer normalisation over all axes but the batch, scale and shift per channel: WGAN-GP's norm for critics.

  Gulrajani et al., "Improved Training of Wasserstein GANs", section 4, https://arxiv.org/abs/1704.00028.
  """

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    norm = nn.LayerNorm(epsilon=1e-5, reduction_axes=tuple(range(1, h.ndim)), feature_axes=-1)
    return norm(layers.full(h)).astype(h.dtype)


class GroupNorm(nn.Module):
  """Normalisation of groups of channels of each sample, scale and shift per channel; fit for penalised critics.

  Wu & He, "Group Normalization", https://arxiv.org/abs/1803.08494.

  groups: how many (32 in the paper), fewer where the channels do not divide into so many.
  """

  groups: int = 32

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    norm = nn.GroupNorm(math.gcd(self.groups, h.shape[-1]), epsilon=1e-5)
    return norm(layers.full(h)).astype(h.dtype)


class PixelNorm(nn.Module):
  """Each pixel's channels divided by their root mean square: [B, ..., C] -> the same.

  Karras et al., "Progressive Growing of GANs", section 4.2, https://arxiv.org/abs/1710.10196.
  """

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    square = jnp.mean(layers.full(h) ** 2, axis=-1, keepdims=True)
    return (layers.full(h) * jax.lax.rsqrt(square + 1e-8)).astype(h.dtype)


def _batch_norm(module, train, **options):
  return nn.BatchNorm(not train, momentum=MOMENTUM, epsilon=module.epsilon, axis_name=module.axis_name, **options)


def _modulate(h, scale, shift):
  """h [B, ..., C] times scale [B, C] plus shift [B, C]."""
  scale, shift = (x.reshape((h.shape[0],) + (1,) * (h.ndim - 2) + (-1,)) for x in (scale, shift))
  return h * scale + shift
