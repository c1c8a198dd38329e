"""Layers that own one kernel, which a reparameterisation may replace by another of its shape.

The kernel's last axis is always the output's, [..., out], transposed convolutions included. `train` is a field, so that
a network says it once: `conv = functools.partial(self.conv, train=train)`.
"""

from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks.convolution import convolve

Reparameterize = Callable[..., jax.Array]  # (module, kernel, *, train) -> kernel


def as_it_is(module: nn.Module, kernel: jax.Array, *, train: bool) -> jax.Array:
  """No reparameterisation."""
  del module, train
  return kernel


class Dense(nn.Module):
  """x [B, in] -> [B, features]."""

  features: int
  use_bias: bool = True
  kernel_init: Callable = nn.initializers.lecun_normal()
  reparameterize: Reparameterize = as_it_is
  train: bool = True

  @nn.compact
  def __call__(self, x):
    kernel = self.param('kernel', self.kernel_init, (x.shape[-1], self.features))
    return _add_bias(self, x @ self.reparameterize(self, kernel, train=self.train))


class Conv(nn.Module):
  """x [B, H, W, in] -> [B, H', W', features].

  op: (x, kernel [h, w, in, out]) -> y, one of convolution.py's: plain, strided, transposed, pooled or upsampled.
  """

  features: int
  kernel_size: tuple[int, int] = (3, 3)
  op: Callable = convolve
  use_bias: bool = True
  kernel_init: Callable = nn.initializers.lecun_normal()
  reparameterize: Reparameterize = as_it_is
  train: bool = True

  @nn.compact
  def __call__(self, x):
    kernel = self.param('kernel', self.kernel_init, (*self.kernel_size, x.shape[-1], self.features))
    return _add_bias(self, self.op(x, self.reparameterize(self, kernel, train=self.train)))


class Embed(nn.Module):
  """labels [B] of `n` kinds -> [B, features]."""

  n: int
  features: int
  kernel_init: Callable = nn.initializers.normal(1.0)
  reparameterize: Reparameterize = as_it_is
  train: bool = True

  @nn.compact
  def __call__(self, label):
    kernel = self.param('kernel', self.kernel_init, (self.n, self.features))
    return self.reparameterize(self, kernel, train=self.train)[label]


def bounded(x: jax.Array) -> jax.Array:
  """Images [B, H, W, C] through tanh into (-1, 1); anything else as it comes."""
  return jax.nn.tanh(x) if x.ndim == 4 else x


def _add_bias(module, y):
  if not module.use_bias:
    return y
  bias = module.param('bias', nn.initializers.zeros, (module.features,))
  return y + bias.reshape((1,) * (y.ndim - 1) + (-1,))
