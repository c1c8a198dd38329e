"""Equalised learning rate: kernels are kept at variance 1, and scaled to He's when they are used.

Adam's steps are then as large, relative to the kernel's size, in every layer. Karras et al., "Progressive Growing of
GANs", section 4.1, https://arxiv.org/abs/1710.10196.
"""

import functools
import math
from collections.abc import Callable

import flax.linen as nn
import jax

from wgan_jax.networks import inits

LINEAR = inits.He(1.0)


def equalized(layer: Callable) -> Callable:
  """The constructor of layers of such a kind, kernels [..., out], whose learning rate is equalised.

  A layer's initialiser becomes N(0, 1) and its gain goes into the factor: that of `inits.He`, the square root of 2 of
  any other, 1 where none is said.
  """

  def make(*args, kernel_init: Callable = LINEAR, **options):
    gain = kernel_init.gain if isinstance(kernel_init, inits.He) else inits.He().gain
    scale = functools.partial(scaled, gain=gain)
    return layer(*args, kernel_init=nn.initializers.normal(1.0), reparameterize=scale, **options)

  return make


def scaled(module: nn.Module, kernel: jax.Array, *, train: bool, gain: float) -> jax.Array:
  """gain / sqrt(fan_in) * kernel, fan_in being the product of all axes but the last."""
  del module, train
  return kernel * (gain / math.sqrt(math.prod(kernel.shape[:-1])))
