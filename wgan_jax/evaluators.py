"""The cheap measures of samples that are taken while a model trains."""

import itertools
from collections.abc import Callable, Iterable
from typing import NamedTuple

import jax
import numpy as np

from wgan_jax.data.images import to_uint8
from wgan_jax.data.source import Source
from wgan_jax.data.toy import Mixture
from wgan_jax.extract import Extractor
from wgan_jax.keys import sample_keys
from wgan_jax.metrics import labels
from wgan_jax.metrics.frechet import frechet_distance
from wgan_jax.metrics.modes import mode_coverage
from wgan_jax.metrics.moments import Moments
from wgan_jax.metrics.sliced import sliced_w1
from wgan_jax.state import TrainState

HIGHER_IS_BETTER = {'modes', 'hq_share', 'label_accuracy', 'code_accuracy'}
ASKED = {'label': labels.accuracy, 'code': labels.accuracy_by_assignment}


class Look(NamedTuple):
  """A run as evaluators find it.

  step: rounds played. state: of that round.
  fake: samples of its moving averages, [N, ...]. asked: the class that each was asked to be, [N], None where none was.
  """

  step: int
  state: TrainState | None
  fake: np.ndarray
  asked: np.ndarray | None = None


class Evaluator(NamedTuple):
  """A measure of a run, taken at each look.

  scores: Look -> (name, value), one after another.
  ranks: those of the names by which one checkpoint can be better than another, the most telling first.
  """

  scores: Callable[[Look], Iterable[tuple[str, float]]]
  ranks: tuple[str, ...] = ()


def scores_at(look: Look, evaluators: Iterable[Evaluator]) -> dict[str, float]:
  """What all of them say of one look, by name."""
  return dict(itertools.chain.from_iterable(evaluator.scores(look) for evaluator in evaluators))


def ranks(evaluators: Iterable[Evaluator]) -> list[str]:
  """The names by which a checkpoint can be best; by the first of them it is, unless a config names another."""
  return [name for evaluator in evaluators for name in evaluator.ranks]


def of_samples(
  density: object,
  real: dict[str, np.ndarray],
  n: int,
  asks: str = '',
  size: int = 0,
  learn: Callable[[np.ndarray, np.ndarray], Callable] = labels.Classifier,
) -> list[Evaluator]:
  """Evaluators that compare n samples with n real ones; what is slow to make of the real ones is made once, here.

  Args:
    density: of the data where it is known, else None.
    real: real samples by name, 'image' [N, ...] and, where known, 'label' [N].
    n: samples that are compared; a classifier learns from all real ones.
    asks: which kind of class samples are asked to be of, as `Game.asks` tells it.
    size: how many distinct real samples there are, 0 for no end of them.
    learn: (real images, labels) -> what tells the class of images, with its own `accuracy`.
  """
  # The first epoch alone: of what comes again, a part would be held out that was learned from.
  first = {name: x[: size or None] for name, x in real.items()}
  told = asks and len(np.unique(first.get('label', []))) > 1
  return [
    *([of_modes(density, n)] if isinstance(density, Mixture) else []),
    of_distance(real['image'][:n]),
    *([of_classes(asks, learn(first['image'], first['label']), n)] if told else []),
  ]


def of_modes(density: Mixture, n: int) -> Evaluator:
  """Which modes of a mixture the first n samples found."""
  return Evaluator(
    lambda look: mode_coverage(density.centers, density.sigma, look.fake[:n]), ('hq_share', 'modes', 'mode_kl')
  )


def of_distance(real: np.ndarray) -> Evaluator:
  """The sliced distance to real samples [n, ...], in their unit: pixels run from -1 to 1."""
  return Evaluator(lambda look: [('sliced_w1', sliced_w1(real, look.fake[: len(real)]))], ('sliced_w1',))


def of_features(extractor: Extractor, real: np.ndarray, n: int) -> Evaluator:
  """The Frechet distance of the first n samples to the first n real images, in the features of a network.

  Args:
    extractor: of the network.
    real: images in [-1, 1], [n or more, H, W, C].
  """

  def moments(images):
    return Moments().add(extractor(to_uint8(images[:n])).features)

  of_real, name = moments(real), extractor.network.distance
  return Evaluator(lambda look: [(name, frechet_distance(of_real, moments(look.fake)))], (name,))


def of_classes(asks: str, classifier: Callable[[np.ndarray], np.ndarray], n: int) -> Evaluator:
  """Whether the first n samples are what they were asked to be, beside how far the classifier itself can be trusted."""

  def scores(look):
    yield f'{asks}_accuracy', ASKED[asks](look.asked[:n], classifier(look.fake[:n]))
    yield 'classifier_accuracy', classifier.accuracy

  return Evaluator(scores, (f'{asks}_accuracy',))


def real_samples(source: Source, n: int) -> dict[str, np.ndarray]:
  """n samples of the data as training sees them, always the same for one seed, by their names in a batch."""
  size = jax.tree.leaves(source.feed(0, 1))[0].shape[1]
  draw = jax.jit(source.draw)
  feed = source.feed(0, -(-n // size))
  keys = jax.random.split(jax.random.key(0), -(-n // size))
  minibatches = [jax.tree.map(lambda x, i=i: x[i], feed) for i in range(len(keys))]
  batches = [draw(source.resident, m, sample_keys(k, size)) for m, k in zip(minibatches, keys, strict=True)]
  return jax.tree.map(lambda *x: np.concatenate(x)[:n], *jax.device_get(batches))
