"""Convolutions whose gradients of every order, in reverse mode, are fast on CPU too.

A convolution is bilinear in its input and its kernel, and so are its two gradients. Either derivative of one of the
three is another of the three, hence the three custom_vjp functions below are closed: a gradient penalty, whose gradient
is a second derivative, never leaves them. On CPU they are cpu_convolution.py's, elsewhere XLA's own.

Images are [B, H, W, C]; kernels [h, w, in, out], the transposed convolution's too.
"""

import functools

import jax
import jax.numpy as jnp
from jax import lax

from wgan_jax.networks import cpu_convolution
from wgan_jax.networks.cpu_convolution import DIMENSIONS, Geometry


def convolve(x: jax.Array, kernel: jax.Array, *, strides=(1, 1), padding='SAME') -> jax.Array:
  """x [B, H, W, in] -> [B, H', W', out]; padding as in lax: 'SAME', 'VALID' or pairs of numbers."""
  return _convolve(_geometry(x.shape[1:3], kernel, strides, padding), x, kernel)


def convolve_grouped(x: jax.Array, kernel: jax.Array, *, padding='SAME') -> jax.Array:
  """Each group of channels by itself: x [B, H, W, in], kernel [h, w, in / groups, out] -> [B, H', W', out].

  The first in / groups channels make the first out / groups, and so on: lax's feature_group_count, which is what the
  mapping over groups becomes on accelerators. Of the ways tried on CPU it is the fastest; XLA's own took 14 to 28 times
  as long for a penalty's gradient at 8x8 pixels (shared cores of an Intel Xeon, jax 0.10.2, 2026-11-26).

  Raises:
    ValueError: when x's channels are no multiple of the kernel's, or outputs none of the groups that this makes.
  """
  (*window, n_in, n_out), groups = kernel.shape, x.shape[3] // kernel.shape[2]
  if x.shape[3] % n_in or n_out % groups:
    raise ValueError(f'{x.shape[3]} channels in groups of {n_in} do not make {n_out}')
  x, kernel = x.reshape(*x.shape[:3], groups, n_in), kernel.reshape(*window, n_in, groups, n_out // groups)
  geometry = _geometry(x.shape[1:3], kernel, (1, 1), padding)
  y = jax.vmap(functools.partial(_convolve, geometry), in_axes=3, out_axes=3)(x, kernel)
  return y.reshape(*y.shape[:3], n_out)


def convolve_transpose(x: jax.Array, kernel: jax.Array, *, strides, padding='SAME') -> jax.Array:
  """x [B, H, W, in] -> [B, H * strides, W * strides, out]; 'VALID' -> [B, (H - 1) * strides + h, ..., out].

  The transpose of `convolve` from the larger image to the smaller one, its kernel being this one with the last two axes
  swapped. PyTorch's ConvTranspose2d is the same but for its padding; lax.conv_transpose slides the kernel unturned, so
  that it has to be given kernel[::-1, ::-1].

  Raises:
    ValueError: when the convolution with this padding would not lead back to x's size.
  """
  kernel = kernel.swapaxes(2, 3)
  size = tuple(side * stride for side, stride in zip(x.shape[1:3], strides, strict=True))
  if padding == 'VALID':
    size = tuple(
      (side - 1) * stride + window for side, stride, window in zip(x.shape[1:3], strides, kernel.shape, strict=False)
    )
  geometry = _geometry(size, kernel, strides, padding)
  if geometry.output != x.shape[1:3]:
    raise ValueError(f'padding {padding!r} makes {geometry.output} out of {size}, not {x.shape[1:3]}')
  return _input_gradient(geometry, x, kernel)


def convolve_mean_pool(x: jax.Array, kernel: jax.Array) -> jax.Array:
  """`convolve`, then the mean of each 2x2 pixels; H and W even. [B, H, W, in] -> [B, H / 2, W / 2, out].

  One convolution of stride 2 with the kernel's sums over 2x2 neighbours, e.g. 4x4 for 3x3: 4 / 9 of the work.

  Raises:
    ValueError: when H or W is odd.
  """
  if x.shape[1] % 2 or x.shape[2] % 2:
    raise ValueError(f'pooling 2x2 needs even sides, not {x.shape[1]}x{x.shape[2]}')
  if kernel.shape[:2] == (1, 1):
    b, h, w, c = x.shape
    return convolve(jnp.mean(x.reshape(b, h // 2, 2, w // 2, 2, c), axis=(2, 4)), kernel)
  kernel, geometry = _box(kernel) / 4, _geometry(x.shape[1:3], kernel, (1, 1), 'SAME')
  return _convolve(geometry._replace(strides=(2, 2), window=kernel.shape[:2]), x, kernel)


def upsample_convolve(x: jax.Array, kernel: jax.Array) -> jax.Array:
  """Each pixel repeated 2x2, then `convolve`. [B, H, W, in] -> [B, 2H, 2W, out].

  Four times the transpose of `convolve_mean_pool` with the turned kernel, as mean pooling's transpose is a quarter of
  the repetition. It works at the smaller size: 4 / 9 of the work for 3x3.
  """
  if kernel.shape[:2] == (1, 1):
    y = convolve(x, kernel)
    b, h, w, c = y.shape
    return jnp.broadcast_to(y[:, :, None, :, None], (b, h, 2, w, 2, c)).reshape(b, 2 * h, 2 * w, c)
  geometry = _geometry((2 * x.shape[1], 2 * x.shape[2]), kernel, (1, 1), 'SAME')
  kernel = _box(kernel[::-1, ::-1].swapaxes(2, 3))
  pads = tuple(pad[::-1] for pad in geometry.pads)  # the turned kernel's
  return _input_gradient(geometry._replace(strides=(2, 2), pads=pads, window=kernel.shape[:2]), x, kernel)


def _box(kernel):
  """[h, w, ...] -> [h + 1, w + 1, ...], sums over 2x2 neighbours."""
  for axis in (0, 1):
    pads = [(0, 0)] * kernel.ndim
    before, after = list(pads), list(pads)
    before[axis], after[axis] = (1, 0), (0, 1)
    kernel = jnp.pad(kernel, before) + jnp.pad(kernel, after)
  return kernel


def _geometry(size, kernel, strides, padding):
  pads = padding
  if isinstance(padding, str):
    pads = lax.padtype_to_pads(size, kernel.shape[:2], strides, padding)
  return Geometry(tuple(strides), tuple((int(a), int(b)) for a, b in pads), tuple(size), kernel.shape[:2])


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _convolve(geometry, x, kernel):
  ours = functools.partial(cpu_convolution.convolve, geometry)
  return lax.platform_dependent(x, kernel, cpu=ours, default=functools.partial(_by_xla, geometry))


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _input_gradient(geometry, g, kernel):
  def by_xla(g, kernel):
    x = jax.ShapeDtypeStruct((g.shape[0], *geometry.size, kernel.shape[2]), g.dtype)
    return jax.linear_transpose(lambda x: _by_xla(geometry, x, kernel), x)(g)[0]

  ours = functools.partial(cpu_convolution.input_gradient, geometry)
  return lax.platform_dependent(g, kernel, cpu=ours, default=by_xla)


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _kernel_gradient(geometry, x, g):
  def by_xla(x, g):
    kernel = jax.ShapeDtypeStruct((*geometry.window, x.shape[3], g.shape[3]), x.dtype)
    return jax.linear_transpose(lambda kernel: _by_xla(geometry, x, kernel), kernel)(g)[0]

  ours = functools.partial(cpu_convolution.kernel_gradient, geometry)
  return lax.platform_dependent(x, g, cpu=ours, default=by_xla)


def _by_xla(geometry, x, kernel):
  return lax.conv_general_dilated(x, kernel, geometry.strides, geometry.pads, dimension_numbers=DIMENSIONS)


def _closed(function, first_gradient, second_gradient):
  """Gives a bilinear (geometry, a, b) its derivatives, each (geometry, a, b, cotangent) -> cotangent of a or of b."""

  def forward(geometry, a, b):
    return function(geometry, a, b), (a, b)

  def backward(geometry, operands, cotangent):
    return first_gradient(geometry, *operands, cotangent), second_gradient(geometry, *operands, cotangent)

  function.defvjp(forward, backward)


_closed(
  _convolve,
  lambda geometry, x, kernel, t: _input_gradient(geometry, t, kernel),
  lambda geometry, x, kernel, t: _kernel_gradient(geometry, x, t),
)
_closed(
  _input_gradient,
  lambda geometry, g, kernel, t: _convolve(geometry, t, kernel),
  lambda geometry, g, kernel, t: _kernel_gradient(geometry, t, g),
)
_closed(
  _kernel_gradient,
  lambda geometry, x, g, t: _input_gradient(geometry, g, t),
  lambda geometry, x, g, t: _convolve(geometry, x, t),
)
