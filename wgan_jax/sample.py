"""Samples of a trained or training game, always from the same latent codes for the same seed."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.game import Batch, Game
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
    self._shows = jax.jit(functools.partial(self._apply, 'shows'))

  def _apply(self, method, variables, key, *arguments):
    return self._game.apply(variables, *arguments, method=method, rngs={'params': key})

  def draw(self, state: TrainState, n: int) -> tuple[np.ndarray, np.ndarray | None]:
    """n samples, [n, ...], and the class that each was asked to be, [n], None where none was."""
    variables, chunks = state.averaged_variables(), []
    for first in range(0, n, self._chunk):
      key = jax.random.fold_in(self._key, first)
      label = (first + jnp.arange(self._chunk)) % self._classes if self._classes else None
      z = self._latent(variables, key, self._chunk)
      chunks.append((self._generate(variables, key, z, label), self._game.asked(z, label)))
    return jax.tree.map(lambda *x: np.concatenate(x)[:n], *jax.device_get(chunks))

  def interpolate(self, state: TrainState, rows: int, columns: int) -> np.ndarray:
    """Paths through latent space: [rows, columns, ...], each row from one code to another, of one class."""
    variables = state.averaged_variables()
    z = self._latent(variables, self._path_key, 2 * rows)
    paths = self._game.between(z[:rows], z[rows:], columns).reshape(rows * columns, *z.shape[1:])
    label = jnp.repeat(jnp.arange(rows) % self._classes, columns) if self._classes else None
    samples = jax.device_get(self._generate(variables, self._key, paths, label))
    return samples.reshape(rows, columns, *samples.shape[1:])

  def shows(self, state: TrainState, batch: Batch) -> dict[str, np.ndarray]:
    """The game's own pictures by name, [rows, columns, ...], of a batch of real samples."""
    return jax.device_get(self._shows(state.averaged_variables(), self._key, batch))
