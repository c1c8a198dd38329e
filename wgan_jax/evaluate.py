"""The cheap measures of samples that are taken while a model trains."""

from collections.abc import Iterator

import jax
import numpy as np

from wgan_jax.data.source import Source
from wgan_jax.data.toy import Mixture
from wgan_jax.keys import sample_keys
from wgan_jax.metrics import labels
from wgan_jax.metrics.modes import mode_coverage
from wgan_jax.metrics.sliced import sliced_w1

HIGHER_IS_BETTER = {'modes', 'hq_share', 'label_accuracy', 'code_accuracy'}
ASKED = {'label': labels.accuracy, 'code': labels.accuracy_by_assignment}


class Evaluator:
  """Measures samples against real ones; what is slow to make of the real ones is made once.

  sliced_w1 is in the unit of the samples: pixels run from -1 to 1.

  Args:
    density: of the data where it is known, else None.
    real: real samples by name, 'image' [N, ...] and, where known, 'label' [N].
    n: samples that are compared; a classifier learns from all real ones.
    asks: which kind of class samples are asked to be of, as `Game.asks` tells it.
    size: how many distinct real samples there are, 0 for no end of them.
  """

  def __init__(self, density: object, real: dict[str, np.ndarray], n: int, asks: str = '', size: int = 0):
    self._density, self._real = density, real['image'][:n]
    # The first epoch alone: of what comes again, a part would be held out that was learned from.
    first = {name: x[: size or None] for name, x in real.items()}
    self._asks = asks if len(np.unique(first.get('label', []))) > 1 else ''
    self._classifier = labels.Classifier(first['image'], first['label']) if self._asks else None

  def scores(self, fake: np.ndarray, asked: np.ndarray | None) -> Iterator[tuple[str, float]]:
    """Yields (name, value); the first name is the one by which a checkpoint of such data is best.

    Args:
      fake: generated samples, as many as there are real ones.
      asked: the class that each was asked to be, None where none was.
    """
    if isinstance(self._density, Mixture):
      yield from mode_coverage(self._density.centers, self._density.sigma, fake)
    yield 'sliced_w1', sliced_w1(self._real, fake)
    if self._classifier:
      yield f'{self._asks}_accuracy', ASKED[self._asks](asked, self._classifier(fake))
      yield 'classifier_accuracy', self._classifier.accuracy

  def names(self) -> list[str]:
    """What of `scores` tells checkpoints apart, in order: the classifier's own accuracy does not."""
    scores = self.scores(self._real, np.zeros(len(self._real), int))
    return [name for name, _ in scores if name != 'classifier_accuracy']


def real_samples(source: Source, n: int) -> dict[str, np.ndarray]:
  """n samples of the data as training sees them, always the same for one seed, by their names in a batch."""
  size = jax.tree.leaves(source.feed(0, 1))[0].shape[1]
  draw = jax.jit(source.draw)
  feed = source.feed(0, -(-n // size))
  keys = jax.random.split(jax.random.key(0), -(-n // size))
  minibatches = [jax.tree.map(lambda x, i=i: x[i], feed) for i in range(len(keys))]
  batches = [draw(source.resident, m, sample_keys(k, size)) for m, k in zip(minibatches, keys, strict=True)]
  return jax.tree.map(lambda *x: np.concatenate(x)[:n], *jax.device_get(batches))
