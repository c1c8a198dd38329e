"""A GAN on the line, stage by stage: the generator's density walks to the data, and the discriminator to 1/2.

    python launch.py --config=experiments/lecture/learning_process.py [--config.learning_process.rounds=4000]

Turn rounds: with few, the walk is seen on its way.
"""

import numpy as np
import scipy.special

from experiments import toy_wgan_gp
from wgan_jax import closed_forms
from wgan_jax.data.toy import Mixture, toy_source
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.known import Normals
from wgan_jax.lecture.playing import Training
from wgan_jax.prepare import prepare

ABOUT = About(
  title='How a GAN learns: data, generator and discriminator on the line',
  lectures=(2,),
  claim='Of this the lecture has a heading alone, “Learning process”, over a figure of Goodfellow et al., 2014.',
  source='Goodfellow et al., Generative Adversarial Networks, 2014, figure 1: the classifier learns to tell the two '
  'apart, the generator follows its gradient to where it takes samples for real, and in the end the densities are the '
  'same and the classifier says 1/2 everywhere. Lines at the foot of each panel go from z, which is uniform, to the '
  'sample that the generator makes of it. The loss of the generator is −log D.',
)


def get_config():
  return numbers(
    __file__,
    mean=1.0,  # of the data, which are normal
    sigma=0.5,  # their standard deviation
    rounds=3000,  # of one update of each network
    rate=1e-3,  # Adam's, falling to 0
    width=64,  # units of three hidden layers
    samples=20_000,  # of the generator at each stage
    seed=0,
  )


def draw(config, folder):
  del folder
  if min(config.sigma, config.rate) <= 0:
    raise UserError(f'sigma={config.sigma:g} and rate={config.rate:g}: both must be more than 0')
  training = game_of(config)
  rounds = sorted({0, max(config.rounds // 30, 1), max(config.rounds // 8, 1), config.rounds})
  data = config.mean + config.sigma * np.random.default_rng(config.seed).normal(size=config.samples)
  figure, axes = plots.panels(len(rounds), height=3.4, sharey=True)
  measured = {}
  for one, stage in zip(axes[0], training.stages(rounds, 'GAN on the line'), strict=True):
    z = np.linspace(-1, 1, 25, dtype=np.float32)[:, None]
    codes, _ = training.sampler.codes(stage.state.variables(), np.arange(config.samples))
    made, fakes = (training.sampler.generate(stage.state.variables(), of, None)[:, 0] for of in (z, codes))
    show(one, training, stage, config, fakes, np.stack([z[:, 0], made]))
    among = says(training, stage, data)
    which = {0: 'first', config.rounds: 'last'}.get(stage.step)
    if which:
      measured[f'W1 {which}'] = closed_forms.on_the_line(data, np.float64(fakes))
      measured[f'off {which}'] = float(np.abs(among - 0.5).mean())
  measured['noise'] = closed_forms.on_the_line(data[::2], data[1::2])
  plots.legend(axes[0, 0], loc='upper right')
  told = (
    f'W₁ between {config.samples:,} samples of the generator and of the data is {measured["W1 first"]:.3f} in the '
    f'beginning and {measured["W1 last"]:.3f} after {config.rounds:,} rounds (two halves of the data are '
    f'{measured["noise"]:.3f} apart). On the data, D is on average {measured["off first"]:.3f} away from 1/2 in the '
    f'beginning and {measured["off last"]:.3f} in the end.'
  )
  return Figure(told, measured, figure)


def game_of(c) -> Training:
  config = toy_wgan_gp.get_config()
  config.game.update(objective='non_saturating', n_critic=1)
  config.game.penalty.name = 'none'
  for network in (config.generator, config.critic):
    network.width = c.width
  for optimizer in config.optimizer.values():
    optimizer.learning_rate = c.rate
  config.prior.update(name='uniform', dim=1)
  config.seed = c.seed
  config.train.update(steps=c.rounds, rounds_per_dispatch=250, devices=1)
  data = Mixture(np.float32([[c.mean]]), c.sigma)
  return Training(config, prepare(config, toy_source(data, config.data.batch_size, 1)))


def says(training, stage, x):
  """D at x [N]."""
  return scipy.special.expit(training.judge.scores(stage.state, np.float32(x)[:, None], None))


def show(axes, training, stage, c, fakes, codes):
  """The three curves, and where some codes go: `codes` [2, N] are z and samples."""
  left, right = c.mean - 6 * c.sigma, c.mean + 6 * c.sigma
  x = np.linspace(left, right, 241)
  axes.plot(x, c.sigma * Normals((1.0,), (c.mean,), (c.sigma,)).density(x), color=plots.GREY, label='data')
  heights, edges = np.histogram(fakes, bins=60, range=(left, right))
  axes.stairs(heights / len(fakes) / np.diff(edges) * c.sigma, edges, color=plots.RED, label='generator')
  axes.plot(x, says(training, stage, x), color=plots.BLUE, linestyle='--', label='D')
  axes.axhline(0.5, color=plots.INK, linewidth=0.5, linestyle=':')
  z = left + (codes[0] + 1) / 2 * (right - left)
  axes.plot(np.stack([z, codes[1]]), [[-0.45] * len(z), [-0.1] * len(z)], color=plots.INK, linewidth=0.4)
  axes.set(xlim=(left, right), ylim=(-0.5, 1.4), yticks=(0, 0.5, 1))
  plots.label(axes, f'Round {stage.step:,}', 'x; below, z', 'σ · density; D')
