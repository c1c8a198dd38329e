"""Multi-layer perceptrons for points and small images.

The toy networks of the WGAN-GP authors: ReLU, He-initialised (normal, theirs being uniform of the same variance),
https://github.com/igul222/improved_wgan_training (gan_toy.py).
"""

import functools
import math
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import layers, norms

HIDDEN_INIT = nn.initializers.he_normal()


class MlpGenerator(nn.Module):
  """z [B, dim] -> samples [B, *shape]; images end in tanh, points are left as they come.

  shape: of one sample. width, depth: of the hidden layers.
  """

  shape: tuple[int, ...]
  width: int = 512
  depth: int = 3
  dense: Callable = layers.Dense
  norm: Callable = norms.NoNorm

  @nn.compact
  def __call__(self, z, label=None, *, train):
    dense, norm = functools.partial(self.dense, train=train), lambda h: self.norm()(h, label, train=train)
    h = _hidden(dense, norm, z, self.width, self.depth)
    h = dense(math.prod(self.shape))(h).reshape((z.shape[0], *self.shape))
    return jax.nn.tanh(h) if len(self.shape) == 3 else h


class MlpCritic(nn.Module):
  """samples [B, ...] -> logits [B]. width, depth: of the hidden layers."""

  width: int = 512
  depth: int = 3
  dense: Callable = layers.Dense
  norm: Callable = norms.NoNorm

  @nn.compact
  def __call__(self, x, label=None, *, train):
    dense, norm = functools.partial(self.dense, train=train), lambda h: self.norm()(h, label, train=train)
    h = _hidden(dense, norm, x.reshape((x.shape[0], -1)), self.width, self.depth)
    return dense(1)(h)[:, 0]


def _hidden(dense, norm, h, width, depth):
  for _ in range(depth):
    h = jax.nn.relu(norm(dense(width, kernel_init=HIDDEN_INIT)(h)))
  return h
