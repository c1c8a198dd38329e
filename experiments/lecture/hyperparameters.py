"""The same games with learning rates from too low to too high: which of them bears the choice.

    python launch.py --config=experiments/lecture/hyperparameters.py [--config.hyperparameters.momentum=0.9]

Adam's momentum is worth turning: WGAN-GP's authors take 0 or 0.5, and clipping goes with RMSProp, which has none.
"""

import numpy as np

from experiments import toy_wgan, toy_wgan_gp
from wgan_jax.errors import UserError, look_up
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.playing import Training
from wgan_jax.progress import say
from wgan_jax.watching import duality

ABOUT = About(
  title='Which game bears the choice of the learning rate',
  lectures=(2, 3),
  claim='Exercise of weeks 4 and 5: “Try various settings of hyper-parameters. Does this model seem more resilient to '
  'the choice of hyper-parameters?” WGANs are said to have improved stability.',
  source='Arjovsky et al., Wasserstein GAN, section 4.3, arXiv:1701.07875; Gulrajani et al., section 5.1, '
  'arXiv:1704.00028. Both WGANs make five updates of the critic for one of the generator, the GAN makes one.',
)
GAMES = {  # made of this figure's numbers
  'GAN': lambda asked: discriminating(toy_wgan_gp.get_config(), asked),
  'WGAN': lambda asked: clipped(toy_wgan.get_config(), asked),
  'WGAN-GP': lambda asked: with_adam(toy_wgan_gp.get_config(), asked),
}
FAILED = np.nan  # stands for the distance of a run that was not finite


def get_config():
  return numbers(
    __file__,
    games=tuple(GAMES),  # some of these
    data='8gaussians',  # 25gaussians, 2gaussians or swissroll
    rates=(1e-4, 5e-4, 2e-3, 1e-2),  # of learning, of both networks
    rounds=1000,  # generator updates
    samples=512,  # on which the distance is taken in the end
    momentum=0.5,  # Adam's b1
    clip=0.1,  # c, to which a WGAN's weights are clipped
    width=64,  # units of the three hidden layers
    seed=0,
  )


def draw(config, folder):
  del folder
  made_of = {name: look_up('game', GAMES, name) for name in config.games}
  ends = [[played(made_of[name](config), name, rate, config) for rate in config.rates] for name in made_of]
  distances = np.array([[distance for distance, _ in row] for row in ends])
  floor = max(floor for row in ends for _, floor in row)
  figure, axes = plots.panels(2, height=3.0)
  picture(figure, axes[0], distances, list(made_of), config.rates, floor)
  measured = {'floor': floor, 'failed': int(np.isnan(distances).sum()), 'runs': distances.size}
  for name, row in zip(made_of, distances, strict=True):
    finite = row[np.isfinite(row)]
    measured |= {f'{name}_best': finite.min(), f'{name}_worst': finite.max()} if len(finite) else {}
    measured[f'{name}_near'] = np.sum(finite <= 2 * finite.min(initial=np.inf)) / len(row)

  def each(fact, form):
    return ' / '.join(
      format(float(measured[key]), form) if (key := f'{name}_{fact}') in measured else '–' for name in made_of
    )

  told = (
    f'Over {len(config.rates)} learning rates, {" / ".join(made_of)} end between W₁ = {each("best", ".3f")} at the '
    f'best and {each("worst", ".3f")} at the worst of the runs that stay finite, which {measured["failed"]} of '
    f'{measured["runs"]} do not; {each("near", ".0%")} of the rates end within twice the best. Two samples of the data '
    f'are themselves {floor:.3f} apart. One run each: a hint, not a verdict.'
  )
  return Figure(told, measured, figure)


def picture(figure, axes, distances, names, rates, floor):
  logs, most = np.log10(distances), np.nanmax(distances, initial=floor)
  plots.heat(figure, axes[0], logs, 'log₁₀ of W₁', cmap=plots.fade(), vmin=np.log10(floor), vmax=np.log10(most))
  texts = [[f'{value:.3f}' if np.isfinite(value) else 'not finite' for value in row] for row in distances]
  plots.cells(axes[0], texts, logs > 0.3 * np.log10(floor) + 0.7 * np.log10(most))
  axes[0].set_xticks(range(len(rates)), [f'{rate:g}' for rate in rates])
  axes[0].set_yticks(range(len(names)), names)
  plots.label(axes[0], 'W₁ of the samples in the end', 'learning rate', 'game')
  for name, row, colour in zip(names, distances, plots.COLOURS, strict=False):
    axes[1].plot(rates, row, color=colour, marker='o', markersize=4, label=name)
  axes[1].axhline(floor, color=plots.GREY, linestyle=':', label='two samples of the data')
  axes[1].set(xscale='log', yscale='log', ylim=(floor / 1.5, 2.5 * most), xlim=(min(rates) / 1.5, 1.5 * max(rates)))
  plots.label(axes[1], 'By learning rate', 'learning rate', 'W₁')
  plots.legend(axes[1], loc='upper center', ncols=2)


def played(config, name, rate, asked):
  """How far the samples are from the data in the end, and how far real samples are from real ones."""
  config.seed = asked.seed
  config.data.update(name=asked.data, batch_size=128)
  for network in (config.generator, config.critic):
    network.width = asked.width
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=rate, decay='constant')
  config.train.update(steps=asked.rounds, rounds_per_dispatch=250)
  config.log.n_evaluate = 2 * asked.samples
  training = Training(config)
  real, others = np.split(training.real['image'], 2)
  floor = duality.paired(real, others)[1].mean()
  try:
    *_, stage = training.stages([asked.rounds], f'{name} at {rate:g}')
  except UserError as error:
    say(str(error))
    return FAILED, floor
  return duality.paired(real, training.judge.fakes(stage.state, len(real), None))[1].mean(), floor


def with_adam(config, asked):
  for optimizer in config.optimizer.values():
    optimizer.b1 = asked.momentum
  return config


def discriminating(config, asked):
  config.game.update(objective='non_saturating', n_critic=1)
  config.game.penalty.name = 'none'
  for optimizer in config.optimizer.values():
    optimizer.b2 = 0.999
  return with_adam(config, asked)


def clipped(config, asked):
  config.optimizer.critic_loss.clip_weights = asked.clip
  return config
