"""What a critic makes of its features in the end: one signature, `(features [B, D], label, *, train)`.

A critic is given a head as a constructor, called with the critic's own kind of dense layer; heads compute in float32
whatever the critic computes in. Games that want more of a critic than a logit hold the parts that follow its features
as networks of their own.
"""

from collections.abc import Callable

import flax.linen as nn
import jax.numpy as jnp

from wgan_jax.networks import layers


class Head(nn.Module):
  """What every head is made of.

  dense: a constructor of dense layers, with `train` said.
  """

  dense: Callable = layers.Dense


class Logit(Head):
  """One number for each sample, [B]."""

  @nn.compact
  def __call__(self, features, label=None, *, train):
    del label, train
    return self.dense(1, dtype=None)(layers.full(features))[:, 0]


class Vector(Head):
  """`size` numbers for each sample, [B, size]: codes, statistics, features of a kernel."""

  size: int = 1

  @nn.compact
  def __call__(self, features, label=None, *, train):
    del label, train
    return self.dense(self.size, dtype=None)(layers.full(features))


class Projection(Head):
  """A logit that knows the class: w . features + embedding(label) . features, [B].

  Miyato & Koyama, "cGANs with Projection Discriminator", Eq. 4, https://arxiv.org/abs/1802.05637.

  embed: a constructor of the embedding, called with its size.
  """

  embed: Callable = layers.Embed

  @nn.compact
  def __call__(self, features, label=None, *, train):
    features = layers.full(features)
    embedded = self.embed(features=features.shape[-1], train=train)(label)
    return self.dense(1, dtype=None)(features)[:, 0] + jnp.sum(embedded * features, axis=1)


class InnerProduct(Head):
  """A logit of the pair alone: (W features) . embedding(label), [B].

  The discriminator's of Huang et al., https://arxiv.org/abs/2501.05441, for conditional data: W is [D, D], and there is
  no term without the label. An embedding begins so that the products have the variance of W features over the classes.

  embed: a constructor of the embedding, called with its size.
  """

  embed: Callable = layers.Embed

  @nn.compact
  def __call__(self, features, label=None, *, train):
    features = self.dense(features.shape[-1], dtype=None)(layers.full(features))
    init = nn.initializers.variance_scaling(1 / features.shape[-1], 'fan_in', 'normal')
    return jnp.sum(features * self.embed(features=features.shape[-1], kernel_init=init, train=train)(label), axis=1)


class WithFeatures(Head):
  """A logit and what it is made of: ([B], [B, D])."""

  logit: Callable = Logit

  @nn.compact
  def __call__(self, features, label=None, *, train):
    return self.logit(self.dense)(features, label, train=train), layers.full(features)
