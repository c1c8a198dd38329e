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


class LayerNorm(nn.Module):
  """Layer normalisation over all axes but the batch, scale and shift per channel: WGAN-GP's norm for critics.

  Gulrajani et al., "Improved Training of Wasserstein GANs", section 4, https://arxiv.org/abs/1704.00028.
  """

  @nn.compact
  def __call__(self, h, label=None, *, train):
    del label, train
    return nn.LayerNorm(epsilon=1e-5, reduction_axes=tuple(range(1, h.ndim)), feature_axes=-1)(h)
