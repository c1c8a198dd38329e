"""Whether a critic tells training samples from real samples that it never saw: an alarm with a test behind it.

Gulrajani et al., "Improved Training of Wasserstein GANs", section 5.3 and figure 5b, https://arxiv.org/abs/1704.00028,
plot a critic's loss on both and look.
"""

from collections.abc import Iterator

import numpy as np
import scipy.special

from wgan_jax.evaluators import Evaluator, Look
from wgan_jax.progress import say
from wgan_jax.watching.judge import Judge

CHANCE = 1e-3  # that the alarm opens in some look of a run whose critic has no more than luck on its side


def evaluator(judge: Judge, training: dict[str, np.ndarray], held_out: dict[str, np.ndarray], looks: int) -> Evaluator:
  """Watches the game's critic; `looks` are those of the whole run."""
  return Evaluator(Alarm(judge, training, held_out, looks))


class Alarm:
  """Yields (name, value) at each look; says so in a line when it opens.

    overfitting/training    the critic's loss on training samples, the mean against the same fakes
    overfitting/held_out    that on real samples which no network learns from
    overfitting/t, /p       of Welch's test of the one against the other, one-sided
    overfitting/alarm       1 where p < 1e-3 / looks, else 0

  A run has many looks, and a test that is repeated finds something in the end. With 1e-3 divided by their number
  (Bonferroni) all of them together have that chance of a false alarm, however they depend on one another, as they do:
  the samples are always the same. The fakes are the same for both kinds, so that what they cost is no difference.

  It opens too where held-out samples are of another distribution than the training samples: the test cannot tell.

  Args:
    judge: of a game.
    training, held_out: real samples by name, each distinct, as training sees them.
    looks: that the run has in all.
  """

  def __init__(self, judge: Judge, training: dict[str, np.ndarray], held_out: dict[str, np.ndarray], looks: int):
    self._judge, self._real, self._limit, self._open = judge, (training, held_out), CHANCE / looks, False

  def __call__(self, look: Look) -> Iterator[tuple[str, float]]:
    label = self._real[0].get('label')
    fakes = self._judge.fakes(look.state, len(self._real[0]['image']), label)
    against = self._judge.scores(look.state, fakes, label)
    training, held_out = (
      self._judge.cost(self._judge.scores(look.state, of['image'], of.get('label')), against) for of in self._real
    )
    t, p = welch(training, held_out)
    yield 'overfitting/training', float(training.mean())
    yield 'overfitting/held_out', float(held_out.mean())
    yield 'overfitting/t', t
    yield 'overfitting/p', p
    yield 'overfitting/alarm', float(p < self._limit)
    if p < self._limit and not self._open:
      means = f'its loss is {training.mean():.4g} on training samples and {held_out.mean():.4g} on held-out ones'
      say(f'the critic overfits at round {look.step:,}: {means} (t = {t:.1f}, p = {p:.1g} < {self._limit:.1g})')
    self._open = p < self._limit


def welch(low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
  """(t, p) of Welch's test whether the mean of `high` [M] is above that of `low` [N]; (0, 0.5) where it cannot tell.

  Welch, "The generalization of Student's problem when several different population variances are involved" (1947).
  """
  parts = [np.var(x, ddof=1) / len(x) if len(x) > 1 else 0.0 for x in (low, high)]
  if min(parts) == 0:  # one sample, or a critic that says the same of all
    return 0.0, 0.5
  t = (np.mean(high) - np.mean(low)) / np.sqrt(sum(parts))
  freedom = sum(parts) ** 2 / sum(part**2 / (len(x) - 1) for part, x in zip(parts, (low, high), strict=True))
  return float(t), float(scipy.special.stdtr(freedom, -t))
