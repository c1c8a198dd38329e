"""What all parts of one sampling share: the networks, the codes by number, and what samples are drawn with."""

import functools
import pathlib
from typing import Any

import jax
import numpy as np

from wgan_jax import standing
from wgan_jax.data.images import to_uint8
from wgan_jax.pictures import png
from wgan_jax.prepare import Prepared
from wgan_jax.progress import steps
from wgan_jax.sample import Sampler
from wgan_jax.sampling.options import Options
from wgan_jax.state import TrainState

APART = 2**30  # numbers of samples from here on are those of standing statistics


class Session:
  """One sampling of one state.

  Sample number i has the same latent code in every part, and is of class i modulo classes.

  Args:
    config: of the run and of the sampling.
    options: read from it.
    prepared: the data and the game.
    state: that is sampled.
    out: the folder to write into.
  """

  def __init__(self, config: Any, options: Options, prepared: Prepared, state: TrainState, out: pathlib.Path):
    self.config, self.options, self.out = config, options, out
    self.source, self.real = prepared.source, prepared.real['image']
    self.game = prepared.play.game.clone(axis_name=None)
    c = config.sample
    self.variables = state.averaged_variables() if c.average else state.variables()
    self.sampler = Sampler(self.game, c.seed, c.batch_size, self.source.classes)
    self.classes = options.classes
    self.rows = len(self.classes) or c.rows  # of a sheet that has one for each class
    self._one_pass = jax.jit(functools.partial(standing.of_pass, self.game))
    self.standing = None

  @functools.cached_property
  def look(self) -> 'Look':
    """With the truncation of the config."""
    return self.looking(self.config.sample.truncation.threshold)

  def looking(self, threshold: float) -> 'Look':
    """With codes brought within a threshold, 0 for none, and standing statistics of codes like these."""

    def inside(z):
      bring = getattr(self.game.truncation, self.config.sample.truncation.kind) if threshold else lambda z, t: z
      return np.asarray(bring(z, threshold))

    c = self.config.sample

    def batches():
      for i in range(c.standing.passes):
        z, label = self.codes(APART + i * c.batch_size + np.arange(c.batch_size))
        yield inside(z), label

    bar = steps(batches(), 'standing statistics', c.standing.passes)
    variables = standing.standing_statistics(self._one_pass, self.variables, bar)
    if variables is not self.variables:
      self.standing = {'passes': c.standing.passes, 'codes': c.standing.passes * c.batch_size}
    return Look(self.sampler, variables, inside)

  def codes(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Latent codes [n, ...] of the samples of these numbers, before truncation, and their labels, if there are any."""
    return self.sampler.codes(self.variables, numbers)

  def numbers(self) -> np.ndarray:
    """[rows, columns] numbers of the samples of a grid: a row for each class that is shown, or the first ones."""
    c = self.config.sample
    if self.classes:
      return np.array(self.classes)[:, None] + self.source.classes * np.arange(c.columns)
    return np.arange(c.rows * c.columns).reshape(c.rows, c.columns)

  def few(self, n: int) -> np.ndarray:
    """n numbers [n] of samples, of each class in turn that is shown, or the first ones."""
    if self.classes:
      turns = np.arange(-(-n // len(self.classes)))[:, None]
      return (np.array(self.classes) + self.source.classes * turns).ravel()[:n]
    return np.arange(n)

  def called(self, numbers: np.ndarray) -> list[str]:
    """What the samples of these numbers are called: by their class, where they have one."""
    return [f'class {i % self.source.classes}' if self.classes else f'{i}' for i in numbers]

  def save(self, name: str, picture: np.ndarray) -> None:
    """Writes a picture, uint8 [H, W, 3]."""
    (self.out / f'{name}.png').write_bytes(png(picture))


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
