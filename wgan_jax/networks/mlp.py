"""Multi-layer perceptrons for points and small images.

The toy networks of the WGAN-GP authors: ReLU, He-initialised (normal, theirs being uniform of the same variance),
https://github.com/igul222/improved_wgan_training (gan_toy.py).
"""

import functools
import math
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import heads, layers, norms

HIDDEN_INIT = nn.initializers.he_normal()


class MlpGenerator(nn.Module):
  """z [B, dim] -> samples [B, *shape].

  shape: of one sample. width, depth: of the hidden layers. output: what the last layer goes through.
  """

  shape: tuple[int, ...]
  width: int = 512
  depth: int = 3
  dense: Callable = layers.Dense
  norm: Callable = norms.NoNorm
  activation: Callable = jax.nn.relu
  output: Callable = layers.bounded

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, norm = functools.partial(self.dense, train=train), lambda h: self.norm()(h, label, train=train)
    h = _hidden(dense, norm, self.activation, z, self.width, self.depth)
    return self.output(dense(math.prod(self.shape), dtype=None)(layers.full(h)).reshape((z.shape[0], *self.shape)))


class MlpCritic(nn.Module):
  """samples [B, ...] -> logits [B], or what `head` makes. width, depth: of the hidden layers."""

  width: int = 512
  depth: int = 3
  dense: Callable = layers.Dense
  norm: Callable = norms.NoNorm
  activation: Callable = jax.nn.relu
  head: Callable = heads.Logit

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, norm = functools.partial(self.dense, train=train), lambda h: self.norm()(h, label, train=train)
    h = _hidden(dense, norm, self.activation, x.reshape((x.shape[0], -1)), self.width, self.depth)
    return self.head(dense)(h, label, train=train)


def _hidden(dense, norm, activation, h, width, depth):
  for _ in range(depth):
    h = activation(norm(dense(width, kernel_init=HIDDEN_INIT)(h)))
  return h
