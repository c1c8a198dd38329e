"""The cheap measures of samples that are taken while a model trains."""

from collections.abc import Iterator

import jax
import numpy as np

from wgan_jax.data.source import Source
from wgan_jax.data.toy import Mixture
from wgan_jax.keys import sample_keys
from wgan_jax.metrics.modes import mode_coverage
from wgan_jax.metrics.sliced import sliced_w1

HIGHER_IS_BETTER = {'modes', 'hq_share'}


def evaluate(density: object, real: np.ndarray, fake: np.ndarray) -> Iterator[tuple[str, float]]:
  """Yields (name, value); the first name is the one by which a checkpoint of such data is best.

  sliced_w1 is in the unit of the samples: pixels run from -1 to 1.

  Args:
    density: of the data where it is known, else None.
    real, fake: samples of equal shape.
  """
  if isinstance(density, Mixture):
    yield from mode_coverage(density.centers, density.sigma, fake)
  yield 'sliced_w1', sliced_w1(real, fake)


def real_samples(source: Source, n: int) -> np.ndarray:
  """n samples of the data as training sees them, always the same for one seed."""
  size = jax.tree.leaves(source.feed(0, 1))[0].shape[1]
  draw = jax.jit(source.draw)
  feed = source.feed(0, -(-n // size))
  keys = jax.random.split(jax.random.key(0), -(-n // size))
  minibatches = [jax.tree.map(lambda x, i=i: x[i], feed) for i in range(len(keys))]
  batches = [draw(source.resident, m, sample_keys(k, size))['image'] for m, k in zip(minibatches, keys, strict=True)]
  return np.concatenate(jax.device_get(batches))[:n]
