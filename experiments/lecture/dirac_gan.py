"""A generator that is one point against a critic that is one slope: who goes round in circles, and what stops it.

    python launch.py --config=experiments/lecture/dirac_gan.py [--config.dirac_gan.gamma=0.1]

Turn gamma, the weight of R1: the larger, the sooner all is at rest, up to 1 - rate / 4; beyond that the later, and from
2 / rate - rate / 8 on never.
"""

import jax.numpy as jnp
import numpy as np
import optax

from wgan_jax.augmentations import instance_noise
from wgan_jax.engine import Play
from wgan_jax.errors import UserError
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.line import Shift, Slope, at_once, spectral_radius, walked
from wgan_jax.networks.augmented import Augmented
from wgan_jax.objectives import minimax, non_saturating, wasserstein
from wgan_jax.penalties import gradient_penalty, r1
from wgan_jax.transforms import clip_weights

ABOUT = About(
  title='Oscillation without convergence, in the smallest GAN there is',
  lectures=(2,),
  claim='Unlike the descent of one loss, alternating gradient descent of two players has no guarantee of convergence: '
  'it may oscillate for ever.',
  source='Mescheder, Geiger & Nowozin, Which Training Methods for GANs do actually Converge?, 2018, section 2 and '
  'figure 1: the Dirac-GAN. All data are the point 0, the generator is the point θ, the critic is ψ x; both should '
  'come to rest at (0, 0). Updates take turns, as in training; the dotted paths are those of both players at once. '
  'Paths go from the amber point to the red one.',
)


def get_config():
  return numbers(
    __file__,
    rate=0.2,  # of both players, in plain gradient descent
    rounds=500,  # an update of the critic and one of the generator each
    theta=1.0,  # where the generator begins
    psi=1.0,  # what the critic begins with
    gamma=0.3,  # weight of R1
    weight=0.3,  # of WGAN-GP's penalty
    clip=0.5,  # largest |psi| of the WGAN
    sigma=0.7,  # of instance noise, a standard deviation
    decay=0.98,  # of the moving average
    batch=1024,  # points in a batch, of which only noise makes a difference
  )


def draw(config, folder):
  del folder
  if min(config.rate, config.clip) <= 0 or min(config.gamma, config.weight, config.sigma) < 0:
    raise UserError('rate and clip must be more than 0, gamma, weight and sigma 0 or more')
  if not 0 <= config.decay < 1:
    raise UserError(f'decay={config.decay:g}: a moving average has one from 0 on and below 1')
  plays = {name: play_of(config, **parts) for name, parts in games(config).items()}
  batch = {'image': jnp.zeros((config.batch, 1))}
  paths = {name: walked(play, batch, config.rounds) for name, play in plays.items()}
  if lost := [name for name, path in paths.items() if not np.isfinite(path).all()]:
    raise UserError(f'{" and ".join(lost)} left the finite numbers: choose a smaller rate, gamma or weight')
  figure, axes = plots.panels(4, 2, height=2.6)
  for one, (name, play) in zip(axes.flat, plays.items(), strict=False):
    show(one, name, paths[name], walked(play, batch, config.rounds, at_once))
  average = averaged(axes.flat[-1], paths['WGAN'])
  late = -max(config.rounds // 10, 1)
  end = {name: float(np.linalg.norm(path[late:, :2], axis=1).mean()) for name, path in paths.items()}
  growth = {name: spectral_radius(play, batch) for name, play in plays.items() if name != 'WGAN-GP'}
  measured = {f'end of {name}': value for name, value in end.items()}
  measured |= {f'growth of {name}': value for name, value in growth.items()}
  measured['growth at once'] = spectral_radius(plays['GAN'], batch, at_once)
  measured |= {'beginning': float(np.hypot(config.theta, config.psi)), 'average': float(np.abs(average[late:]).mean())}
  measured['theta'] = float(np.abs(paths['WGAN'][late:, 0]).mean())
  table = [[name, f'{growth[name]:.4f}' if name in growth else 'ψ = 0 is a kink', f'{end[name]:.4f}'] for name in plays]
  head = 'game', 'a small step away from (0, 0), after a round', 'distance from it in the end'
  return Figure(told(measured, config), measured, figure, [head, *table])


def told(m, c):
  return (
    f'Of {c.rounds} rounds the last tenth is on average so far from rest, from {m["beginning"]:.3f} in the beginning: '
    f'GAN {m["end of GAN"]:.3f}, non-saturating {m["end of non-saturating GAN"]:.3f}, WGAN {m["end of WGAN"]:.3f}, '
    f'with clipped weights {m["end of WGAN, clipped"]:.3f}, WGAN-GP {m["end of WGAN-GP"]:.3f}; with R1 '
    f'{m["end of GAN with R1"]:.1e}, with instance noise {m["end of GAN, instance noise"]:.1e}. In a round a small '
    f'step away from rest becomes {m["growth of GAN"]:.4f} times as long in the GAN, {m["growth of WGAN"]:.4f} in the '
    f'WGAN and {m["growth of GAN with R1"]:.4f} with R1; were both players of the GAN to move at once, it would be '
    f'{m["growth at once"]:.4f}. The θ of the WGAN is on average {m["theta"]:.4f} from 0 in the last tenth, '
    f'and its moving average {m["average"]:.4f}.'
  )


def show(axes, name, path, simultaneous):
  reach = 1.15 * np.abs(path[:, :2]).max()
  axes.plot(*simultaneous[:, :2].T, ':', color=plots.GREY, linewidth=0.7)
  axes.plot(*path[:, :2].T, color=plots.BLUE, linewidth=0.7)
  axes.plot(*path[0, :2], 'o', color=plots.AMBER, markersize=4)
  axes.plot(*path[-1, :2], 'o', color=plots.RED, markersize=4)
  axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
  plots.label(axes, name[0].upper() + name[1:], 'θ', 'ψ')


def averaged(axes, path):
  """Draws theta and its moving average, which it returns."""
  plots.label(axes, 'WGAN, moving average', 'rounds', 'θ')
  axes.plot(path[:, 0], color=plots.GREY, linewidth=0.6, label='θ')
  axes.plot(path[:, 2], color=plots.TEAL, label='its average')
  axes.set_ylim(top=1.7 * path[:, 0].max())
  plots.legend(axes, loc='upper right', ncols=2)
  return path[:, 2]


def games(c) -> dict[str, dict]:
  """What each game has that differs from the first one."""
  noise = instance_noise(c.sigma, updates=10**9)  # falls to zero in so many, which is never
  return {
    'GAN': {},
    'non-saturating GAN': {'objective': non_saturating()},
    'WGAN': {'objective': wasserstein()},
    'WGAN, clipped': {'objective': wasserstein(), 'clip': c.clip},
    'WGAN-GP': {'objective': wasserstein(), 'penalty': gradient_penalty(c.weight)},
    'GAN with R1': {'penalty': r1(c.gamma)},
    'GAN, instance noise': {'critic': Augmented(Slope(c.psi), noise)},
  }


def play_of(c, clip=None, **fields) -> Play:
  fields = dict(generator=Shift(c.theta), critic=Slope(c.psi), objective=minimax()) | fields
  game = Adversarial(**fields, prior=lambda keys: jnp.zeros((len(keys), 1)))
  descent = optax.sgd(c.rate)
  critics = optax.chain(descent, clip_weights(clip)) if clip else descent
  return Play(game, {'critic_loss': critics, 'generator_loss': descent}, ema_decay=c.decay)
