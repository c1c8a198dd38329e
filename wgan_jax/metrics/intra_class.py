"""Frechet distances within classes: what an image metric over all classes together cannot see."""

from typing import NamedTuple

import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.metrics import checks
from wgan_jax.metrics.frechet import frechet_distance
from wgan_jax.metrics.moments import Moments


class ClassMoments:
  """Moments of each class, of features that come in chunks.

  Args:
    classes: K; labels run from 0 to K - 1.
  """

  def __init__(self, classes: int):
    self.by_class = [Moments() for _ in range(classes)]

  def add(self, features: np.ndarray, labels: np.ndarray) -> 'ClassMoments':
    """Takes a chunk [B, D] with labels [B] int in and returns itself."""
    features, labels = np.asarray(features), np.asarray(labels)
    checks.labels(labels, len(features), len(self.by_class))
    for label in np.unique(labels):
      self.by_class[label].add(features[labels == label])
    return self


class IntraClass(NamedTuple):
  """mean: over classes. by_class: [K]."""

  mean: float
  by_class: np.ndarray


def intra_class_distance(real: ClassMoments, fake: ClassMoments, allow_singular: bool = False) -> IntraClass:
  """The mean over classes of the Frechet distance between real and fake samples of that class: intra-FID.

  Miyato & Koyama, "cGANs with Projection Discriminator", section 4, https://arxiv.org/abs/1802.05637.

  Args:
    real, fake: of equally many classes.
    allow_singular: as for `frechet_distance`.
  """
  if len(real.by_class) != len(fake.by_class):
    raise UserError(f'{len(real.by_class)} real classes and {len(fake.by_class)} fake ones')
  values = np.empty(len(real.by_class))
  for label, (ours, theirs) in enumerate(zip(real.by_class, fake.by_class, strict=True)):
    try:
      values[label] = frechet_distance(ours, theirs, allow_singular)
    except UserError as error:
      raise UserError(f'class {label}: {error}') from error
  return IntraClass(float(values.mean()), values)
