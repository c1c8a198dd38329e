"""The layers of Inception v3 as FID's network has them: three of its pools are not those of the paper.

Batch normalisation is folded into kernels and biases. Names of layers are torchvision's. Images are [B, H, W, C].

Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", https://arxiv.org/abs/1512.00567.
"""

import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

# Accelerators would round what is multiplied to 8 or 10 bits, which moves an FID.
EXACT = lax.Precision.HIGHEST


def convolve(x: jax.Array, kernel: jax.Array, stride: int = 1, padding: str = 'SAME') -> jax.Array:
  """x [B, H, W, in], kernel [h, w, in, out] -> [B, H', W', out].

  padding: 'SAME' or 'VALID'. stride: 1 for kernels of 1x1, which are products.
  """
  chex.assert_rank([x, kernel], 4)

  if kernel.shape[:2] == (1, 1):
    return jnp.matmul(x, kernel[0, 0], precision=EXACT)
  numbers = dict(dimension_numbers=('NHWC', 'HWIO', 'NHWC'), precision=EXACT)
  return lax.conv_general_dilated(x, kernel, (stride, stride), padding, **numbers)


def max_pool(x: jax.Array, stride: int = 2) -> jax.Array:
  """Maxima of 3x3 pixels, none of them padding. [B, H, W, C] -> [B, (H - 3) // stride + 1, ..., C]."""
  return lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 3, 1), (1, stride, stride, 1), 'VALID')


def max_pool_same(x: jax.Array) -> jax.Array:
  """Maxima of the pixels of a 3x3 window that are in the image. [B, H, W, C] -> the same shape."""
  return lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 3, 1), (1, 1, 1, 1), 'SAME')


def mean_pool_same(x: jax.Array) -> jax.Array:
  """Means of the pixels of a 3x3 window that are in the image: padding does not count. [B, H, W, C] -> the same."""
  inside = [np.convolve(np.ones(side), np.ones(3), 'same') for side in x.shape[1:3]]
  shares = jnp.asarray(1 / np.outer(*inside), x.dtype)[None, :, :, None]
  rows = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
  rows = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
  return (rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) * shares


class Weights(nn.Module):
  """A layer's numbers alone: input channels -> (kernel [*window, in, features], bias [features])."""

  features: int
  window: tuple[int, ...] = (1, 1)

  @nn.compact
  def __call__(self, n_in):
    kernel = self.param('kernel', nn.initializers.lecun_normal(), (*self.window, n_in, self.features))
    return kernel, self.param('bias', nn.initializers.zeros, (self.features,))


def conv(x, name, features, window=(3, 3), stride=1, padding='SAME'):
  """max(convolution + bias, 0), a layer of the module whose method calls it."""
  kernel, bias = Weights(features, window, name=name)(x.shape[-1])
  return _activate(convolve(x, kernel, stride, padding), bias)


def heads(x, **features):
  """The 1x1 layers that read one image, as a single product: [B, H, W, n] of each of name=n, in order.

  That of branch_pool is pooled after the product, which is equal, both being linear, and has fewer channels to pool.
  """
  weights = [Weights(n, name=name)(x.shape[-1]) for name, n in features.items()]
  product = convolve(x, jnp.concatenate([kernel for kernel, _ in weights], axis=3))
  parts = jnp.split(product, np.cumsum(list(features.values()))[:-1], axis=3)
  pools = {'branch_pool': mean_pool_same}
  parts = [pools.get(name, lambda part: part)(part) for name, part in zip(features, parts, strict=True)]
  return [_activate(part, bias) for part, (_, bias) in zip(parts, weights, strict=True)]


def _activate(x, bias):
  return nn.relu(x + bias.reshape(1, 1, 1, -1))
