"""Plans that move one pile of earth into another, as heat maps, and what each of them costs.

    python launch.py --config=experiments/lecture/moving_plans.py [--config.moving_plans.places=15]

Put the middle of Q where the hill of P is, or its two hills nearer to one another: the best plan keeps more in place.
"""

import numpy as np

from wgan_jax import closed_forms, transport
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='A moving plan is a matrix, and the best one costs W₁',
  lectures=(0, 1, 4),
  claim="There are many plans γ that move the pile P into the pile Q; the earth mover's distance is the average "
  'distance of the cheapest. A plan with the same piles as margins need not be it, nor is the cheapest the only one of '
  'its cost: the infimum is over all of them.',
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
  in_order = transport.plan(p, q, costs**2).matrix()
  plans = {
    'each to all, in equal shares': np.outer(p, q),
    'in reverse order': backwards(p, q),
    'the best': best.matrix(),
    'in order, as good': in_order,
    'half of either, as good': (best.matrix() + in_order) / 2,
  }
  spent = [float(np.sum(plan * costs)) for plan in plans.values()]
  measured = dict(zip(('independent', 'backwards', 'best', 'in_order', 'half_of_either'), spent, strict=True))
  measured |= {
    'elsewhere': np.abs(best.matrix() - in_order).sum() / 2,
    'w1': closed_forms.on_the_line(x, x, p, q),
  }
  m = measured
  told = (
    f'Moving every share of P to all of Q costs {m["independent"]:.3f}, moving in reverse order {m["backwards"]:.3f}, '
    f'the best plan {m["best"]:.3f}. The plan that keeps the order moves {m["elsewhere"]:.1%} of the mass elsewhere '
    f'than it, and costs {m["in_order"]:.3f}; half of the one and half of the other costs {m["half_of_either"]:.3f}. '
    f'On the line the distance has a formula, the area between the distribution functions: {m["w1"]:.3f}.'
  )
  return Figure(told, measured, picture(x, p, q, plans, spent))


def picture(x, p, q, plans, spent):
  figure, axes = plots.panels(3, 2, height=3.1)
  axes[0, 0].bar(x, p, color=plots.BLUE, label='P')
  axes[0, 0].bar(x, -q, color=plots.RED, label='Q, below the line')
  axes[0, 0].axhline(0, color=plots.INK, linewidth=0.8)
  plots.label(axes[0, 0], 'The piles', 'place', 'mass')
  plots.legend(axes[0, 0])
  for one, (name, plan), cost in zip(axes.flat[1:], plans.items(), spent, strict=True):
    plots.heat(figure, one, plan, cmap=plots.fade())
    plots.label(one, f'{name[0].upper()}{name[1:]}: {cost:.3f}', 'to, place in Q', 'from, place in P')
  return figure


def pile(x, hills):
  mass = sum(np.exp(-((x - hill) ** 2) / 2) for hill in hills)
  if not mass.sum() > 0:
    raise UserError(f'no earth on 0 to {len(x) - 1} of hills at {hills}: move them there')
  return mass / mass.sum()


def backwards(p, q):
  """The plan that moves the left end of P to the right end of Q, which is the dearest."""
  x = np.arange(len(p), dtype=float)
  return np.fliplr(transport.plan(p, q[::-1], transport.cost_matrix(x, x, p=2)).matrix())
