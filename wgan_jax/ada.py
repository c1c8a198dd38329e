"""The pipeline 'bgc' of adaptive discriminator augmentation: pixel blitting, geometry, colour.

Every part is a matrix: those of geometry are [3, 3] and multiply (row, column, 1), in pixels from the image's centre;
those of colour are [C + 1, C + 1] and multiply (channels, 1). One that is not drawn is exactly the identity.

Karras et al., "Training Generative Adversarial Networks with Limited Data", appendix B,
https://arxiv.org/abs/2006.06676; the order and the numbers of the official code,
https://github.com/NVlabs/stylegan2-ada-pytorch.
"""

import functools
import itertools
from collections.abc import Callable

import chex
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtri

Parts = dict[str, tuple[jax.Array, Callable]]  # {name: (probability, (u [2] ~ U(0, 1), z [2] ~ N(0, 1)) -> matrix)}

QUARTERS = np.float32([[1, 0], [0, 1], [-1, 0], [0, -1]])  # exact cosines and sines of quarter turns


def bgc(x: jax.Array, keys: jax.Array, p: jax.Array, colours: jax.Array | None = None) -> jax.Array:
  """x [B, H, W, C], of which each part of the pipeline changes each sample with probability p; keys [B].

  colours: the probability of the parts that change colours, p where none is given.

  Blits and geometry are one bilinear warp, mirrored at the borders. Left out is the paper's wavelet low-pass filter
  around it: what is turned or scaled is softer than there, and what shrinks may alias.
  """
  chex.assert_rank(x, 4)
  places, colours = geometry(p, *x.shape[1:3]), colour(p if colours is None else colours, x.shape[-1])

  def one(image, key):
    matrices = draw(key, places | colours)
    inverses, changes = matrices[: len(places)], matrices[len(places) :]
    # What happens to the image last is undone first, at the right; the colour that comes first stands there.
    return recolour(warp(image, _product(inverses)), _product(changes[::-1]))

  return jax.vmap(one)(x, keys)


def geometry(p: jax.Array, height: int, width: int) -> Parts:
  """The parts that move pixels, in their order; matrices lead from a place in the output to one in the input.

  Each is drawn as the inverse that it is, for all these laws are those of their inverses as well.
  """
  sides, turns = np.float32([height, width]), QUARTERS if height == width else QUARTERS[::2]
  either = 1 - jnp.sqrt(1 - p)  # of each rotation, so that at least one happens with probability p
  return {
    'flip': (p, lambda u, z: scaling(1.0, jnp.where(u[0] < 0.5, -1.0, 1.0))),
    'quarter turns': (p, lambda u, z: rotation(*jnp.array(turns)[jnp.int32(u[0] * len(turns))])),
    'shift': (p, lambda u, z: translation(jnp.round((2 * u - 1) * sides / 8))),
    'scale': (p, lambda u, z: scaling(2 ** (0.2 * z[0]), 2 ** (0.2 * z[0]))),
    'rotation before': (either, lambda u, z: rotation(*_circle(u[0]))),
    'stretch': (p, lambda u, z: scaling(2 ** (0.2 * z[0]), 2 ** (-0.2 * z[0]))),
    'rotation after': (either, lambda u, z: rotation(*_circle(u[0]))),
    'fractional shift': (p, lambda u, z: translation(z * sides / 8)),
  }


def colour(p: jax.Array, channels: int) -> Parts:
  """The parts that change colours, in their order: all five of three channels, else brightness and contrast."""
  last = np.diag(np.float32([0] * channels + [1]))
  linear = np.eye(channels + 1, dtype=np.float32) - last
  shift, grey = np.outer(np.diag(linear), np.diag(last)), np.outer(np.diag(linear), np.diag(linear)) / channels
  parts = {
    'brightness': (p, lambda u, z: linear + last + 0.2 * z[0] * shift),
    'contrast': (p, lambda u, z: 2 ** (0.5 * z[0]) * linear + last),
  }
  tinted = {
    'luma flip': (p, lambda u, z: linear + last - jnp.where(u[0] < 0.5, 2.0, 0.0) * grey),
    'hue': (p, lambda u, z: hue(*_circle(u[0]))),
    'saturation': (p, lambda u, z: grey + 2 ** z[0] * (linear - grey) + last),
  }
  # The official code flips the luma of grey images too, which makes them negatives.
  return parts | (tinted if channels == 3 else {})


def draw(key: jax.Array, parts: Parts) -> list[jax.Array]:
  """The matrix of each part, or the identity."""
  # One draw for all, since another takes XLA half a second to compile; no part looks at both u and z.
  numbers = jax.random.uniform(key, (len(parts), 3), minval=jnp.finfo(jnp.float32).tiny)
  matrices = []
  for (probability, make), u in zip(parts.values(), numbers, strict=True):
    matrix = make(u[1:], ndtri(u[1:]))
    matrices.append(jnp.where(u[0] < probability, matrix, jnp.eye(len(matrix))))
  return matrices


def scaling(rows: jax.Array, columns: jax.Array) -> jax.Array:
  """[3, 3], factors for the two axes."""
  return jnp.diag(jnp.stack([jnp.float32(rows), jnp.float32(columns), jnp.float32(1)]))


def rotation(cosine: jax.Array, sine: jax.Array) -> jax.Array:
  """[3, 3], a turn counterclockwise on the screen, as np.rot90 turns."""
  turn = np.float32([[0, 1, 0], [-1, 0, 0], [0, 0, 0]])
  return cosine * np.diag(np.float32([1, 1, 0])) + sine * turn + np.diag(np.float32([0, 0, 1]))


def translation(shift: jax.Array) -> jax.Array:
  """[3, 3], by shift [2] (rows, columns)."""
  return jnp.eye(3).at[:2, 2].set(shift)


def hue(cosine: jax.Array, sine: jax.Array) -> jax.Array:
  """[4, 4], red, green and blue turned about the axis of greys."""
  grey = np.float32([[1, 1, 1, 0]] * 3 + [[0, 0, 0, 3]]) / 3  # what stays: greys, and the last coordinate
  turn = np.float32([[0, -1, 1, 0], [1, 0, -1, 0], [-1, 1, 0, 0], [0, 0, 0, 0]]) / np.sqrt(3, dtype=np.float32)
  return grey + cosine * (np.eye(4, dtype=np.float32) - grey) + sine * turn


def warp(image: jax.Array, inverse: jax.Array) -> jax.Array:
  """image [H, W, C] looked up, bilinearly, where `inverse` [3, 3] says; beyond its borders it is mirrored."""
  sides = image.shape[:2]
  rows, columns = np.meshgrid(*[np.arange(n, dtype=np.float32) - np.float32((n - 1) / 2) for n in sides], indexing='ij')
  # Not a matrix product, of which accelerators would round the coordinates.
  places = [
    a * rows + b * columns + c + np.float32((n - 1) / 2) for (a, b, c), n in zip(inverse[:2], sides, strict=True)
  ]
  first = [jnp.floor(place) for place in places]
  share = [place - floor for place, floor in zip(places, first, strict=True)]

  def corner(i, j):
    index = [_mirrored(a.astype(jnp.int32) + k, n) for a, k, n in zip(first, (i, j), sides, strict=True)]
    weight = (share[0] if i else 1 - share[0]) * (share[1] if j else 1 - share[1])
    return weight[..., None].astype(image.dtype) * image[tuple(index)]

  return sum(corner(i, j) for i, j in itertools.product((0, 1), repeat=2))


def recolour(image: jax.Array, matrix: jax.Array) -> jax.Array:
  """image [H, W, C] with every pixel's channels c replaced by the first C of matrix [C + 1, C + 1] times (c, 1)."""
  matrix = matrix.astype(image.dtype)
  return jnp.matmul(image, matrix[:-1, :-1].T, precision='highest') + matrix[None, None, :-1, -1]


def _circle(share):
  return jnp.cos(2 * jnp.pi * share), jnp.sin(2 * jnp.pi * share)


def _mirrored(index, n):
  """..., 2, 1, 0, 1, 2, ..., n - 1, n - 2, ..."""
  return n - 1 - jnp.abs(index % max(2 * (n - 1), 1) - (n - 1))


def _product(matrices):
  return functools.reduce(functools.partial(jnp.matmul, precision='highest'), matrices)
