"""Two overlapping Gaussians of which a discriminator sees few samples: it separates them all, and says log 2.

    python launch.py --config=experiments/lecture/separated_samples.py [--config.separated_samples.dim=2]

Turn dim, the dimensions: the more, the more samples it takes before the overlap is noticed.
"""

from typing import NamedTuple

import numpy as np

from experiments import toy_wgan_gp
from wgan_jax import discrete, priors
from wgan_jax.data.toy import toy_source
from wgan_jax.lecture import known, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.line import Shift
from wgan_jax.lecture.playing import Training, with_fields
from wgan_jax.prepare import prepare

ABOUT = About(
  title='With too few samples, what overlaps is separated all the same',
  lectures=(1,),
  claim='JS divergence is log 2 if two distributions do not overlap. Even though P_data and P_G overlap, if you do not '
  'have enough samples, a binary classifier achieves 100 % accuracy and the divergence that it reports is log 2.',
  source='Goodfellow et al., 2014, theorem 1: a discriminator estimates JSD by (V + log 4) / 2. Both piles are normal '
  'with a variance of 1 along each axis, their means d apart; the true JSD is an integral on the line.',
)


SEEN, FRESH = 'samples that it learned from', 'fresh samples'


def get_config():
  return numbers(
    __file__,
    dim=20,  # dimensions of a sample
    apart=1.0,  # of the means, in standard deviations
    fewest=30,  # samples of each pile in the first experiment, five times as many in the next
    experiments=5,
    rounds=1500,  # updates of each discriminator, in batches of 256
    width=64,  # units of its three hidden layers
    fresh=4000,  # samples of each pile that it has not seen
    seed=0,
  )


class Rows(NamedTuple):
  """Samples [N, D] that were drawn once, to be drawn of with replacement."""

  rows: np.ndarray

  def sample(self, keys):
    return priors.empirical(self.rows)(keys)


def draw(config, folder):
  del folder
  counts = [config.fewest * 5**i for i in range(config.experiments)]
  results = [learned(config, n) for n in counts]
  lines = {name: np.array([result[name] for result in results]) for name in (SEEN, FRESH)}  # accuracy and JSD by count
  reach = abs(config.apart) / 2 + 12
  x = np.linspace(-reach, reach, known.PLACES)
  piles = [known.Normals((1.0,), (side * config.apart / 2,), (1.0,)).masses(x) for side in (-1, 1)]
  truth = {'best': (1 + discrete.total_variation(*piles)) / 2, 'JSD': discrete.jensen_shannon(*piles)}
  measured = truth | {'log 2': np.log(2), 'fewest': counts[0], 'most': counts[-1]}
  for name, values in lines.items():
    for i, which in ((0, 'fewest'), (-1, 'most')):
      measured |= {f'accuracy, {name}, {which}': values[i, 0], f'JSD, {name}, {which}': values[i, 1]}
  return Figure(told(measured), measured, picture(counts, lines, truth))


def told(m):
  def of(name, which):
    return f'{m[f"accuracy, {name}, {which}"]:.1%} of {name} and an estimate of {m[f"JSD, {name}, {which}"]:.3f}'

  return (
    f'The JSD is {m["JSD"]:.4f} nats, and no classifier is right more often than {m["best"]:.1%}. From {m["fewest"]} '
    f'samples of each pile the discriminator gets {of(SEEN, "fewest")} (log 2 = {m["log 2"]:.3f}), but '
    f'{of(FRESH, "fewest")}. From {m["most"]:,} it gets {of(SEEN, "most")}, and {of(FRESH, "most")}.'
  )


def learned(c, n):
  """{kind of samples: (accuracy, estimate of JSD)} of a discriminator that learned from n samples of each pile."""
  rng, step = np.random.default_rng(c.seed), c.apart / np.sqrt(c.dim) / 2  # from the middle, along each axis
  seen, fresh = (np.float32(rng.normal(size=(2, size, c.dim))) for size in (n, c.fresh))
  config = toy_wgan_gp.get_config()
  config.game.update(objective='minimax', n_critic=1)
  config.game.penalty.name = 'none'
  config.critic.width, config.seed = c.width, c.seed
  config.optimizer.generator_loss.update(name='sgd', learning_rate=0.0)  # the fakes stay where they are
  config.prior.dim, config.train.devices = c.dim, 1
  config.train.update(steps=c.rounds, rounds_per_dispatch=250)
  source = toy_source(Rows(seen[0] - np.float32(step)), config.data.batch_size, c.dim)
  made = with_fields(prepare(config, source), generator=Shift(step), prior=priors.empirical(seen[1]))
  training = Training(config, made)
  *_, last = training.stages([c.rounds], f'{n} samples')

  def judged(real, codes):
    samples = real - np.float32(step), codes + np.float32(step)
    real, fake = (training.judge.scores(last.state, x, None) for x in samples)
    value = -np.mean(np.logaddexp(0, -real)) - np.mean(np.logaddexp(0, fake))
    return (np.mean(real > 0) + np.mean(fake < 0)) / 2, (value + np.log(4)) / 2

  return {SEEN: judged(*seen), FRESH: judged(*fresh)}


def picture(counts, lines, truth):
  figure, axes = plots.panels(2, height=3.2)
  titles = 'Accuracy of the discriminator', 'Its estimate of the JSD (dots: log 2)'
  for one, column, best, title in zip(axes[0], (0, 1), truth.values(), titles, strict=True):
    for kind, colour in ((SEEN, plots.RED), (FRESH, plots.BLUE)):
      one.semilogx(counts, lines[kind][:, column], 'o-', color=colour, markersize=4, label=kind)
    one.axhline(best, color=plots.INK, linestyle='--', linewidth=1, label='of the whole densities')
    plots.label(one, title, 'samples of each pile', ('accuracy', 'nats')[column])
  axes[0, 1].axhline(np.log(2), color=plots.INK, linestyle=':', linewidth=1)
  plots.legend(axes[0, 0], loc='center left')
  return figure
