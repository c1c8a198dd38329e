"""Layers that own one kernel, which a reparameterisation may replace by another of its shape.

The kernel's last axis is always the output's, [..., out], transposed convolutions included. `train` is a field, so that
a network says it once: `conv = functools.partial(self.conv, train=train)`.

`dtype` is that of the products, None for the input's own. Kernels, biases and all that a reparameterisation keeps stay
in float32 whatever it is; a network ends in `full`, so that losses, samples and statistics never see less.
"""

from collections.abc import Callable
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp

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
  dtype: Any = None

  @nn.compact
  def __call__(self, x):
    kernel = self.param('kernel', self.kernel_init, (x.shape[-1], self.features))
    x, kernel = _in(self.dtype, x, self.reparameterize(self, kernel, train=self.train))
    return _add_bias(self, x @ kernel)


class Conv(nn.Module):
  """x [B, H, W, in] -> [B, H', W', features].

  op: (x, kernel [h, w, in / groups, out]) -> y, one of convolution.py's: plain, strided, transposed, pooled, upsampled
    or, the only one with groups, grouped.
  """

  features: int
  kernel_size: tuple[int, int] = (3, 3)
  op: Callable = convolve
  groups: int = 1
  use_bias: bool = True
  kernel_init: Callable = nn.initializers.lecun_normal()
  reparameterize: Reparameterize = as_it_is
  train: bool = True
  dtype: Any = None

  @nn.compact
  def __call__(self, x):
    kernel = self.param('kernel', self.kernel_init, (*self.kernel_size, x.shape[-1] // self.groups, self.features))
    x, kernel = _in(self.dtype, x, self.reparameterize(self, kernel, train=self.train))
    return _add_bias(self, self.op(x, kernel))


class Embed(nn.Module):
  """labels of `n` kinds -> [B, features]; labels as `look_up` takes them."""

  n: int
  features: int
  kernel_init: Callable = nn.initializers.normal(1.0)
  reparameterize: Reparameterize = as_it_is
  train: bool = True

  @nn.compact
  def __call__(self, label):
    kernel = self.param('kernel', self.kernel_init, (self.n, self.features))
    return look_up(self.reparameterize(self, kernel, train=self.train), label)


def leaky_relu(x: jax.Array) -> jax.Array:
  """max(x, 0.2 x): that of DCGAN's critic, and of most since."""
  return jax.nn.leaky_relu(x, 0.2)


def gated(x: jax.Array) -> jax.Array:
  """sigmoid(a) tanh(b) of neighbouring channels a and b, [..., 2C] -> [..., C]: half of what a layer makes are gates.

  van den Oord et al., "Conditional Image Generation with PixelCNN Decoders", Eq. 2, https://arxiv.org/abs/1606.05328.
  """
  return jax.nn.sigmoid(x[..., ::2]) * jax.nn.tanh(x[..., 1::2])


def look_up(table: jax.Array, label: jax.Array) -> jax.Array:
  """Rows [B, D] of a table [n, D].

  label: [B] int, or mixtures of labels, [B, n] weights, by which one class turns into another.
  """
  return table[label] if label.ndim == 1 else label @ table


def full(x: jax.Array) -> jax.Array:
  """The same in float32, where it was in less."""
  return x.astype(jnp.promote_types(x.dtype, jnp.float32))


def bounded(x: jax.Array) -> jax.Array:
  """Images [B, H, W, C] through tanh into (-1, 1); anything else as it comes."""
  return jax.nn.tanh(full(x)) if x.ndim == 4 else full(x)


def _in(dtype, *arrays):
  return arrays if dtype is None else [x.astype(dtype) for x in arrays]


def _add_bias(module, y):
  if not module.use_bias:
    return y
  bias = module.param('bias', nn.initializers.zeros, (module.features,))
  # In float32, because the bias's gradient sums over the batch and all pixels, and a sum in bfloat16 ends at 512.
  return (full(y) + bias.reshape((1,) * (y.ndim - 1) + (-1,))).astype(y.dtype)
