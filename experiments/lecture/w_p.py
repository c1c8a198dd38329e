"""W_p over p for a pile that moves a little, all but a crumb of it, which goes far.

    python launch.py --config=experiments/lecture/w_p.py [--config.w_p.crumb=0.001]

A smaller crumb is seen by larger p only; a crumb that goes no farther than the pile is seen by none.
"""

import numpy as np

from wgan_jax import closed_forms
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='W_p rises with p: the farthest crumb counts',
  lectures=(4,),
  claim='There is a set of p-Wasserstein distances, W_p = inf over γ of ∫ D(x, y)^p dγ(x, y); with p = 1 it is the '
  'earth mover’s.',
  erratum='The lecture’s formula lacks the root: W_p = (inf ∫ D^p dγ)^(1/p). Without it the number is none of a '
  'distance: measured in half the unit it is 2^p times as large, and it breaks the triangle inequality for p > 1, '
  'because two ways of half the length cost less than one.',
  source='Villani, Optimal Transport: Old and New, Definition 6.1 and Remark 6.6.',
)


def get_config():
  return numbers(
    __file__,
    crumb=0.01,  # the mass that goes far
    far=10.0,  # how far it goes
    near=0.5,  # how far the rest goes
    largest_p=64,
  )


def draw(config, folder):
  del folder
  if not 0 < config.crumb < 1 or min(config.far, config.near) <= 0:
    raise UserError('a crumb is a mass between 0 and 1, and what moves goes more than 0 far')
  orders = np.geomspace(1, config.largest_p, 200)
  w = np.array([distance(config, p) for p in orders])
  alone = config.far * config.crumb ** (1 / orders)
  half = distance(config, 2, scale=0.5)
  measured = {
    'w1': w[0],
    'w2': distance(config, 2),
    'largest_p': w[-1],
    'crumb_in_w1': config.crumb * config.far / w[0],
    'crumb_in_w2': config.crumb * config.far**2 / distance(config, 2) ** 2,
    'least_rise': np.diff(w).min(),
    'without_root_at_once': distance(config, 2) ** 2,
    'without_root_in_two_halves': 2 * half**2,
    'with_root_in_two_halves': 2 * half,
  }
  m = measured
  told = (
    f'The crumb, {config.crumb:g} of the mass, makes up {m["crumb_in_w1"]:.1%} of W₁ = {m["w1"]:.4f}, and '
    f'{m["crumb_in_w2"]:.1%} of the square of W₂ = {m["w2"]:.4f}. Over p, Wₚ never falls: it is {m["largest_p"]:.4f} '
    f'at p = {config.largest_p}, on its way to the longest way that anything moves. Without the root, p = 2 would give '
    f'{m["without_root_at_once"]:.4f} at once and {m["without_root_in_two_halves"]:.4f} in two moves of half the '
    f'length; with it, both are {m["with_root_in_two_halves"]:.4f}.'
  )
  return Figure(told, measured, picture(config, orders, w, alone))


def distance(config, p, scale=1.0):
  """W_p from all at 0 to the pile at `near` with its crumb at `far`, times `scale`."""
  places = scale * np.array([config.near, config.far])
  return closed_forms.on_the_line([0.0], places, [1.0], [1 - config.crumb, config.crumb], p)


def picture(config, orders, w, alone):
  figure, axes = plots.panels(2, height=3.2, width_ratios=(0.8, 1))
  left, right = axes[0]
  width = 0.02 * max(config.far, config.near)
  left.bar(0, 1, width, color=plots.REAL, label='P: all at 0')
  left.bar([config.near, config.far], [1 - config.crumb, config.crumb], width, color=plots.RED, label='Q')
  left.annotate(
    f'{config.crumb:g}', (config.far, config.crumb), (0, 4), textcoords='offset points', ha='center', color=plots.INK
  )
  plots.label(left, 'The pile and its crumb', 'place', 'mass')
  plots.legend(left, loc='upper center')
  right.semilogx(orders, w, color=plots.BLUE, label='Wₚ')
  right.semilogx(orders, alone, '--', color=plots.AMBER, label='of the crumb alone')
  right.axhline(max(config.far, config.near), color=plots.GREY, linestyle=':', label='the longest way')
  shown = orders * np.log(w) <= np.log(1.3 * max(config.far, config.near))
  right.semilogx(orders[shown], w[shown] ** orders[shown], color=plots.RED, label='without the root, as printed')
  ticks = 2 ** np.arange(np.log2(config.largest_p) + 1, dtype=int)
  right.set_xticks(ticks, map(str, ticks))
  right.minorticks_off()
  plots.label(right, 'Distance over its order', 'p', 'Wₚ, in units of place')
  plots.legend(right, loc='upper center', bbox_to_anchor=(0.5, -0.17), ncols=2)
  return figure
