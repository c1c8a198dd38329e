"""A convolution and its two gradients, out of pieces that XLA:CPU computes as fast as matrix products.

XLA:CPU's own gradients of a convolution are 5 to 100 times slower than that, inside loops most of all. Batches are cut
into chunks here, because what a chunk computes stays in the cache.
"""

import itertools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

DIMENSIONS = ('NHWC', 'HWIO', 'NHWC')
# Measured on one core of Zen 5 in a scan: 3x3, 128 channels, 32x32, batch 64.
FORWARD_PIXELS = 4096  # of a chunk; 1024: 95 ms, 4096: 90 ms, all 65536: 122 ms
KERNEL_GRADIENT_PIXELS = 2048  # 1024: 106 ms, 2048: 97 ms, 4096: 109 ms; XLA's own gradient, 1024: 9900 ms
FEW = 80  # channels times taps up to which all taps go to one side of a product; 3 channels, 3x3: 3.8 ms, else 6.3 ms


class Geometry(NamedTuple):
  """What a convolution is besides its numbers: hashable, static.

  strides, pads: as lax has them. size: [H, W] of the input. window: [h, w] of the kernel.
  """

  strides: tuple[int, int]
  pads: tuple[tuple[int, int], tuple[int, int]]
  size: tuple[int, int]
  window: tuple[int, int]

  @property
  def output(self) -> tuple[int, int]:
    """[H', W'] of the output."""
    sides = zip(self.size, self.pads, self.window, self.strides, strict=True)
    return tuple((size + sum(pads) - window) // stride + 1 for size, pads, window, stride in sides)


def convolve(geometry: Geometry, x: jax.Array, kernel: jax.Array) -> jax.Array:
  """x [B, H, W, in], kernel [h, w, in, out] -> [B, H', W', out]."""

  def piece(x):
    return _convolution(x, kernel, geometry.strides, geometry.pads)

  return _in_chunks(geometry, piece, x)


def input_gradient(geometry: Geometry, g: jax.Array, kernel: jax.Array) -> jax.Array:
  """g [B, H', W', out], kernel [h, w, in, out] -> [B, H, W, in].

  A convolution of stride 1 for each place that an input can have within a stride; their outputs are interleaved.
  """
  (sh, sw), (height, width) = geometry.strides, geometry.size
  counts = -(-height // sh), -(-width // sw)
  missing = [(0, max(0, s - w)) for s, w in zip(geometry.strides, geometry.window, strict=True)]
  kernel = jnp.pad(kernel, (*missing, (0, 0), (0, 0)))  # a tap of zeros where a place would meet none

  def piece(g):
    phases = itertools.product(range(sh), range(sw))
    y = jnp.stack([_phase(geometry, g, kernel, phase, counts) for phase in phases], axis=3)
    y = y.reshape(-1, *counts, sh, sw, kernel.shape[2]).swapaxes(2, 3)
    return y.reshape(-1, counts[0] * sh, counts[1] * sw, kernel.shape[2])[:, :height, :width]

  return _in_chunks(geometry, piece, g)


def kernel_gradient(geometry: Geometry, x: jax.Array, g: jax.Array) -> jax.Array:
  """x [B, H, W, in], g [B, H', W', out] -> [h, w, in, out]."""
  few = FEW // (geometry.window[0] * geometry.window[1])
  if x.shape[3] <= few:
    return _of_few(geometry, x, g)
  if geometry.strides == (1, 1) and g.shape[3] <= few:
    return _turn(_of_few(_turned(geometry), g, x))
  return _of_many(geometry, x, g)


def _turn(kernel):
  return kernel[::-1, ::-1].swapaxes(2, 3)


def _turned(geometry):
  """Of the convolution of stride 1 that leads from the output back to the input, by the turned kernel."""
  pads = tuple((w - 1 - a, w - 1 - b) for (a, b), w in zip(geometry.pads, geometry.window, strict=True))
  return Geometry((1, 1), pads, geometry.output, geometry.window)


def _chunk(batch, pixels, most):
  """The largest divisor of the batch that makes at most so many pixels, or 1."""
  return max(n for n in range(1, batch + 1) if batch % n == 0 and (n == 1 or n * pixels <= most))


def _in_chunks(geometry, piece: Callable, x):
  pixels = max(height * width for height, width in (geometry.size, geometry.output))
  n = _chunk(x.shape[0], pixels, FORWARD_PIXELS)
  if n == x.shape[0]:
    return piece(x)
  y = lax.map(piece, x.reshape(-1, n, *x.shape[1:]))
  return y.reshape(-1, *y.shape[2:])


def _pad(x, *pads):
  """Zeros around the two middle axes; a negative number cuts."""
  return lax.pad(x, jnp.zeros((), x.dtype), ((0, 0, 0), *((a, b, 0) for a, b in pads), (0, 0, 0)))


def _convolution(x, kernel, strides, pads):
  """XLA's convolution, of no image smaller than its window: there XLA:CPU swaps the two and has slow loops only."""
  if any(side < window for side, window in zip(x.shape[1:3], kernel.shape[:2], strict=True)):
    # Behind a barrier the padding is part of the image. 4x4, 5x5 window, 64 channels: 76 ms without, 5.5 ms with it.
    x, pads = lax.optimization_barrier(_pad(x, *pads)), ((0, 0), (0, 0))
  return lax.conv_general_dilated(x, kernel, strides, pads, dimension_numbers=DIMENSIONS)


def _phase(geometry, g, kernel, phase, counts):
  """The gradients of the inputs phase, phase + stride, ...: input i meets output o by the tap i + pad - stride * o."""
  pads = []
  for axis in (0, 1):
    stride, start = geometry.strides[axis], phase[axis] + geometry.pads[axis][0]
    kernel = lax.slice_in_dim(kernel, start % stride, None, stride, axis)
    shift, taps = start // stride, kernel.shape[axis]
    pads.append((taps - 1 - shift, counts[axis] + shift - g.shape[axis + 1]))
  return _convolution(g, _turn(kernel), (1, 1), pads)


def _products(geometry, x, g):
  """For each place within a vertical stride, sums over pixels of taps of its rows: [w * in, rows * out].

  Columns of x hold the taps of one row of the kernel, columns of g, shifted the other way, its rows, so that either
  side is copied only so often.
  """
  (h, w), (sh, sw), (height, width) = geometry.window, geometry.strides, geometry.output
  (top, _), (left, _) = geometry.pads
  products = []
  for first in range(min(sh, h)):
    rows = -(-(h - first) // sh)
    start = -(-max(top - first, 0) // sh)  # of the windows' first rows, counted in strides from the padding's edge on
    count = min((geometry.size[0] - 1 + top - first) // sh + 1, height + rows - 1) - start
    x_rows = lax.slice_in_dim(x, start * sh + first - top, (start + count - 1) * sh + first - top + 1, sh, 1)
    x_rows = _pad(x_rows, (0, 0), (left, (width - 1) * sw + w - left - x.shape[2]))
    x_columns = [x_rows[:, :, j : j + sw * (width - 1) + 1 : sw] for j in range(w)]
    g_rows = _pad(g, (rows - 1 - start, start + count - height), (0, 0))
    g_columns = [g_rows[:, rows - 1 - i : rows - 1 - i + count] for i in range(rows)]
    # Behind the barrier the transposition is done once, at 250 instead of 210 GFLOP/s for the product that follows.
    left_side = lax.optimization_barrier(jnp.concatenate(x_columns, -1).reshape(-1, w * x.shape[3]).T)
    right_side = jnp.concatenate(g_columns, -1).reshape(-1, rows * g.shape[3])
    products.append(
      jnp.matmul(left_side, right_side, preferred_element_type=jnp.promote_types(left_side.dtype, jnp.float32))
    )
  return products


def _of_many(geometry, x, g):
  pixels = geometry.output[0] * geometry.output[1] * geometry.strides[0]
  n = _chunk(x.shape[0], pixels, KERNEL_GRADIENT_PIXELS)
  chunks = [a.reshape(-1, n, *a.shape[1:]) for a in (x, g)]

  def add(totals, chunk):
    return [total + product for total, product in zip(totals, _products(geometry, *chunk), strict=True)], None

  shapes = jax.eval_shape(lambda chunks: _products(geometry, *(a[0] for a in chunks)), chunks)
  totals = lax.scan(add, [jnp.zeros(shape.shape, shape.dtype) for shape in shapes], chunks)[0]
  (h, w), step = geometry.window, geometry.strides[0]
  rows = [total.reshape(w, x.shape[3], -1, g.shape[3]).transpose(2, 0, 1, 3) for total in totals]
  return jnp.stack([rows[i % step][i // step] for i in range(h)]).astype(x.dtype)


def _of_few(geometry, x, g):
  """The kernel's gradient where input channels are few: the taps of a column of the kernel become channels first."""
  (h, w), (sh, sw), (height, _) = geometry.window, geometry.strides, geometry.output
  top = geometry.pads[0][0]
  x = _pad(x, (top, (height - 1) * sh + h - top - x.shape[1]), (0, 0))
  x = jnp.concatenate([x[:, i : i + sh * (height - 1) + 1 : sh] for i in range(h)], axis=3)
  geometry = Geometry((1, sw), ((0, 0), geometry.pads[1]), (height, geometry.size[1]), (1, w))
  return _of_many(geometry, x, g).reshape(w, h, -1, g.shape[3]).swapaxes(0, 1)
