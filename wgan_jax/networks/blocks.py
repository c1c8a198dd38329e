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


class Block(nn.Module):
  """[B, H, W, in] -> [B, H', W', width]; resampling blocks differ in the operations of their three convolutions.

  `train` is a field, so that a block can be rematerialised.

  wide: whether the channels between the two convolutions are already those of the output (BigGAN's critic, and every
    generator) or still those of the input (SN-GAN's critic).
  inner_bias: whether the first convolution has a bias where the others have.
  first, second: what the convolutions of the residual branch do. shortcut: what that of the other one does, which is
    left out where it would change neither size nor channels.
  """

  width: int
  conv: Callable
  norm: Callable
  train: bool
  activation: Callable = jax.nn.relu
  wide: bool = True
  inner_bias: bool = True
  first: Callable = convolve
  second: Callable = convolve
  shortcut: Callable = convolve

  @nn.compact
  def __call__(self, x, label=None):
    hidden = self.width if self.wide else x.shape[-1]
    without = {} if self.inner_bias else {'use_bias': False}
    h = self.activation(self.norm()(x, label, train=self.train))
    h = self.conv(hidden, op=self.first, kernel_init=RESIDUAL_INIT, **without)(h)
    h = self.activation(self.norm()(h, label, train=self.train))
    h = self.conv(self.width, op=self.second, kernel_init=RESIDUAL_INIT)(h)
    if self.shortcut is convolve and x.shape[-1] == self.width:
      return h + x
    return h + self.conv(self.width, (1, 1), op=self.shortcut, kernel_init=SHORTCUT_INIT)(x)


class UpBlock(Block):
  """[B, H, W, in] -> [B, 2H, 2W, width]."""

  first: Callable = upsample_convolve
  shortcut: Callable = upsample_convolve


class DownBlock(Block):
  """[B, H, W, in] -> [B, H / 2, W / 2, width]."""

  second: Callable = convolve_mean_pool
  shortcut: Callable = convolve_mean_pool


class FirstBlock(nn.Module):
  """images [B, H, W, C] -> [B, H / 2, W / 2, width]; nothing comes before the first convolution."""

  width: int
  conv: Callable
  activation: Callable = jax.nn.relu

  @nn.compact
  def __call__(self, x):
    h = self.activation(self.conv(self.width, kernel_init=RESIDUAL_INIT)(x))
    h = self.conv(self.width, op=convolve_mean_pool, kernel_init=RESIDUAL_INIT)(h)
    return h + self.conv(self.width, (1, 1), op=convolve_mean_pool, kernel_init=SHORTCUT_INIT)(x)
