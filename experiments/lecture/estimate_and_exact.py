"""What critics say the distance is, beside the exact W₁ of the very same samples, while they train.

    python launch.py --config=experiments/lecture/estimate_and_exact.py [--config.estimate_and_exact.clip=0.01]

The bound of clipped weights is worth turning: at the paper's 0.01 hardly anything is left of the estimate.
"""

import functools

import numpy as np

from experiments import toy_wgan, toy_wgan_gp
from wgan_jax.errors import look_up
from wgan_jax.lecture import plots
from wgan_jax.lecture.correlations import rank_correlation
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.playing import Training
from wgan_jax.watching import duality

ABOUT = About(
  title='A critic’s estimate, and the exact distance of the same samples',
  lectures=(0, 1, 2, 4),
  claim='With the critic kept Lipschitz by clipping its weights, its value is K·W₁ for some K: not truly the function '
  'that maximises, but a meaningful loss all the same.',
  erratum='K belongs to the critic of the moment: nothing keeps it the same while the critic learns, so that two '
  'values of one run need not be on one scale. What holds is W₁ ≥ estimate / Lipschitz constant. And “1-Lipschitz if '
  'and only if ‖∇f‖ ≤ 1” (lectures 0 and 4) is true of an f that is differentiable everywhere, as lecture 1 says, on '
  'all of space or another convex domain: a step has the gradient 0 almost everywhere. A gradient that is small at the '
  'points where it is penalised says less.',
  source='Arjovsky et al., Wasserstein GAN, Eq. 2 and 3, arXiv:1701.07875; Gulrajani et al., arXiv:1704.00028.',
)
LOG = {'value': 'log', 'nonpositive': 'mask'}
COLUMNS = 'round', 'estimate', 'exact', 'lipschitz', 'share'
GAMES = {  # made of this figure's numbers, and their colours
  'clipping': (lambda asked: clipped(toy_wgan.get_config(), asked), plots.VIOLET),
  'gradient penalty': (lambda asked: toy_wgan_gp.get_config(), plots.TEAL),
  'spectral norm': (lambda asked: normalised(toy_wgan_gp.get_config()), plots.AMBER),
}


def get_config():
  return numbers(
    __file__,
    games=tuple(GAMES),  # some of these
    data='8gaussians',  # 25gaussians, 2gaussians or swissroll
    rounds=2500,  # generator updates
    looks=14,  # at a game, spread evenly over the logarithm of the round
    samples=512,  # real, and as many generated, on which both are taken
    width=64,  # units of the three hidden layers
    clip=0.1,  # c, to which weights are clipped
    rate=5e-4,  # of RMSProp, with clipping
    seed=0,
  )


def draw(config, folder):
  del folder
  games = {name: look_up('game', GAMES, name) for name in config.games}
  figure, axes = plots.panels(max(3, len(games)), 2, height=2.8)
  rows = [['', 'rank correlation', 'later', 'least K later', 'largest', 'largest share', 'in the end']]
  measured = {}
  for one, (name, (made_of, colour)) in zip(axes[0], games.items(), strict=False):
    found, floor = watched(small(made_of(config), config), name, config)
    beside(one, name, found, floor)
    over_all_games(axes[1], name, found, colour)
    facts = facts_of(found)
    hidden = {'hidden': int(np.sum(found['estimate'] <= 0))}
    measured |= {f'{name} {fact}'.replace(' ', '_'): value for fact, value in (facts | hidden).items()}
    measured |= {'floor': floor, 'looks': len(found['round'])}
    end = f'{found["estimate"][-1]:.3g} of {found["exact"][-1]:.3g}'
    rows.append([name, *(f'{value:.2f}' for value in facts.values()), end])
  for one in axes[0, len(games) :]:
    one.remove()
  for one, where in ((axes[0, 0], 'outside upper center'), (axes[1, 0], 'outside lower center')):
    plots.legend(figure, handles=one.get_legend_handles_labels()[0], loc=where, ncols=4)
  return Figure(told(measured, games), measured, figure, rows)


def told(measured, games):
  def each(fact, form):
    return ' / '.join(format(measured[f'{name} {fact}'.replace(' ', '_')], form) for name in games)

  return (
    f'Rank correlation of estimate and exact distance over the whole run: {each("all", ".2f")} ({" / ".join(games)}); '
    f'from the look on at which the estimate is largest, when the critic has caught up: {each("later", ".2f")}. Over '
    f'these later looks K goes from {each("least_k", ".2f")} to {each("most_k", ".2f")}: it is not one number. After '
    f'its scale is taken out, the critic accounts for at most {each("share", ".0%")} of the distance. Two samples of '
    f'the data are themselves {measured["floor"]:.3f} apart; below that an exact distance says nothing of the '
    f'generator. Logarithmic axes leave out estimates that are not above 0, here at {each("hidden", "d")} of the '
    f'{measured["looks"]} looks.'
  )


def facts_of(found):
  estimate, exact, later = found['estimate'], found['exact'], slice(int(np.argmax(found['estimate'])), None)
  k = (estimate / exact)[later]
  correlations = {'all': rank_correlation(estimate, exact), 'later': rank_correlation(estimate[later], exact[later])}
  return {**correlations, 'least_k': float(k.min()), 'most_k': float(k.max()), 'share': float(found['share'].max())}


def small(config, asked):
  config.seed = asked.seed
  config.data.update(name=asked.data, batch_size=128)
  for network in (config.generator, config.critic):
    network.width = asked.width
  config.train.update(steps=asked.rounds, rounds_per_dispatch=250)
  config.log.n_evaluate = 2 * asked.samples
  return config


def clipped(config, asked):
  for optimizer in config.optimizer.values():
    optimizer.learning_rate = asked.rate
  config.optimizer.critic_loss.clip_weights = asked.clip
  return config


def normalised(config):
  config.game.penalty.name, config.critic.spectral_norm = 'none', True
  return config


def watched(config, name, asked):
  """What a game's critic says at each look and what is true then, by name, [looks]; and how far real samples lie."""
  training = Training(config)
  rounds = np.unique(np.rint(np.geomspace(min(20, asked.rounds), asked.rounds, asked.looks)).astype(int)).tolist()
  real, others = np.split(training.real['image'], 2)
  found = []
  for stage in training.stages(rounds, name):
    fakes = training.judge.fakes(stage.state, len(real), None)
    critic, slopes = (functools.partial(of, stage.state) for of in (training.judge.scores, training.judge.slopes))
    says = dict(duality.duality(critic, slopes, real, fakes))
    found.append([stage.step, *(says[f'critic/{key}'] for key in ('w1_estimate', 'w1_exact', 'lipschitz', 'w1_ratio'))])
  return dict(zip(COLUMNS, np.array(found).T, strict=True)), float(duality.paired(real, others)[1].mean())


def beside(axes, name, found, floor):
  axes.plot(found['round'], found['exact'], color=plots.INK, label='exact W₁')
  axes.axhline(floor, color=plots.GREY, linestyle=':', label='of two samples of the data')
  axes.plot(found['round'], found['estimate'], color=plots.RED, label='estimate')
  axes.plot(found['round'], found['estimate'] / found['lipschitz'], color=plots.BLUE, label='estimate / Lipschitz')
  plots.label(axes, name[0].upper() + name[1:], 'round', 'distance')
  axes.set_xscale('log')
  axes.set_yscale(**LOG)


def over_all_games(axes, name, found, colour):
  axes[0].plot(found['round'], found['estimate'] / found['exact'], color=colour, label=name)
  axes[1].plot(found['round'], found['share'], color=colour)
  axes[2].plot(found['exact'], found['estimate'], color=colour, marker='o', markersize=3, linewidth=0.5)
  plots.label(axes[0], 'K = estimate / exact', 'round', 'K')
  plots.label(axes[1], 'Share of W₁ accounted for', 'round', 'estimate / (Lipschitz · exact)')
  plots.label(axes[2], 'Estimate against exact', 'exact W₁', 'estimate')
  for one in axes:
    one.set_xscale('log')
  for one in (axes[0], axes[2]):
    one.set_yscale(**LOG)
