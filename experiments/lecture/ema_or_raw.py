"""Samples of the moving average of a generator's weights beside those of the weights of the round, while it trains.

    python launch.py --config=experiments/lecture/ema_or_raw.py [--config.ema_or_raw.samples=5000]

More samples make a Fréchet distance less noisy, and smaller.
"""

import functools

import jax
import numpy as np

from experiments import biggan_digits_short
from wgan_jax import standing
from wgan_jax.data import digits
from wgan_jax.data.images import to_uint8
from wgan_jax.drawing import APART
from wgan_jax.lecture import digits_seen, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.kept import kept_of
from wgan_jax.metrics.frechet import frechet_distance

ABOUT = About(
  title='Samples of a moving average of the weights, and of the weights themselves',
  lectures=(0,),
  claim='Draw with a moving average of the weights over the rounds, W(k) = Σᵢ γⁱ W(k−i).',
  erratum='This sum lacks the factor 1 − γ: its coefficients add up to 1 / (1 − γ) and not to 1, so that of constant '
  'weights it makes others, larger ones. What is kept is W(k) = (1 − γ) Σᵢ γⁱ W(k−i), by '
  'adding (1 − γ) times the new weights to γ times the old average.',
  source='Karras et al., Progressive Growing of GANs, section 6.1; Brock et al., section 3. FCD-digits is a Fréchet '
  'distance in the features of a small classifier of digits, not FID. Both have standing batch statistics.',
)
PASSES, BATCH = 16, 64  # of standing statistics
SHOWN = 30  # samples of a grid


def get_config():
  return numbers(
    __file__,
    samples=1_797,  # of each, as many as there are real digits
    rounds=1_500,  # of the training, which the figures of BigGAN share
    seed=0,  # of the training and of the codes
  )


def draw(config, folder):
  experiment = biggan_digits_short.get_config()
  training, stages = kept_of(experiment, config.seed, config.rounds, folder)
  see = digits_seen.seeing()
  real = see(digits.load().images).features
  one_pass = jax.jit(functools.partial(standing.of_pass, training.play.game.clone(axis_name=None)))
  of, samples = {'average': [], 'raw': []}, {}
  for stage in stages[1:]:
    for name, variables in ('average', stage.state.averaged_variables()), ('raw', stage.state.variables()):
      samples[name] = drawn(training.sampler, one_pass, variables, config.samples)
      of[name].append(frechet_distance(real, see(samples[name]).features, allow_singular=True))
  of = {name: np.array(values) for name, values in of.items()}
  gamma = experiment.ema.decay
  measured = {
    'gamma': gamma,
    'sum': sum(gamma**i for i in range(config.rounds)),
    'limit': 1 / (1 - gamma),
    'with_factor': (1 - gamma) * sum(gamma**i for i in range(config.rounds)),
    'average': of['average'][-1],
    'raw': of['raw'][-1],
    'better': np.sum(of['average'] < of['raw']),
    'looks': len(of['raw']),
    'ratio': np.median(of['average'] / of['raw']),
  }
  return Figure(told(measured), measured, picture([stage.step for stage in stages[1:]], of, samples))


def drawn(sampler, one_pass, variables, n):
  """The first n samples, uint8, of these weights, with batch statistics gathered from other codes."""
  batches = [sampler.codes(variables, APART + i * BATCH + np.arange(BATCH)) for i in range(PASSES)]
  variables = standing.standing_statistics(one_pass, variables, batches)
  return to_uint8(sampler.generate(variables, *sampler.codes(variables, np.arange(n))))


def told(m):
  return (
    f'In {m["better"]} of {m["looks"]} looks the moving average (γ = {m["gamma"]:g}) has the smaller FCD-digits, '
    f'{m["ratio"]:.2f} times that of the weights of the round in the median. In the end it is {m["average"]:.2f} '
    f'against {m["raw"]:.2f}. The coefficients of the lecture’s sum add up to {m["sum"]:.4f} by then, near to '
    f'1 / (1 − γ) = {m["limit"]:.1f}; with the factor 1 − γ to {m["with_factor"]:.6f}.'
  )


def picture(rounds, of, samples):
  figure, axes = plots.panels(3, height=2.9)
  names = {'average': ('moving average', plots.BLUE), 'raw': ('weights of the round', plots.RED)}
  for one, (name, (title, colour)) in zip(axes[0, 1:], names.items(), strict=True):
    axes[0, 0].plot(rounds, of[name], 'o-', color=colour, label=title, markersize=4)
    plots.images(one, samples[name][:SHOWN] / 127.5 - 1, 6)
    plots.label(one, f'{title.capitalize()}, round {rounds[-1]:,}')
  axes[0, 0].set_yscale('log')
  plots.label(axes[0, 0], 'How far from the digits', 'rounds', 'FCD-digits, log scale')
  plots.legend(axes[0, 0])
  return figure
