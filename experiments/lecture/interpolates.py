"""Where the best critic must rise with slope 1, and where it may do as it likes, by exact transport.

    python launch.py --config=experiments/lecture/interpolates.py [--config.interpolates.points=40]

The penalty asks for slope 1 on lines between random pairs; with more points, see how few of these are of the best plan.
"""

import numpy as np

from wgan_jax import transport
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Slope 1 is forced along the lines of the best plan, and nowhere else',
  lectures=(0, 1, 4),
  claim='The best critic has gradients of norm 1 almost everywhere under P and Q, and on the lines between them; so '
  'the penalty need only hold on lines between real and generated samples, drawn at random.',
  erratum='Proposition 1 of the paper is of pairs that the best plan moves to one another, not of pairs drawn at '
  'random, and of an f that has a gradient there. Off the lines between such pairs the best critic is not unique: some '
  'have slope 1 nearly everywhere, others fall short of it on random lines, where the two-sided penalty asks for 1.',
  source='Gulrajani et al., Improved Training of Wasserstein GANs, Proposition 1 and section 4.',
)


def get_config():
  return numbers(
    __file__,
    points=12,  # of P, and of Q
    inner=1.0,  # radius of the ring of P
    outer=1.8,  # of that of Q
    jitter=0.15,  # standard deviation of the points around their places on the rings
    lines=4000,  # on which slopes are measured, at a random place of each
    side=160,  # pixels of the map
    seed=0,
  )


def draw(config, folder):
  del folder
  rng = np.random.default_rng(config.seed)
  x, y = (ring(rng, config.points, radius, config.jitter) for radius in (config.inner, config.outer))
  plan = transport.assignment(transport.cost_matrix(x, y))
  y, v = y[plan.columns], plan.v[plan.columns]  # so that x_i goes to y_i
  if np.any(np.all(x == y, axis=1)):
    raise UserError('a point of P has its partner at its own place, and no line to it: let outer differ from inner')
  alpha = rng.uniform(size=(config.lines, 1))
  i, j = rng.integers(config.points, size=(2, config.lines))
  places = {'optimal': alpha * x[i] + (1 - alpha) * y[i], 'random': alpha * x[i] + (1 - alpha) * y[j]}
  upper, lower = transport.optimal_critic(y, v), transport.optimal_critic(x, plan.u)
  measured = {'w1': plan.cost / config.points}
  for name, critic in {'upper': upper, 'middle': lambda z: (upper(z) - lower(z)) / 2}.items():
    measured[f'{name}_estimate'] = np.mean(critic(x)) - np.mean(critic(y))
  norms = {}
  for name, z in places.items():
    steepest = slope(y, v, z), -slope(x, plan.u, z)
    norms[name] = np.linalg.norm(sum(steepest) / 2, axis=1)
    measured |= {f'{name}_upper_norm': np.linalg.norm(steepest[0], axis=1).mean(), f'{name}_norm': norms[name].mean()}
    measured |= {f'{name}_least': norms[name].min(), f'{name}_forced': np.mean(norms[name] > 1 - 1e-6)}
  by_chance = np.mean(i == j)
  measured |= {'random_partners': by_chance, 'random_others': measured['random_forced'] - by_chance}
  measured['random_free'] = np.mean(upper(places['random']) + lower(places['random']) > 1e-9)
  return Figure(told(measured), measured, drawn(config, x, y, v, plan.u, norms))


def ring(rng, n, radius, jitter):
  angles = 2 * np.pi * np.arange(n) / n
  return radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1) + jitter * rng.normal(size=(n, 2))


def slope(y, v, z):
  """The gradient [K, 2] at z [K, 2] of f(z) = min_j |z - y_j| - v_j: away from the j where the minimum is."""
  costs = transport.cost_matrix(z, y)
  away = z - y[np.argmin(costs - v[None], axis=1)]
  return away / np.linalg.norm(away, axis=1, keepdims=True)


def drawn(config, x, y, v, u, norms):
  """Values and slopes of the mean of the largest and the least best critic with these prices; slopes on lines."""
  reach = np.abs(np.concatenate([x, y])).max() * 1.15
  grid = np.linspace(-reach, reach, config.side)
  z = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
  value = (transport.optimal_critic(y, v)(z) - transport.optimal_critic(x, u)(z)) / 2
  norm = np.linalg.norm(slope(y, v, z) - slope(x, u, z), axis=1) / 2
  figure, axes = plots.panels(3, height=3.3)
  maps = [(value, 'A best critic f, and the best plan', 'f'), (norm, 'Its slope, and random lines', '‖∇f‖')]
  for one, (map_of, title, bar) in zip(axes[0], maps, strict=False):
    side = map_of.reshape(config.side, -1)
    plots.heat(figure, one, side, bar, extent=[-reach, reach] * 2, origin='lower', aspect='equal')
    plots.points(one, x, plots.RED, size=22)
    plots.points(one, y, 'white', size=22)
    plots.label(one, title, 'points of P are red, of Q white')
    plots.square(one, reach)
  axes[0, 0].plot(*np.stack([x, y]).transpose(2, 0, 1), color=plots.RED, linewidth=1)
  axes[0, 1].plot(*np.stack([x, np.roll(y, 4, axis=0)]).transpose(2, 0, 1), color=plots.RED, linewidth=0.8)
  bins = np.linspace(0, 1.02, 35)
  for name, colour in {'optimal': plots.TEAL, 'random': plots.AMBER}.items():
    axes[0, 2].hist(np.minimum(norms[name], 1), bins, color=colour, alpha=0.75, label=f'on {name} lines')
  axes[0, 2].set_box_aspect(1)
  plots.label(axes[0, 2], 'The slope on lines', '‖∇f‖', 'number of places')
  plots.legend(axes[0, 2], loc='upper left')
  return figure


def told(measured):
  needed = ' A penalty that asks for slope 1 there asks for more than W₁ needs.'
  sentences = (
    f'W₁ is {measured["w1"]:.4f}, and three critics attain it: the largest with the prices of the best plan at all '
    f'points ({measured["upper_estimate"]:.4f}), the least, and their mean ({measured["middle_estimate"]:.4f}), which '
    'is drawn. On the lines that join partners of the best plan the slope of the mean is '
    f'{measured["optimal_norm"]:.4f} (at least {measured["optimal_least"]:.4f}). On lines between random pairs it is '
    f'{measured["random_norm"]:.3f} on average and {measured["random_least"]:.3f} at the least, and 1 at '
    f'{measured["random_forced"]:.1%} of the places: at {measured["random_partners"]:.1%} the pair that was drawn is '
    f'one of partners, at {measured["random_others"]:.1%} it is not. Of the largest f it is '
    f'{measured["random_upper_norm"]:.4f} on these lines. At {measured["random_free"]:.1%} of the places the largest '
    'and the least differ, and a best critic between them may be level.'
  )
  return sentences + (needed if measured['random_free'] > 0 else '')
