"""What all parts of one sampling share: the networks, the codes by number, and what samples are drawn with."""

import pathlib
from typing import Any

import numpy as np

from wgan_jax.drawing import Drawing
from wgan_jax.pictures import png
from wgan_jax.restored import Restored
from wgan_jax.sampling.options import Options


class Session(Drawing):
  """One sampling of one state: sample number i has the same latent code in every part.

  Args:
    config: of the run and of the sampling.
    options: read from it.
    run: that is sampled.
    out: the folder to write into.
  """

  def __init__(self, config: Any, options: Options, run: Restored, out: pathlib.Path):
    self.config, self.options, self.out = config, options, out
    self.source, self.real = run.prepared.source, run.prepared.real['image']
    super().__init__(run.prepared.play.game, run.state, config.sample, self.source.classes)
    self.classes = options.classes
    self.rows = len(self.classes) or config.sample.rows  # of a sheet that has one for each class

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
