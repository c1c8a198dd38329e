"""Two Gaussians on the line: the best discriminator saturates between them, the best critic is a straight line.

    python launch.py --config=experiments/lecture/two_gaussians.py [--config.two_gaussians.apart=2]

Turn apart: the further, the less the fakes are told by log(1 - D).
"""

import numpy as np
import scipy.special

from experiments import toy_wgan_gp
from wgan_jax.errors import UserError
from wgan_jax.lecture import fixed, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.line import codes, facing, slopes_of, told_by_the_best_logits
from wgan_jax.objectives import minimax, non_saturating

ABOUT = About(
  title='The discriminator saturates where the critic has a slope',
  lectures=(2,),
  claim='When learning to tell two Gaussians apart, the discriminator of a minimax GAN saturates, so that gradients '
  'vanish. The critic of a WGAN has very clean gradients on all parts of the space.',
  source='Arjovsky, Chintala & Bottou, Wasserstein GAN, figure 2. Data are N(-d/2, 1) and fakes N(d/2, 1). The best '
  'discriminator is p / (p + q), the sigmoid of -d x; the best critic of Lipschitz constant 1 is -x. Both are '
  'trained here while the generator stays as it is.',
)
GAN, GP, CLIPPED = 'discriminator', 'critic, penalty', 'critic, clipped weights'
SATURATING, NOT_SATURATING = 'log(1 − D)', '−log D'
LOSSES = {SATURATING: minimax(), NOT_SATURATING: non_saturating()}
TRAINED = GAN, GP, CLIPPED
COLOURS = {SATURATING: plots.BLUE, NOT_SATURATING: plots.VIOLET, GP: plots.TEAL, CLIPPED: plots.AMBER}


def get_config():
  return numbers(
    __file__,
    apart=6.0,  # d, in standard deviations
    rounds=1500,  # updates of each network
    width=64,  # units of their three hidden layers
    weight=10.0,  # lambda of WGAN-GP's penalty
    clip=0.1,  # largest weight of the clipped critic
    seed=0,
  )


def draw(config, folder):
  del folder
  if min(config.apart, config.weight) <= 0:
    raise UserError('apart and the weight of the penalty must be more than 0')
  games = {name: settings(config, name) for name in TRAINED}
  half = config.apart / 2
  x = np.linspace(-half - 3, half + 3, 301)
  z, masses = codes(config.apart, n=1501)  # means over all fakes are integrals, which hang on their far tail
  trained = {name: taught(game, name, config.apart, np.concatenate([x, half + z])) for name, game in games.items()}
  scores, slopes = ({name: pair[i] for name, pair in trained.items()} for i in (0, 1))
  losses = losses_of(scores[GAN], slopes[GAN])
  lines = losses | {name: np.float64(slopes[name]) for name in (GP, CLIPPED)}
  measured = {name: float(masses @ values[len(x) :]) for name, values in lines.items()}
  measured |= {f'best {name}': told_by_the_best_logits(of, config.apart) for name, of in LOSSES.items()}
  measured['bought'] = 1 + config.apart / (2 * config.weight)
  cut = [{name: values[: len(x)] for name, values in of.items()} for of in (scores, lines)]
  return Figure(told(measured), measured, picture(x, half, *cut))


def told(m):
  return (
    f'At the generated points the trained discriminator leaves log(1 − D) a mean gradient of {m[SATURATING]:.1e} and '
    f'−log D one of {m[NOT_SATURATING]:.3f}; with the best discriminator it is {m[f"best {SATURATING}"]:.1e} and '
    f'{m[f"best {NOT_SATURATING}"]:.3f}. The slope of the critic with a penalty is {m[GP]:.3f} there. It may differ, '
    f'for a penalty is a price and no wall: of straight lines, the one of slope 1 + d / (2 λ) = {m["bought"]:.3f} pays '
    f'best. With clipped weights it is {m[CLIPPED]:.2f}, a length that the clipping and no distance decides.'
  )


def settings(c, name):
  config = toy_wgan_gp.get_config()
  config.critic.width, config.seed = c.width, c.seed
  config.game.penalty.update(name='gradient_penalty' if name == GP else 'none', weight=c.weight)
  config.game.objective = 'minimax' if name == GAN else 'wasserstein'
  if name == CLIPPED:
    fixed.clip(config, c.clip)
  config.train.update(steps=c.rounds, rounds_per_dispatch=250)
  return config


def taught(game, name, apart, x):
  """What a network trained against N(apart / 2, 1) says at x [N], and its slopes there."""
  training = facing(game, apart)
  *_, last = training.stages([game.train.steps], name)
  points = np.float32(x)[:, None]
  return training.judge.scores(last.state, points, None), training.judge.slopes(last.state, points, None)


def losses_of(logits, slopes):
  """Sizes [N] of the gradients of both losses of a GAN's generator, where the logits [N] have such slopes [N]."""
  return {name: np.abs(slopes_of(objective, logits)) * slopes for name, objective in LOSSES.items()}


def picture(x, half, scores, gradients):
  figure, axes = plots.panels(3, height=3.4)
  values, critics, sizes = axes[0]
  for mean, colour, name in ((-half, plots.REAL, 'data'), (half, plots.FAKE, 'fakes')):
    values.fill_between(x, np.exp(-((x - mean) ** 2) / 2), color=colour, alpha=0.3, linewidth=0, label=name)
    critics.axvline(mean, color=colour, linewidth=0.8, linestyle=':')
    sizes.axvline(mean, color=colour, linewidth=0.8, linestyle=':')
  values.plot(x, scipy.special.expit(-2 * half * x), '--', color=plots.INK, linewidth=1, label='best')
  values.plot(x, scipy.special.expit(scores[GAN]), color=plots.BLUE, label='trained')
  plots.label(values, 'Discriminator D', 'x', 'D(x); densities to scale of their own')
  critics.plot(x, -x, '--', color=plots.INK, linewidth=1, label='best')
  for name in (GP, CLIPPED):
    critics.plot(x, scores[name] - scores[name].mean(), color=COLOURS[name], label=name.replace('critic, ', ''))
  plots.label(critics, 'Critics, less their mean', 'x', 'f(x)')
  for name, size in gradients.items():
    sizes.semilogy(x, size, color=COLOURS[name], label=name)
  plots.label(sizes, 'What the generator is told', 'x', 'size of the gradient')
  values.set_ylim(top=1.4)  # room for the legends
  sizes.set_ylim(1e-6, 1e5)
  plots.legend(values, loc='upper center', ncols=2)
  plots.legend(critics, loc='lower left')
  plots.legend(sizes, loc='upper left')
  return figure
