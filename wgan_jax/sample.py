"""Samples of a trained or training game, always from the same latent codes for the same seed."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.game import Game
from wgan_jax.state import TrainState


class Sampler:
  """Draws with the moving averages of a state.

  Args:
    game: of any axis_name, which sampling does not need.
    seed: of the latent codes.
    chunk: samples in one program.
    classes: kinds of labels; sample i gets label i modulo classes, none where there are none.
  """

  def __init__(self, game: Game, seed: int, chunk: int, classes: int):
    self._game = game.clone(axis_name=None)
    # Rounds fold their numbers into the seed's key, and none is so late.
    self._key, self._path_key = jax.random.split(jax.random.fold_in(jax.random.key(seed), 2**31))
    self._chunk, self._classes = chunk, classes
    self._latent = jax.jit(functools.partial(self._apply, 'latent'), static_argnums=2)
    self._generate = jax.jit(functools.partial(self._apply, 'generate'))

  def _apply(self, method, variables, key, *arguments):
    return self._game.apply(variables, *arguments, method=method, rngs={'params': key})

  def draw(self, state: TrainState, n: int) -> np.ndarray:
    """n samples, [n, ...]."""
    variables, chunks = state.averaged_variables(), []
    for first in range(0, n, self._chunk):
      key = jax.random.fold_in(self._key, first)
      label = (first + jnp.arange(self._chunk)) % self._classes if self._classes else None
      chunks.append(self._generate(variables, key, self._latent(variables, key, self._chunk), label))
    return np.concatenate(jax.device_get(chunks))[:n]

  def interpolate(self, state: TrainState, rows: int, columns: int) -> np.ndarray:
    """Paths through latent space: [rows, columns, ...], each row from one code to another, of one class."""
    variables = state.averaged_variables()
    z = self._latent(variables, self._path_key, 2 * rows)
    paths = jax.tree.map(lambda x: arcs(x[:rows], x[rows:], columns).reshape(rows * columns, *x.shape[1:]), z)
    label = jnp.repeat(jnp.arange(rows) % self._classes, columns) if self._classes else None
    samples = jax.device_get(self._generate(variables, self._key, paths, label))
    return samples.reshape(rows, columns, *samples.shape[1:])


def arcs(start: Any, end: Any, n: int) -> jax.Array:
  """[rows, dim] and [rows, dim] -> [rows, n, dim], on the arc cos(t) start + sin(t) end.

  Every point on the way between two normal codes is then itself a normal code, which it is not on a straight line.
  White, "Sampling Generative Networks", section 2.1, https://arxiv.org/abs/1609.04468.
  """
  t = (jnp.linspace(0, jnp.pi / 2, n)[None, :, None]).astype(start.dtype)
  start, end = jnp.expand_dims(start, 1), jnp.expand_dims(end, 1)
  return jnp.cos(t) * start + jnp.sin(t) * end
