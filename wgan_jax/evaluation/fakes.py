"""The samples of a run, drawn once for all comparisons and all feature networks."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from wgan_jax.data.images import to_uint8
from wgan_jax.drawing import Drawing
from wgan_jax.errors import UserError
from wgan_jax.evaluation.statistics import Gathering
from wgan_jax.extract import Extractor
from wgan_jax.progress import steps


class Few(NamedTuple):
  """The first samples, [n, ...], images as uint8, and the class that each was asked to be, None where none was."""

  samples: np.ndarray
  asked: np.ndarray | None


def drawn(drawing: Drawing, n: int, size: int) -> Iterator[tuple[np.ndarray, np.ndarray | None]]:
  """Yields the first n samples in chunks of `size`, as floats, and the classes that were asked for.

  Raises:
    UserError: when the run has diverged, as its samples show.
  """

  def chunks():
    for first in range(0, n, size):
      z, label = drawing.codes(np.arange(first, min(first + size, n)))
      samples = drawing.look(z, label)
      if not np.isfinite(samples).all():
        raise UserError(f'samples {first} to {first + len(z) - 1} are not finite: choose a checkpoint from before that')
      yield samples, drawing.sampler.asked(drawing.look.inside(z), label)

  return steps(chunks(), 'samples, in chunks', -(-n // size))


def measured(
  drawing: Drawing, extractors: list[Extractor], gatherings: list[list[Gathering]], n: int, size: int, few: int
) -> Few:
  """Draws n images and adds them to gatherings, of which each network has a list; returns the first few."""
  kept, asked = [], []
  for samples, labels in drawn(drawing, n, size):
    images = to_uint8(samples)
    for extractor, of_network in zip(extractors, gatherings, strict=True):
      outputs = extractor(images)
      for gathering in of_network:
        gathering.add(outputs, labels)
    if sum(map(len, kept)) < few:
      kept.append(images)
      asked.append(labels)
  return Few(np.concatenate(kept)[:few], None if asked[0] is None else np.concatenate(asked)[:few])
