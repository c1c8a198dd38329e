"""The blocks that Inception v3 is made of: branches side by side, whose channels follow one another in the output.

The letters are torchvision's. All take and give [B, H, W, C].
"""

import flax.linen as nn
import jax.numpy as jnp

from wgan_jax.metrics.features.inception_layers import conv, heads, max_pool, max_pool_same


class A(nn.Module):
  """Mixed_5b to 5d, 35x35. -> 64 + 64 + 96 + pool_features channels."""

  pool_features: int

  @nn.compact
  def __call__(self, x):
    one, five, three, pool = heads(x, branch1x1=64, branch5x5_1=48, branch3x3dbl_1=64, branch_pool=self.pool_features)
    five = conv(five, 'branch5x5_2', 64, (5, 5))
    three = conv(conv(three, 'branch3x3dbl_2', 96), 'branch3x3dbl_3', 96)
    return jnp.concatenate([one, five, three, pool], axis=3)


class B(nn.Module):
  """Mixed_6a, 35x35 -> 17x17. -> 384 + 96 channels and those that came."""

  @nn.compact
  def __call__(self, x):
    three = conv(x, 'branch3x3', 384, stride=2, padding='VALID')
    double = conv(conv(x, 'branch3x3dbl_1', 64, (1, 1)), 'branch3x3dbl_2', 96)
    double = conv(double, 'branch3x3dbl_3', 96, stride=2, padding='VALID')
    return jnp.concatenate([three, double, max_pool(x)], axis=3)


class C(nn.Module):
  """Mixed_6b to 6e, 17x17: windows of 7x7 as a row and a column, of `channels`. -> 4 x 192 channels."""

  channels: int

  @nn.compact
  def __call__(self, x):
    n, row, column = self.channels, (1, 7), (7, 1)
    one, seven, double, pool = heads(x, branch1x1=192, branch7x7_1=n, branch7x7dbl_1=n, branch_pool=192)
    seven = conv(conv(seven, 'branch7x7_2', n, row), 'branch7x7_3', 192, column)
    double = conv(conv(double, 'branch7x7dbl_2', n, column), 'branch7x7dbl_3', n, row)
    double = conv(conv(double, 'branch7x7dbl_4', n, column), 'branch7x7dbl_5', 192, row)
    return jnp.concatenate([one, seven, double, pool], axis=3)


class D(nn.Module):
  """Mixed_7a, 17x17 -> 8x8. -> 320 + 192 channels and those that came."""

  @nn.compact
  def __call__(self, x):
    three, seven = heads(x, branch3x3_1=192, branch7x7x3_1=192)
    three = conv(three, 'branch3x3_2', 320, stride=2, padding='VALID')
    seven = conv(conv(seven, 'branch7x7x3_2', 192, (1, 7)), 'branch7x7x3_3', 192, (7, 1))
    seven = conv(seven, 'branch7x7x3_4', 192, stride=2, padding='VALID')
    return jnp.concatenate([three, seven, max_pool(x)], axis=3)


class E(nn.Module):
  """Mixed_7b and 7c, 8x8. -> 320 + 768 + 768 + 192 channels.

  maxima: whether the pool branch takes maxima. FID's network does in Mixed_7c, where the paper has means.
  """

  maxima: bool = False

  @nn.compact
  def __call__(self, x):
    widths = dict(branch1x1=320, branch3x3_1=384, branch3x3dbl_1=448)
    if self.maxima:
      one, three, double = heads(x, **widths)
      pool = conv(max_pool_same(x), 'branch_pool', 192, (1, 1))
    else:
      one, three, double, pool = heads(x, **widths, branch_pool=192)
    double = conv(double, 'branch3x3dbl_2', 384)
    ways = [
      conv(y, f'{name}{end}', 384, window)
      for y, name in [(three, 'branch3x3_2'), (double, 'branch3x3dbl_3')]
      for end, window in [('a', (1, 3)), ('b', (3, 1))]
    ]
    return jnp.concatenate([one, *ways, pool], axis=3)
