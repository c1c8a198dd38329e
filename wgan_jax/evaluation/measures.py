"""Every measure of images: literal tables of what is computed from statistics, and of what from pixels."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from wgan_jax import build_features
from wgan_jax.errors import UserError
from wgan_jax.evaluation.statistics import Statistics
from wgan_jax.metrics import frechet, intra_class, kid, laplacian, manifold, ms_ssim, sliced, stacked
from wgan_jax.metrics.features.network import Network


class Value(NamedTuple):
  """One number. spread: of it, None where none is known; spread_is: what that is."""

  name: str
  value: float
  spread: float | None = None
  spread_is: str = ''


class Meaningless(UserError):
  """A measure has no meaning for such data, such a game or such a network; it is left out without a word."""


Measure = Callable[..., Iterator[Value]]


def called(letter: str, network: Network) -> str:
  """The name of a distance or score in a network's features: FID -> KID, FCD-mnist -> KCD-mnist."""
  return letter + network.distance[1:]


def frechet_distance(real: Statistics, fake: Statistics, network: Network, keys: Any):
  """FID, or what it is called in the features of another network."""
  yield Value(network.distance, frechet.frechet_distance(real.moments, fake.moments))


def kernel_distance(real: Statistics, fake: Statistics, network: Network, keys: Any):
  """KID over subsets of the features that were kept; of half of them where there are not more than a subset takes."""
  n = min(len(real.features), len(fake.features))
  size = keys.kid.subset_size if n > keys.kid.subset_size else n // 2
  found = kid.kid(real.features, fake.features, keys.kid.subsets, size)
  yield Value(called('K', network), found.mean, found.standard_error, f'standard error, {keys.kid.subsets} x {size}')


def inception(real: Statistics, fake: Statistics, network: Network, keys: Any):
  """Inception score of the samples, and of the real images, which it falls short of."""
  if fake.score is None:
    raise Meaningless(f'{network.name} gives no logits')
  name = f'{network.distance[1]}S{network.distance[3:]}'
  for found, of in ((fake, ''), (real, ' of the real images')):
    spread_is = f'std of {min(keys.splits, found.n)} splits'
    yield Value(name + of, found.score.mean, found.score.std, spread_is)


def of_manifolds(real: Statistics, fake: Statistics, network: Network, keys: Any):
  """Precision and recall, density and coverage of the features that were kept."""
  for name, value in manifold.manifold_scores(real.features, fake.features)._asdict().items():
    yield Value(name, value)


def within_classes(real: Statistics, fake: Statistics, network: Network, keys: Any):
  """The mean of Frechet distances within classes."""
  if real.by_class is None or fake.by_class is None:
    raise Meaningless(
      'it needs labels, of few enough classes for their covariances, and samples asked to be of a class'
    )
  found = intra_class.intra_class_distance(real.by_class, fake.by_class)
  yield Value(f'intra-{network.distance}', found.mean, float(found.by_class.std()), 'std over classes')


OF_KEPT = 'kid', 'manifold'  # which look at the features that were kept, and not at all samples
OF_FEATURES: dict[str, Measure] = {  # (real, fake, network, keys under evaluate)
  'frechet': frechet_distance,
  'kid': kernel_distance,
  'inception_score': inception,
  'manifold': of_manifolds,
  'intra_class': within_classes,
}


class Pictures(NamedTuple):
  """Images as they are.

  real, fake: uint8 [n, H, W, C]. labels, asked: the class of each real one [n], and that each fake one was asked to be;
  None where samples are asked for none. classes: how many there are. data: the name of the data.
  """

  real: np.ndarray
  fake: np.ndarray
  labels: np.ndarray | None
  asked: np.ndarray | None
  classes: int
  data: str


def sliced_distance(p: Pictures):
  """Of pixels that run from -1 to 1."""
  yield Value('sliced_w1', sliced.sliced_w1(*(x / np.float32(127.5) - 1 for x in (p.real, p.fake))))


def laplacian_distance(p: Pictures):
  """Of patches, by the side of the level of the pyramid in pixels."""
  descriptors = [laplacian.PatchDescriptors().add(images) for images in (p.real, p.fake)]
  for side, value in laplacian.laplacian_swd(*descriptors).items():
    yield Value(f'laplacian_swd_{side}', value)


def diversity(p: Pictures):
  """How alike pairs of samples are, of one class each where there are any; the real ones say how alike they may be."""
  for images, labels, of in ((p.fake, p.asked, ''), (p.real, p.labels, ' of the real images')):
    found = ms_ssim.ms_ssim_diversity(images, labels, p.classes or 1)
    spread_is = f'standard error, {found.pairs} pairs{" a class" if p.classes else ""}'
    yield Value(found.name + of, found.mean, found.standard_error, spread_is)


def stacked_digits(p: Pictures):
  """How many of the thousand modes these samples show, and how far from even they are."""
  reader = build_features.reader_of_stacks(p.data, p.fake.shape[1:])
  if reader is None:
    raise Meaningless(f'{p.data} are no stacked digits')
  for name, value in stacked.stacked_modes(None, stacked.numbers(p.fake, reader)):
    yield Value(f'stacked_{name}', value)


OF_PIXELS: dict[str, Measure] = {  # (pictures)
  'sliced': sliced_distance,
  'laplacian': laplacian_distance,
  'ms_ssim': diversity,
  'stacked': stacked_digits,
}
