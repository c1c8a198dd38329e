"""Drawing from a state: with which weights, truncation and batch statistics, as a group of keys asks for."""

import functools
from typing import Any

import jax
import numpy as np

from wgan_jax import standing
from wgan_jax.data.images import to_uint8
from wgan_jax.errors import UserError, unknown
from wgan_jax.game import Game
from wgan_jax.priors import Truncation
from wgan_jax.progress import steps
from wgan_jax.sample import Sampler
from wgan_jax.state import TrainState

APART = 2**30  # numbers of samples from here on are those of standing statistics


def check_truncation(group: str, keys: Any, game: Game) -> None:
  """Raises a UserError for a truncation, of the keys of that group, that is unknown or means nothing to the game."""
  if keys.truncation.kind not in Truncation._fields:
    raise unknown(f'{group}.truncation.kind', keys.truncation.kind, Truncation._fields)
  if keys.truncation.threshold and game.truncation is None:
    raise UserError(f'the codes of this game are images: leave out --config.{group}.truncation.threshold')


class Drawing:
  """Samples of one state by number: number i is always of the same latent code, and of class i modulo classes.

  Args:
    game: whose networks make the samples.
    state: of a run.
    keys: seed, batch_size, average, truncation and standing, as under `sample`.
    classes: kinds of labels in the data.
    devices: that share the work; the first of this process by default.
  """

  def __init__(self, game: Game, state: TrainState, keys: Any, classes: int, devices: list[jax.Device] | None = None):
    self.game, self._keys = game.clone(axis_name=None), keys
    self.variables = state.averaged_variables() if keys.average else state.variables()
    self.sampler = Sampler(self.game, keys.seed, keys.batch_size, classes, devices)
    self._one_pass = jax.jit(functools.partial(standing.of_pass, self.game))
    self.standing = None

  @functools.cached_property
  def look(self) -> 'Look':
    """With the truncation of the keys."""
    return self.looking(self._keys.truncation.threshold)

  def looking(self, threshold: float) -> 'Look':
    """With codes brought within a threshold, 0 for none, and standing statistics of codes like these."""

    def inside(z):
      bring = getattr(self.game.truncation, self._keys.truncation.kind) if threshold else lambda z, t: z
      return np.asarray(bring(z, threshold))

    passes, size = self._keys.standing.passes, self._keys.standing.batch_size

    def batches():
      for i in range(passes):
        z, label = self.codes(APART + i * size + np.arange(size))
        yield inside(z), label

    bar = steps(batches(), 'standing statistics', passes)
    variables = standing.standing_statistics(self._one_pass, self.variables, bar)
    if variables is not self.variables:
      self.standing = {'passes': passes, 'codes': passes * size}
    return Look(self.sampler, variables, inside)

  def codes(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Latent codes [n, ...] of the samples of these numbers, before truncation, and their labels, if there are any."""
    return self.sampler.codes(self.variables, numbers)

  def facts(self) -> dict[str, Any]:
    """How samples are drawn, to be written beside them."""
    truncation = self._keys.truncation
    return {
      'seed': self._keys.seed,
      'weights': 'moving averages' if self._keys.average else 'the weights of that round',
      'truncation': {'kind': truncation.kind, 'threshold': truncation.threshold} if truncation.threshold else None,
      'standing_statistics': self.standing,
    }


class Look:
  """What samples are drawn with: (codes, labels or weights of classes) -> samples."""

  def __init__(self, sampler: Sampler, variables: dict[str, Any], inside: Any):
    self.inside, self._sampler, self._variables = inside, sampler, variables

  def __call__(self, z: np.ndarray, label: np.ndarray | None) -> np.ndarray:
    """Samples in [-1, 1], [n, ...], of codes before truncation."""
    return self._sampler.generate(self._variables, self.inside(z), label)

  def pictures(self, z: np.ndarray, label: np.ndarray | None) -> np.ndarray:
    """The same of codes [rows, columns, ...] and their labels, as uint8."""
    flat = jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), (z, label))
    samples = to_uint8(self(*flat))
    return samples.reshape(*z.shape[:2], *samples.shape[1:])
