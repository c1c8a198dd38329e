"""The critic of a training game as a function of samples, and what the generator of that very round makes for it."""

import copy
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax import parallel
from wgan_jax.game import Game
from wgan_jax.penalties import gradient_square
from wgan_jax.sample import Sampler
from wgan_jax.state import TrainState


class Judge:
  """Both with the weights of the round, since it is these two that play against each other, not moving averages.

  Networks are as they are when samples are drawn: normalised by what they gathered, without augmentation.

  Args:
    game: one that `judges`.
    sampler: of that game.
    chunk: samples in one program; its size changes no number.
    devices: that share each chunk; the sampler's too.
  """

  def __init__(self, game: Game, sampler: Sampler, chunk: int, devices: list[jax.Device]):
    self.game = game = game.clone(axis_name=None)

    def scores(variables, samples):
      return game.apply(variables, *samples, method='judge')

    def slopes(variables, samples):
      x, label = samples
      return jnp.sqrt(gradient_square(lambda points: scores(variables, (points, label)), x))

    self._sampler, self._chunk = sampler, -(-chunk // len(devices)) * len(devices)
    self._scores, self._slopes = (parallel.over_rows(fn, devices) for fn in (scores, slopes))
    self._cost = jax.jit(game.cost)

  def with_codes_of(self, sampler: Sampler) -> 'Judge':
    """Another one, of the same programs, whose fakes are made of the codes of another seed."""
    other = copy.copy(self)
    other._sampler = sampler
    return other

  def fakes(self, state: TrainState, n: int, label: np.ndarray | None) -> np.ndarray:
    """n samples of the generator of that round, [n, ...], asked to be of the classes `label` [n]."""
    variables = state.variables()
    codes, _ = self._sampler.codes(variables, np.arange(n))
    return self._sampler.generate(variables, codes, label)

  def scores(self, state: TrainState, x: np.ndarray, label: np.ndarray | None) -> np.ndarray:
    """What `Game.judge` says of each sample, [n] float64."""
    return self._over(self._scores, state.variables(), x, label)

  def slopes(self, state: TrainState, x: np.ndarray, label: np.ndarray | None) -> np.ndarray:
    """The norm of the gradient of that at each sample, over all its numbers, [n] float64."""
    return self._over(self._slopes, state.variables(), x, label)

  def cost(self, real_scores: np.ndarray, fake_scores: np.ndarray) -> np.ndarray:
    """`Game.cost` of scores [N] against scores [M]: [N] float64."""
    real, fake = (np.asarray(scores, np.float32) for scores in (real_scores, fake_scores))
    return np.asarray(self._cost(real, fake), np.float64)

  def _over(self, program: Callable, variables, x, label):
    chunks = []
    for first in range(0, len(x), self._chunk):
      rows = np.minimum(first + np.arange(self._chunk), len(x) - 1)  # programs have one size
      chunks.append(program(variables, jax.tree.map(lambda a, rows=rows: a[rows], (x, label))))
    return np.concatenate(jax.device_get(chunks))[: len(x)].astype(np.float64)
