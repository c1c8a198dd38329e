"""Plans that move one pile of earth into another, as heat maps, and what each of them costs.

    python launch.py --config=experiments/lecture/moving_plans.py [--config.moving_plans.places=15]

The masses of a plan are the only thing that moves; try a valley that is where the hill is.
"""

import numpy as np

from wgan_jax import closed_forms, transport
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='A moving plan is a matrix, and the best one costs W₁',
  lectures=(0, 1, 4),
  claim="There are many plans γ that move the pile P into the pile Q; the earth mover's distance is the average "
  'distance of the cheapest. A plan with the same piles as margins need not be it: the infimum is over all of them.',
  source='Peyré & Cuturi, Computational Optimal Transport, section 2.3.',
)


def get_config():
  return numbers(
    __file__,
    places=10,  # of both piles, 1 apart
    hill=2.5,  # place of the hill of P
    valley=5.0,  # middle of Q, which has two hills
    apart=3.0,  # of each of these from the middle
  )


def draw(config, folder):
  del folder
  x = np.arange(config.places, dtype=float)
  p, q = pile(x, [config.hill]), pile(x, [config.valley - config.apart, config.valley + config.apart])
  costs = transport.cost_matrix(x, x)
  best = transport.plan(p, q, costs)
  plans = {
    'each to all, in equal shares': np.outer(p, q),
    'in reverse order': backwards(p, q),
    'the best': best.matrix(),
  }
  spent = {name: float(np.sum(plan * costs)) for name, plan in plans.items()}
  figure, axes = plots.panels(3, height=3.6)
  for one, (name, plan) in zip(axes[0], plans.items(), strict=True):
    plots.heat(figure, one, plan, cmap=plots.fade())
    plots.label(one, f'{name}: {spent[name]:.2f}', 'to, place in Q', 'from, place in P')
  measured = dict(zip(('independent', 'backwards', 'best'), spent.values(), strict=True))
  measured['w1'] = closed_forms.on_the_line(x, x, p, q)
  told = (
    f'Moving every share of P to all of Q costs {measured["independent"]:.3f}, moving in reverse order '
    f'{measured["backwards"]:.3f}, the best plan {measured["best"]:.3f}. On the line the distance has a formula, the '
    f'area between the distribution functions: {measured["w1"]:.3f}. Rows of each plan sum to P, columns to Q.'
  )
  return Figure(told, measured, figure)


def pile(x, hills):
  mass = sum(np.exp(-((x - hill) ** 2) / 2) for hill in hills)
  return mass / mass.sum()


def backwards(p, q):
  """The plan that moves the left end of P to the right end of Q, which is the dearest."""
  x = np.arange(len(p), dtype=float)
  return np.fliplr(transport.plan(p, q[::-1], transport.cost_matrix(x, x, p=2)).matrix())
