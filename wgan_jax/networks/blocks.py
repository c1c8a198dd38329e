"""Residual blocks: pre-activation, resampled by the convolution next to the resampling.

Gulrajani et al., https://arxiv.org/abs/1704.00028, appendix C; He et al., https://arxiv.org/abs/1603.05027. Where a
mean pooling or a nearest-neighbour upsampling stands beside a convolution, the two are computed as one, exactly.
"""

from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks.convolution import convolve, convolve_mean_pool, upsample_convolve

# Glorot's variance doubled on the convolutions of the residual branch, plain on the shortcuts, as both papers' codes.
RESIDUAL_INIT = nn.initializers.variance_scaling(2.0, 'fan_avg', 'uniform')
SHORTCUT_INIT = nn.initializers.glorot_uniform()


class PlainBlock(nn.Module):
  """[B, H, W, in] -> the same shape; resampling blocks differ in the operations of their three convolutions.

  first, second: of the residual branch. shortcut: of the other one, None for x itself, which then has `width` channels.
  """

  width: int
  conv: Callable
  norm: Callable
  first: Callable = convolve
  second: Callable = convolve
  shortcut: Callable | None = None

  @nn.compact
  def __call__(self, x, label=None, *, train):
    h = jax.nn.relu(self.norm()(x, label, train=train))
    h = self.conv(self.width, op=self.first, kernel_init=RESIDUAL_INIT)(h)
    h = jax.nn.relu(self.norm()(h, label, train=train))
    h = self.conv(self.width, op=self.second, kernel_init=RESIDUAL_INIT)(h)
    return h + (self.conv(self.width, (1, 1), op=self.shortcut, kernel_init=SHORTCUT_INIT)(x) if self.shortcut else x)


class UpBlock(PlainBlock):
  """[B, H, W, in] -> [B, 2H, 2W, width]."""

  first: Callable = upsample_convolve
  shortcut: Callable | None = upsample_convolve


class DownBlock(PlainBlock):
  """[B, H, W, in] -> [B, H / 2, W / 2, width]."""

  second: Callable = convolve_mean_pool
  shortcut: Callable | None = convolve_mean_pool


class FirstBlock(nn.Module):
  """images [B, H, W, C] -> [B, H / 2, W / 2, width]; nothing comes before the first convolution."""

  width: int
  conv: Callable

  @nn.compact
  def __call__(self, x):
    h = jax.nn.relu(self.conv(self.width, kernel_init=RESIDUAL_INIT)(x))
    h = self.conv(self.width, op=convolve_mean_pool, kernel_init=RESIDUAL_INIT)(h)
    return h + self.conv(self.width, (1, 1), op=convolve_mean_pool, kernel_init=SHORTCUT_INIT)(x)
