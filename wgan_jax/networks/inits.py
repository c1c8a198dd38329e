"""How weights begin where layers do not choose for themselves."""

import math
from collections.abc import Callable
from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp


def strided_he(stride_in: int = 1, stride_out: int = 1, gain: float = 2.0) -> Callable:
  """Uniform with variance 2 gain / (fan_in + fan_out), fans being counted per pixel of the larger image.

  A halving convolution feeds each output from all taps but each input into a quarter of them; a doubling one the other
  way round. `he_init` of tflib, https://github.com/igul222/improved_wgan_training, for kernels [h, w, in, out].

  Args:
    stride_in: of a transposed convolution. stride_out: of a plain one.
    gain: 2 after a ReLU, which halves the mean square; 1 where there is none, e.g. on a shortcut.
  """

  def init(key: jax.Array, shape: tuple[int, ...], dtype=jnp.float32) -> jax.Array:
    taps = math.prod(shape[:-2])
    fan_in, fan_out = taps * shape[-2] / stride_in**2, taps * shape[-1] / stride_out**2
    limit = math.sqrt(3 * 2 * gain / (fan_in + fan_out))
    return jax.random.uniform(key, shape, dtype, -limit, limit)

  return init


class He(NamedTuple):
  """Normal with variance gain^2 / fan_in, for kernels [..., out]; He et al., https://arxiv.org/abs/1502.01852, Eq. 10.

  gain: the square root of 2 before rectifiers, 1 before nothing.
  """

  gain: float = math.sqrt(2)

  def __call__(self, key: jax.Array, shape: tuple[int, ...], dtype=jnp.float32) -> jax.Array:
    return jax.random.normal(key, shape, dtype) * (self.gain / math.sqrt(math.prod(shape[:-1])))


class Init(NamedTuple):
  """Options of dense, convolutional and embedding layers.

  scale: of batch normalisation's scales. everywhere: whether layers that choose for themselves are overruled.
  """

  dense: dict[str, Callable] = {}
  conv: dict[str, Callable] = {}
  scale: Callable = nn.initializers.ones
  embed: dict[str, Callable] = {}
  everywhere: bool = False


_NORMAL = {'kernel_init': nn.initializers.normal(0.02)}
_GLOROT = {'kernel_init': nn.initializers.glorot_uniform()}
_ORTHOGONAL = {'kernel_init': nn.initializers.orthogonal()}

DCGAN = Init(_NORMAL, _NORMAL, lambda *args: 1 + nn.initializers.normal(0.02)(*args))
GLOROT = Init(_GLOROT, _GLOROT)
# BigGAN's: of a kernel as [taps * in, out] the columns are orthonormal, or the rows where those are fewer. So are those
# of PyTorch's orthogonal_, but for transposed convolutions, whose kernels it takes for [in, out * taps].
ORTHOGONAL = Init(_ORTHOGONAL, _ORTHOGONAL, embed=_ORTHOGONAL, everywhere=True)
# WGAN-GP's code, for a DCGAN's generator and critic.
TFLIB_UP = Init(_GLOROT, {'kernel_init': strided_he(stride_in=2)})
TFLIB_DOWN = Init(_GLOROT, {'kernel_init': strided_he(stride_out=2)})
