"""What is kept of a set of images in the features of one network: enough for every distance, however many there are."""

import json
import pathlib
from typing import Any, NamedTuple

import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.metrics import inception_score
from wgan_jax.metrics.features.network import Outputs
from wgan_jax.metrics.intra_class import ClassMoments
from wgan_jax.metrics.moments import Moments
from wgan_jax.metrics.reservoir import Reservoir

CLASS_MEBIBYTES = 1024  # that the covariances of all classes may take


class Statistics(NamedTuple):
  """Of n images.

  moments: of their features. features: of some of them, [min(n, kept), D]. by_class: moments of each class, None where
  there are no labels, or too many. score: the Inception score of the logits, None where there are none.
  """

  n: int
  moments: Moments
  features: np.ndarray
  by_class: ClassMoments | None
  score: inception_score.Score | None


class Gathering:
  """Statistics of the first n images that are added.

  Args:
    n: how many are going to be added, or more.
    dimensions: D of the features.
    classes: kinds of labels, 0 for none.
    kept: images whose features are kept.
    splits: of the Inception score.
  """

  def __init__(self, n: int, dimensions: int, classes: int, kept: int, splits: int):
    self._n, self._splits = n, min(splits, n)
    self._moments, self._features, self._score = Moments(), Reservoir(min(kept, n)), None
    fits = classes * dimensions**2 * 8 <= CLASS_MEBIBYTES * 2**20
    self._by_class = ClassMoments(classes) if classes and fits else None

  def add(self, outputs: Outputs, labels: np.ndarray | None) -> None:
    """Takes in what a network says of a chunk of images, with their labels [B]."""
    left = self._n - self._moments.n
    if left <= 0:
      return
    self._moments.add(outputs.features[:left])
    self._features.add(outputs.features[:left])
    if labels is not None and self._by_class:
      self._by_class.add(outputs.features[:left], labels[:left])
    if outputs.logits is not None:
      self._score = self._score or inception_score.InceptionScore(self._n, self._splits)
      self._score.add(outputs.logits[:left])

  def statistics(self) -> Statistics:
    """Of all that were added."""
    score = self._score.score() if self._score else None
    labelled = self._by_class and sum(moments.n for moments in self._by_class.by_class)
    by_class = self._by_class if labelled else None
    return Statistics(self._moments.n, self._moments, self._features.features, by_class, score)


def save(folder: pathlib.Path, found: Statistics) -> None:
  """Writes statistics into a folder that is there and empty."""
  found.moments.save(folder / 'moments.npz')
  np.save(folder / 'features.npy', found.features)
  by_class = found.by_class.by_class if found.by_class else []
  for label, moments in enumerate(by_class):
    if moments.n:
      moments.save(folder / f'class_{label}.npz')
  about = {'classes': len(by_class), 'score': found.score}
  (folder / 'about.json').write_text(json.dumps(about))


def load(folder: pathlib.Path) -> Statistics:
  """What `save` wrote; a folder that is torn is a UserError."""
  try:
    return _load(folder)
  except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
    raise UserError(f'{folder} holds no statistics ({error}): delete it, to have them taken anew') from error


def _load(folder):
  about: dict[str, Any] = json.loads((folder / 'about.json').read_text())
  moments, by_class = Moments.load(folder / 'moments.npz'), ClassMoments(about['classes'])
  for label in range(about['classes']):
    if (folder / f'class_{label}.npz').exists():
      by_class.by_class[label] = Moments.load(folder / f'class_{label}.npz')
  score = about['score'] and inception_score.Score(*about['score'])
  features = np.load(folder / 'features.npy', mmap_mode='r')
  return Statistics(moments.n, moments, features, by_class if about['classes'] else None, score)
