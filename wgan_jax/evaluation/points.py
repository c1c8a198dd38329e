"""Measuring points: against fresh samples of a density that is known."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np

from wgan_jax.data.toy import Mixture
from wgan_jax.drawing import Drawing
from wgan_jax.evaluation import fakes
from wgan_jax.evaluation.measures import Meaningless, Value
from wgan_jax.evaluation.scores import Scores, Setting
from wgan_jax.metrics import densities, distances, modes, sliced
from wgan_jax.restored import Restored


def of_modes(real: np.ndarray, fake: np.ndarray, density: Any) -> Iterator[Value]:
  """Which modes of a mixture were found, and how many samples are worth having."""
  if not isinstance(density, Mixture):
    raise Meaningless('this density has no modes')
  return (Value(name, value) for name, value in modes.mode_coverage(density.centers, density.sigma, fake))


def of_slices(real: np.ndarray, fake: np.ndarray, density: Any) -> Iterator[Value]:
  """In the unit of the points."""
  yield Value('sliced_w1', sliced.sliced_w1(real, fake))


def of_transport(real: np.ndarray, fake: np.ndarray, density: Any) -> Iterator[Value]:
  """Exact distances, or how far off the value may be."""
  for p in (1, 2):
    found = distances.wasserstein(real, fake, p)
    yield Value(f'w{p}', found.value, found.error or None, f'largest error, by {found.method}' if found.error else '')


def of_energy(real: np.ndarray, fake: np.ndarray, density: Any) -> Iterator[Value]:
  """In the root of the unit of the points."""
  yield Value('energy_distance', distances.energy_distance(real, fake))


def of_kernel(real: np.ndarray, fake: np.ndarray, density: Any) -> Iterator[Value]:
  """Squared maximum mean discrepancy, unbiased: below zero about as often as not for equal distributions."""
  yield Value('squared_mmd', distances.squared_mmd(real, fake))


def of_density(real: np.ndarray, fake: np.ndarray, density: Any) -> Iterator[Value]:
  """Kullback-Leibler divergences from and to the known density, in nats."""
  for name, found in (
    ('forward_kl', densities.forward_kl(density.log_density, real, fake)),
    ('reverse_kl', densities.reverse_kl(density.log_density, fake)),
  ):
    yield Value(name, found.value, found.standard_error, 'standard error')


MEASURES: dict[str, Callable[..., Iterator[Value]]] = {  # (real [n, 2], fake [n, 2], density)
  'modes': of_modes,
  'wasserstein': of_transport,
  'sliced': of_slices,
  'energy': of_energy,
  'mmd': of_kernel,
  'kl': of_density,
}


def measure(config: Any, run: Restored, drawing: Drawing, scores: Scores) -> None:
  """Takes all measures of points that are wanted."""
  keys, density = config.evaluate, run.prepared.source.density
  # Keys that training does not use: it scores the same points at every look.
  real = jax.device_get(
    density.sample(jax.random.split(jax.random.fold_in(jax.random.key(keys.seed), 1), keys.n_points))
  )
  fake = np.concatenate([x for x, _ in fakes.drawn(drawing, keys.n_points, keys.batch_size)])
  for name in filter(scores.wants, MEASURES):
    scores.take(name, Setting('density', len(real), len(fake)), MEASURES[name](real, fake, density))
