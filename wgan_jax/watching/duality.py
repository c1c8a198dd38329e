"""A Wasserstein critic's own estimate beside the exact distance of the very samples that it is made of.

Kantorovich-Rubinstein duality: W1 = sup { E f(x) - E f(y) : f has the Lipschitz constant 1 }. A critic is no such f,
and what it is kept to by clipping or a penalty says little about its constant. So the constant is measured too.
"""

import functools
from collections.abc import Callable, Iterator

import numpy as np

from wgan_jax import transport
from wgan_jax.evaluators import Evaluator
from wgan_jax.watching.judge import Judge

NEAREST = 1e-4  # of the mean distance: of pairs nearer than that, the difference in score is rounding noise

OfSamples = Callable[[np.ndarray, np.ndarray | None], np.ndarray]  # (x [n, ...], label [n]) -> [n]


def evaluator(judge: Judge, real: dict[str, np.ndarray], n: int, within_classes: bool) -> Evaluator:
  """Compares on the first n real samples, and on as many fakes that are asked to be of their classes.

  Beside `duality`'s numbers stands critic/w1_of_real, the exact distance of the real samples from as many others, where
  there are so many: what a generator without fault would leave of the exact distance, and no critic can be blamed for.
  """
  x, label = real['image'][:n], real['label'][:n] if 'label' in real else None
  others = real['image'][len(x) : 2 * len(x)]
  known = [] if within_classes or len(others) < len(x) else [('critic/w1_of_real', float(paired(x, others)[1].mean()))]

  def scores(look):
    critic, slopes = (functools.partial(fn, look.state) for fn in (judge.scores, judge.slopes))
    fakes = judge.fakes(look.state, len(x), label)
    if np.isfinite(fakes).all():  # else the run is about to tell more
      yield from duality(critic, slopes, x, fakes, label, within_classes)
      yield from known

  return Evaluator(scores)


def duality(
  critic: OfSamples,
  slopes: OfSamples,
  real: np.ndarray,
  fake: np.ndarray,
  label: np.ndarray | None = None,
  within_classes: bool = False,
) -> Iterator[tuple[str, float]]:
  """Yields (name, value) of four numbers about a critic f on n real samples x and n fakes y.

    critic/w1_estimate  mean f(x) - mean f(y), in the unit of the scores
    critic/w1_exact     the least mean Euclidean distance |x - y| over all ways to pair them, in the unit of the samples
    critic/lipschitz    the largest slope of f that was found
    critic/w1_ratio     estimate / (lipschitz * exact), at most 1; left out where that would be 0 / 0

  Slopes are looked for where duality needs them: the norm of the gradient at every x, at every y, at a point between
  each x and its partner in the optimal pairing (where the best f rises with slope 1: Gulrajani et al., Proposition 1,
  https://arxiv.org/abs/1704.00028), and |f(x) - f(y)| / |x - y| of these partners, which the gradient reaches somewhere
  between them. The true constant is at least as large. With the last of these kinds estimate <= lipschitz * exact
  holds for whatever f, so the ratio tells what share of the distance f accounts for, after its scale is taken out.

  The exact distance of so few samples is itself above that of their distributions, the more the more dimensions there
  are; f is held against these very samples, not against the distributions.

  Args:
    critic, slopes: f, and the norm of its gradient.
    real, fake: [n, ...].
    label: of real samples and of fakes, place by place.
    within_classes: of an f that looks at the label: samples of different classes are infinitely far apart.
  """
  partner, distances = paired(real, fake, label if within_classes else None)
  fake, fake_label = fake[partner], None if label is None else label[partner]
  at_real, at_fake = critic(real, label), critic(fake, fake_label)
  share = ((np.arange(len(real), dtype=np.float32) + 0.5) / len(real)).reshape(-1, *[1] * (real.ndim - 1))
  points = (real, label), (fake, fake_label), (share * real + (1 - share) * fake, label)
  apart = distances > NEAREST * distances.mean()
  secants = np.abs(at_real - at_fake)[apart] / distances[apart]
  lipschitz = max(np.max(found) for found in (*(slopes(*where) for where in points), secants) if len(found))
  estimate, exact = np.mean(at_real) - np.mean(at_fake), np.mean(distances)
  yield 'critic/w1_estimate', float(estimate)
  yield 'critic/w1_exact', float(exact)
  yield 'critic/lipschitz', float(lipschitz)
  if lipschitz * exact > 0:
    yield 'critic/w1_ratio', float(estimate / (lipschitz * exact))


def paired(real: np.ndarray, fake: np.ndarray, classes: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
  """The pairing of least total Euclidean distance: the place [n] of each real sample's fake, and how far that is [n].

  classes: [n], of both: within each of them alone samples are paired.
  """
  partner, distances = np.zeros(len(real), int), np.zeros(len(real))
  classes = np.zeros(len(real)) if classes is None else classes
  for kind in np.unique(classes):
    places = np.flatnonzero(classes == kind)
    costs = transport.cost_matrix(real[places], fake[places])
    columns = transport.pairing(costs)
    partner[places], distances[places] = places[columns], costs[np.arange(len(costs)), columns]
  return partner, distances
