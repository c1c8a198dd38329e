"""How many updates of the critic for one of the generator: in the smallest GAN, where all of it is seen.

    python launch.py --config=experiments/lecture/critic_steps.py [--config.critic_steps.gamma=1]

Turn gamma, the weight of R1: without damping, no number of updates brings the players to rest.
"""

import itertools

import jax.numpy as jnp
import numpy as np
import optax

from wgan_jax.engine import Play
from wgan_jax.errors import UserError
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.games.unrolled import Unrolled
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.line import Shift, Slope, round_near_rest, spectral_radius, walked
from wgan_jax.objectives import minimax
from wgan_jax.penalties import r1
from wgan_jax.progress import steps

ABOUT = About(
  title='Taking k steps on the critic for one on the generator',
  lectures=(2, 3),
  claim='For one step on θ, we can optionally take k steps on φ, since we need the classifier to remain near optimal. '
  'Too many make gradients vanish; with too few, the loss is no longer that of the best classifier.',
  source='Goodfellow et al., 2014, algorithm 1; Mescheder, Geiger & Nowozin, 2018, section 2: the Dirac-GAN, whose '
  'data are the point 0, whose generator is the point θ and whose critic is ψ x; Metz et al., 2017, for what is '
  'foreseen.',
)
MOST = 10  # doublings: 1,024 updates in a round
GAN, DAMPED, UNROLLED = 'k updates', 'k updates with R1', 'one update, k foreseen'
COLOURS = {GAN: plots.BLUE, DAMPED: plots.TEAL, UNROLLED: plots.VIOLET}


def get_config():
  return numbers(
    __file__,
    doublings=3,  # k is 1, 2, 4, ..., doubled so often
    rate=0.2,  # of both players and of what is foreseen, in plain gradient descent
    gamma=0.3,  # weight of R1
    rounds=100,  # of the paths
    theta=1.0,  # where the generator begins
    psi=1.0,  # what the critic begins with
  )


def draw(config, folder):
  del folder
  if config.doublings > MOST:
    raise UserError(f'doublings={config.doublings}: at most {MOST}, with which a round has {2**MOST:,} updates')
  if not config.rate > 0 or config.gamma < 0:
    raise UserError(f'rate={config.rate:g} and gamma={config.gamma:g}: the rate is more than 0, gamma 0 or more')
  counts = [2**i for i in range(config.doublings + 1)]
  batch = {'image': jnp.zeros((2, 1))}
  growth = {name: [] for name in COLOURS}
  pairs = list(itertools.product(counts, COLOURS))
  for k, name in steps(pairs, 'rounds of more and more updates', len(pairs)):
    growth[name].append(spectral_radius(play_of(config, name, k), batch))
  figure, axes = plots.panels(3, height=3.2)
  for name, colour in COLOURS.items():
    axes[0, 0].semilogx(counts, growth[name], 'o-', color=colour, markersize=4, label=name, base=2)
  axes[0, 0].set_xticks(counts, [str(k) for k in counts])
  plots.label(axes[0, 0], 'Growth of a small step in a round', 'k', 'times as long')
  for one, name in zip(axes[0, 1:], (GAN, DAMPED), strict=True):
    for k, width in ((counts[0], 0.7), (counts[-1], 1.5)):
      theta, psi, _ = walked(play_of(config, name, k), batch, config.rounds).T
      if not np.isfinite(theta).all():
        raise UserError('the players left the finite numbers: choose a smaller rate or gamma')
      one.plot(theta, psi, color=COLOURS[name] if k == 1 else plots.AMBER, linewidth=width, label=f'k = {k}')
    one.plot(config.theta, config.psi, 'o', color=plots.INK, markersize=4, label='beginning')
    plots.label(one, name, 'θ', 'ψ')
  for one in axes[0]:
    plots.legend(one, loc='best')
  measured = {f'{name}, {k}': growth[name][counts.index(k)] for name in COLOURS for k in counts}
  areas = [np.linalg.det(round_near_rest(play_of(config, GAN, k), batch)) for k in counts]
  measured |= {'least determinant': min(areas), 'most determinant': max(areas)}
  head = ['times as long after a round', *(f'k = {k}' for k in counts)]
  table = [[name, *(f'{value:.4f}' for value in growth[name])] for name in COLOURS]
  return Figure(told(measured, counts), measured, figure, [head, *table])


def told(m, counts):
  first, last = counts[0], counts[-1]

  def of(name):
    return f'{m[f"{name}, {first}"]:.4f} with k = {first} and {m[f"{name}, {last}"]:.4f} with k = {last}'

  return (
    f'A round makes a small step away from rest so many times as long: {of(GAN)}. The determinant of such a round '
    f'is from {m["least determinant"]:.4f} to {m["most determinant"]:.4f}; where it is 1 all areas stay, and nothing '
    f'comes to rest by more updates alone. With R1: {of(DAMPED)}. With one update of the '
    f'critic while the generator foresees k: {of(UNROLLED)}.'
  )


def zeros(keys):
  return jnp.zeros((len(keys), 1))


def play_of(c, name, k) -> Play:
  fields = dict(generator=Shift(c.theta), critic=Slope(c.psi), objective=minimax(), prior=zeros)
  games = {
    GAN: lambda: Adversarial(**fields, n_critic=k),
    DAMPED: lambda: Adversarial(**fields, n_critic=k, penalty=r1(c.gamma)),
    UNROLLED: lambda: Unrolled(**fields, ahead=k, rate=c.rate),
  }
  return Play(games[name](), dict.fromkeys(('critic_loss', 'generator_loss'), optax.sgd(c.rate)))
