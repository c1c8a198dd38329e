"""Normalisation layers with one signature, `(h, label, *, train)`, so that a network never asks which one it holds."""

from collections.abc import Callable

import flax.linen as nn


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

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label
    norm = nn.BatchNorm(not train, momentum=0.9, epsilon=1e-5, axis_name=self.axis_name, scale_init=self.scale_init)
    return norm(h)


class ConditionalBatchNorm(nn.Module):
  """Batch normalisation whose scale and shift are looked up by the label, one pair for each class and channel.

  de Vries et al., "Modulating early visual processing by language", https://arxiv.org/abs/1707.00683; for generators
  Miyato & Koyama, "cGANs with Projection Discriminator", appendix, https://arxiv.org/abs/1802.05637.

  classes: kinds of labels.
  """

  classes: int
  axis_name: str | None = None
  scale_init: Callable = nn.initializers.ones

  @nn.compact
  def __call__(self, h, label=None, *, train):
    shape = (self.classes, h.shape[-1])
    scale, shift = self.param('scale', self.scale_init, shape), self.param('bias', nn.initializers.zeros, shape)
    norm = nn.BatchNorm(
      not train, momentum=0.9, epsilon=1e-5, axis_name=self.axis_name, use_bias=False, use_scale=False
    )
    scale, shift = (x[label].reshape((h.shape[0],) + (1,) * (h.ndim - 2) + (-1,)) for x in (scale, shift))
    return norm(h) * scale + shift


class InstanceNorm(nn.Module):
  """Every channel of every image on its own over its pixels, with no scale and no shift: [B, H, W, C] -> the same.

  Ulyanov et al., "Instance Normalization", https://arxiv.org/abs/1607.08022; CycleGAN's norm.
  """

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    return nn.LayerNorm(epsilon=1e-5, use_bias=False, use_scale=False, reduction_axes=(1, 2), feature_axes=-1)(h)


class LayerNorm(nn.Module):
  """Layer normalisation over all axes but the batch, scale and shift per channel: WGAN-GP's norm for critics.

  Gulrajani et al., "Improved Training of Wasserstein GANs", section 4, https://arxiv.org/abs/1704.00028.
  """

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    return nn.LayerNorm(epsilon=1e-5, reduction_axes=tuple(range(1, h.ndim)), feature_axes=-1)(h)
