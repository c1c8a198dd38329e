"""Samples of a trained or training game, always from the same latent codes for the same seed."""

import copy
import functools
from typing import Any

import jax
import numpy as np

from wgan_jax import parallel
from wgan_jax.game import Batch, Game
from wgan_jax.state import TrainState

BLOCK = 64  # codes that are drawn with one key, whatever the size of a program


class Sampler:
  """Draws with the moving averages of a state.

  Args:
    game: of any axis_name, which sampling does not need.
    seed: of the latent codes.
    chunk: samples in one program; its size changes no sample.
    classes: kinds of labels; sample i gets label i modulo classes, none where there are none.
    devices: that share each chunk; the first of this process by default.
  """

  def __init__(self, game: Game, seed: int, chunk: int, classes: int, devices: list[jax.Device] | None = None):
    self._game = game.clone(axis_name=None)
    self._key, self._path_key = _keys(seed)
    devices = devices or jax.local_devices()[:1]
    self._chunk, self._classes = -(-chunk // len(devices)) * len(devices), classes
    self._latent = jax.jit(functools.partial(self._apply, 'latent'), static_argnums=2)
    self._generate = parallel.over_rows(lambda given, rows: self._apply('generate', *given, *rows), devices)
    self._shows = jax.jit(functools.partial(self._apply, 'shows'))

  def of_seed(self, seed: int) -> 'Sampler':
    """Another one, of the same programs."""
    other = copy.copy(self)
    other._key, other._path_key = _keys(seed)
    return other

  def _apply(self, method, variables, key, *arguments):
    return self._game.apply(variables, *arguments, method=method, rngs={'params': key})

  def codes(self, variables: dict[str, Any], numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The latent codes of the samples of these numbers, [n, ...], and their labels [n], None where there are none."""
    firsts = numbers // BLOCK * BLOCK
    keys = {first: jax.random.fold_in(self._key, first) for first in np.unique(firsts)}
    blocks = jax.device_get({first: self._latent(variables, key, BLOCK) for first, key in keys.items()})
    z = np.stack([blocks[first][number - first] for first, number in zip(firsts, numbers, strict=True)])
    return z, (numbers % self._classes).astype(np.int32) if self._classes else None

  def generate(self, variables: dict[str, Any], z: np.ndarray, label: np.ndarray | None) -> np.ndarray:
    """The samples of codes [n, ...] with labels [n] or weights of classes [n, classes], chunk by chunk."""
    chunks = []
    for first in range(0, len(z), self._chunk):
      rows = np.minimum(first + np.arange(self._chunk), len(z) - 1)
      chunks.append(self._generate((variables, self._key), jax.tree.map(lambda x, rows=rows: x[rows], (z, label))))
    return np.concatenate(jax.device_get(chunks))[: len(z)]

  def draw(self, state: TrainState, n: int) -> tuple[np.ndarray, np.ndarray | None]:
    """The first n samples, [n, ...], and the class that each was asked to be, [n], None where none was."""
    variables = state.averaged_variables()
    z, label = self.codes(variables, np.arange(n))
    return self.generate(variables, z, label), self.asked(z, label)

  def asked(self, z: np.ndarray, label: np.ndarray | None) -> np.ndarray | None:
    """The class that each sample of these codes is asked to be, [n], None where none is."""
    return jax.device_get(self._game.asked(z, label))

  def interpolate(self, state: TrainState, rows: int, columns: int) -> np.ndarray:
    """Paths through latent space: [rows, columns, ...], each row from one code to another, of one class."""
    variables = state.averaged_variables()
    z = self._latent(variables, self._path_key, 2 * rows)
    paths = self._game.between(z[:rows], z[rows:], columns).reshape(rows * columns, *z.shape[1:])
    label = np.repeat(np.arange(rows, dtype=np.int32) % self._classes, columns) if self._classes else None
    samples = self.generate(variables, np.asarray(paths), label)
    return samples.reshape(rows, columns, *samples.shape[1:])

  def shows(self, state: TrainState, batch: Batch) -> dict[str, np.ndarray]:
    """The game's own pictures by name, [rows, columns, ...], of a batch of real samples."""
    return jax.device_get(self._shows(state.averaged_variables(), self._key, batch))


def _keys(seed):
  # Rounds fold their numbers into the seed's key, and none is so late.
  return jax.random.split(jax.random.fold_in(jax.random.key(seed), 2**31))
