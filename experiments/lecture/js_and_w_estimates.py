"""What a GAN's discriminator says of the JS divergence, and a WGAN's critic of W₁, while samples get better.

    python launch.py --config=experiments/lecture/js_and_w_estimates.py [--config.js_and_w_estimates.critic=256]

The critic's width is worth turning: a discriminator that is better at its task says more, of samples no worse.
"""

import math

import numpy as np

from experiments import digits_wgan, digits_wgan_gp, gan_digits
from wgan_jax import curves
from wgan_jax.errors import look_up
from wgan_jax.lecture import plots
from wgan_jax.lecture.correlations import rank_correlation
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.playing import Training
from wgan_jax.metrics.sliced import sliced_w1

ABOUT = About(
  title='The estimate of JS beside that of W₁, and which of them follows the samples',
  lectures=(2, 3),
  claim='The JS estimates of standard GANs go up or stay while samples get better: no significant correlation between '
  'sample quality and loss. The WGAN’s estimate falls as samples get better: a meaningful loss metric.',
  source='Arjovsky et al., Wasserstein GAN, figures 3 and 4, arXiv:1701.07875; on the digits of scikit-learn, with '
  'MLPs. The JS estimate is (value + log 4) / 2, in nats; the better the discriminator, the nearer it is to the true '
  'one.',
)
GAMES = {  # and what their value says
  'GAN': (gan_digits, 'JS estimate, nats', lambda value: (value + math.log(4)) / 2),
  'WGAN': (digits_wgan, 'W₁ estimate', lambda value: value),
  'WGAN-GP': (digits_wgan_gp, 'W₁ estimate', lambda value: value),
}


def get_config():
  return numbers(
    __file__,
    games=tuple(GAMES),  # some of these
    data='digits',  # or fashion_mnist or mnist, where they are prepared
    dir='~/tensorflow_datasets',  # where that is
    rounds=2500,  # generator updates
    looks=20,  # evenly spread over them
    generator=128,  # units of its three hidden layers
    critic=64,
    seed=0,
  )


def draw(config, folder):
  del folder
  games = {name: look_up('game', GAMES, name) for name in config.games}
  figure, axes = plots.panels(max(2, len(games)), 3, height=2.5)
  rows, measured = [['', 'rank correlation of estimate and distance', 'estimate from', 'to', 'distance from', 'to']], {}
  for i, (name, (experiment, unit, estimate)) in enumerate(games.items()):
    curve, looks, quality = played(experiment.get_config(), name, estimate, config)
    smooth = curves.median_filtered(curve)
    at_looks = smooth[looks - 1]
    facts = {
      'rank_correlation': rank_correlation(at_looks, quality),
      'first': float(at_looks[0]),
      'last': float(at_looks[-1]),
      'distance_first': float(quality[0]),
      'distance_last': float(quality[-1]),
    }
    measured |= {f'{name}_{fact}': value for fact, value in facts.items()}
    rows.append([name, f'{facts["rank_correlation"]:.2f}', *(f'{value:.3g}' for value in list(facts.values())[1:])])
    shown(axes[:, i], name, unit, (curve, smooth, looks, quality))
  for one in axes[:, len(games) :].flat:
    one.remove()
  return Figure(told(measured, games), measured, figure, rows)


def told(measured, games):
  def each(fact, form):
    return ' / '.join(format(measured[f'{name}_{fact}'], form) for name in games)

  return (
    f'{" / ".join(games)}: rank correlation of the estimate with the sliced distance of the samples to the data is '
    f'{each("rank_correlation", ".2f")} (1 where the one falls whenever the other does). Between the first and the '
    f'last look the estimate goes from {each("first", ".3f")} to {each("last", ".3f")}, the distance from '
    f'{each("distance_first", ".3f")} to {each("distance_last", ".3f")}.'
  )


def played(config, name, estimate, asked):
  """The estimate of every round [rounds], the rounds of the looks, and how far the samples are from the data then."""
  config.seed = asked.seed
  config.data.update(name=asked.data, dir=asked.dir)
  config.generator.width, config.critic.width = asked.generator, asked.critic
  config.train.update(steps=asked.rounds, rounds_per_dispatch=250)
  training = Training(config)
  real, value = training.real['image'], training.play.game.objective.value
  looks = np.unique(np.linspace(0, asked.rounds, asked.looks + 1).astype(int))[1:]
  said, quality = [], []
  for stage in training.stages(looks.tolist(), name):
    said.append(estimate(stage.history[value]))
    quality.append(sliced_w1(real, training.judge.fakes(stage.state, len(real), None), directions=128))
  return np.concatenate(said), looks, np.array(quality)


def shown(axes, name, unit, found):
  curve, smooth, looks, quality = found
  rounds = np.arange(1, len(curve) + 1)
  axes[0].plot(rounds, curve, color=plots.BLUE, linewidth=0.5, alpha=0.6, rasterized=True)
  axes[0].plot(rounds, smooth, color=plots.RED, label='running median')
  plots.label(axes[0], name, 'round', unit)
  plots.legend(axes[0])
  axes[1].plot(looks, quality, color=plots.TEAL, marker='o', markersize=3)
  plots.label(axes[1], 'The samples', 'round', 'sliced W₁ to the data')
  axes[1].set_yscale('log')
  axes[2].scatter(quality, smooth[looks - 1], c=looks, cmap=plots.between(), s=14)
  plots.label(axes[2], 'Both: amber is early, violet late', 'sliced W₁ to the data', unit)
