"""Samples of several stages of training, ranked by how good they are and by the loss: whether the two agree.

    python launch.py --config=experiments/lecture/loss_ranks_samples.py [--config.loss_ranks_samples.seeds=5]

Other data are worth a try: data=fashion_mnist, which the exercise asks for, takes some minutes and has to be prepared.
"""

import numpy as np
import scipy.stats

from experiments import digits_wgan, digits_wgan_gp, gan_digits
from wgan_jax.errors import look_up
from wgan_jax.lecture import plots
from wgan_jax.lecture.correlations import rank_correlation
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.playing import Training
from wgan_jax.metrics.sliced import sliced_w1

ABOUT = About(
  title='Ranking samples without looking at the loss',
  lectures=(3,),
  claim='Exercise of weeks 3, 4 and 5: “Examine samples from various stages of the training. Rank them without '
  'looking at the corresponding loss and see if your ranking agrees with the loss”, for a GAN, a WGAN and a WGAN-GP.',
  source='Here the ranking that does not look at the loss is by the sliced W₁ distance of the samples to the data. '
  'The loss is the median of the 50 rounds before, of the critic’s value (by the theory small where samples are good).',
)
GAMES = {'GAN': gan_digits, 'WGAN': digits_wgan, 'WGAN-GP': digits_wgan_gp}
BEFORE = 50  # rounds that a loss is the median of


def get_config():
  return numbers(
    __file__,
    games=tuple(GAMES),  # some of these
    data='digits',  # or fashion_mnist or mnist, where they are prepared
    dir='~/tensorflow_datasets',  # where that is
    rounds=1500,  # generator updates
    stages=7,  # spread evenly over the logarithm of the round
    first=50,  # round of the first of them
    seeds=2,  # runs of each game
    width=96,  # units of the three hidden layers
    images=16,  # of each stage, of the first run
  )


def draw(config, folder):
  del folder
  games = {name: look_up('game', GAMES, name) for name in config.games}
  figure, axes = plots.panels(config.stages, len(games), height=1.75)
  rows, measured = (
    [['', 'run', 'critic’s value', 'generator’s loss', 'round of the best samples', 'of the best value']],
    {},
  )
  for i, (name, experiment) in enumerate(games.items()):
    found = []
    for seed in range(config.seeds):
      stages = played(experiment.get_config(), f'{name}, run {seed}', seed, config)
      by_critic, by_generator = (rank_correlation(stages[key], stages['distance']) for key in ('value', 'generator'))
      best = [stages['round'][np.argmin(stages[key])] for key in ('distance', 'value')]
      rows.append([name, f'{seed}', f'{by_critic:.2f}', f'{by_generator:.2f}', *(f'{round_:,}' for round_ in best)])
      found.append((by_critic, by_generator))
      if not seed:
        in_order(axes[i], name, stages)
        measured |= dict(zip((f'{name}_best', f'{name}_chosen'), map(float, best), strict=True))
    measured |= dict(zip((f'{name}_critic', f'{name}_generator'), np.mean(found, axis=0).tolist(), strict=True))
  return Figure(told(measured, games, config), measured, figure, rows)


def told(measured, games, config):
  critics, generators, best, chosen = (
    ' / '.join(format(measured[f'{name}_{fact}'], form) for name in games)
    for fact, form in (('critic', '.2f'), ('generator', '.2f'), ('best', ',.0f'), ('chosen', ',.0f'))
  )
  return (
    f'{" / ".join(games)}: rank correlation of the critic’s value with the distance of the samples, over '
    f'{config.stages} stages and as the mean of {config.seeds} runs, is {critics}; that of the generator’s loss is '
    f'{generators}. 1 is a ranking that agrees, −1 one that is upside down. In the first run, shown with the best '
    f'samples on the right, these are of round {best}; by the critic’s value one would have kept those of round '
    f'{chosen}.'
  )


def played(config, name, seed, asked):
  """What is seen at each stage of a run, by name: [stages]."""
  config.seed = seed
  config.data.update(name=asked.data, dir=asked.dir)
  config.generator.width = config.critic.width = asked.width
  config.train.update(steps=asked.rounds, rounds_per_dispatch=250)
  training = Training(config)
  real, value = training.real['image'], training.play.game.objective.value
  rounds = np.unique(
    np.rint(np.geomspace(min(asked.first, asked.rounds), asked.rounds, asked.stages)).astype(int)
  ).tolist()
  found = {'round': rounds, 'value': [], 'generator': [], 'distance': [], 'images': []}
  for stage in training.stages(rounds, name):
    fakes = training.judge.fakes(stage.state, len(real), None)
    found['value'].append(np.median(stage.history[value][-BEFORE:]))
    found['generator'].append(np.median(stage.history['generator_loss'][-BEFORE:]))
    found['distance'].append(sliced_w1(real, fakes, directions=128))
    found['images'].append(fakes[: asked.images])
  return found


def in_order(axes, name, stages):
  """Draws samples from the worst to the best."""
  places = scipy.stats.rankdata(stages['value'], method='ordinal')
  for one in axes:
    one.set_axis_off()
  for one, i in zip(axes, np.argsort(stages['distance'])[::-1], strict=False):
    plots.images(one, stages['images'][i])
    plots.label(one, f'Round {stages["round"][i]:,}\nby loss no. {places[i]:.0f}')
  axes[0].text(-0.06, 0.5, name, rotation=90, ha='right', va='center', color=plots.INK, transform=axes[0].transAxes)
