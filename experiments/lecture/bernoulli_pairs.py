"""All pairs of coins: KL is neither symmetric nor bound to the triangle inequality, W₁ and the root of JS are both.

    python launch.py --config=experiments/lecture/bernoulli_pairs.py [--config.bernoulli_pairs.rarest=0.001]

The rarer the rarest side of a coin may be, the worse KL breaks both rules.
"""

import numpy as np

from wgan_jax import closed_forms, discrete
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Coins: KL is no metric, W₁ is one',
  lectures=(3,),
  claim='The Wasserstein distance is a proper distance metric, and KL is not: KL(P‖Q) ≠ KL(Q‖P). (Nor does KL obey the '
  'triangle inequality, which a metric must too.)',
  source='Endres & Schindelin, A New Metric for Probability Distributions (2003): √JS is a metric too.',
)


MOST = 100  # coins, which have a million triples


def get_config():
  return numbers(
    __file__,
    coins=41,  # from rarely 1 to mostly 1
    rarest=0.01,  # probability of the rarest side
  )


def draw(config, folder):
  del folder
  if config.coins > MOST:
    raise UserError(f'coins={config.coins}: at most {MOST}, for all triples of them are looked at')
  if not 0 < config.rarest < 0.5 or config.coins < 3:
    raise UserError(f'{config.coins} coins from {config.rarest:g} on: take 3 or more, from between 0 and 0.5')
  p = np.linspace(config.rarest, 1 - config.rarest, config.coins)
  kl, w1, root_js = matrix(kullback_leibler, p), matrix(closed_forms.bernoulli, p), matrix(root_jensen_shannon, p)
  ways = {'kl': kl, 'w1': w1, 'root_js': root_js}
  detours = {name: detour(d) for name, d in ways.items()}
  measured = {}
  for name, d in ways.items():
    measured[f'{name}_asymmetry'] = np.abs(d - d.T).max()
    measured[f'{name}_broken'] = broken(d)
    measured[f'{name}_least_detour'] = detours[name].min()
  between = (p[:, None, None] < p[:, None]) & (p[:, None] < p)  # the other way round it is the same
  measured['kl_broken_between'] = np.mean((by_way(kl) < kl[:, None, :])[between | between.T])
  i, k, worst = worst_triple(kl)
  measured |= dict(zip(('worst_from', 'worst_over', 'worst_to'), p[[i, worst, k]], strict=True))
  measured |= {'worst_straight': kl[i, k], 'worst_detour': kl[i, worst] + kl[worst, k]}
  m = measured
  told = (
    f'KL(p‖q) and KL(q‖p) differ by up to {m["kl_asymmetry"]:.3f} nats. Of all triples of different coins, KL breaks '
    f'the triangle inequality in {m["kl_broken"]:.1%}, of those with the second between the others in '
    f'{m["kl_broken_between"]:.1%}; W₁ does in {m["w1_broken"]:.1%} and √JS in {m["root_js_broken"]:.1%} of all. At '
    f'worst, from {m["worst_from"]:.3f} to {m["worst_to"]:.3f}, KL is {m["worst_straight"]:.3f} straight on, and '
    f'{m["worst_detour"]:.3f} by way of {m["worst_over"]:.3f}. The shortest detour is {m["kl_least_detour"]:.5f} times '
    f'the straight way for KL, {m["root_js_least_detour"]:.5f} times for √JS and {m["w1_least_detour"]:.5f} times for '
    'W₁.'
  )
  return Figure(told, measured, picture(p, kl, w1, detours))


def matrix(distance, p):
  """Of each coin from each, [N, N]."""
  return np.array([[distance(a, b) for b in p] for a in p])


def kullback_leibler(p, q):
  return discrete.kullback_leibler([1 - p, p], [1 - q, q])


def root_jensen_shannon(p, q):
  return np.sqrt(discrete.jensen_shannon([1 - p, p], [1 - q, q]))


def by_way(d):
  """What the way from i over j to k is: [N, N, N], infinite where two of them are one."""
  n = len(d)
  i, j, k = np.ogrid[:n, :n, :n]
  return np.where((i == j) | (j == k) | (i == k), np.inf, d[:, :, None] + d[None, :, :])


def broken(d):
  """The share of triples of different places whose detour is shorter than the straight way."""
  way = by_way(d)
  return np.sum(way < d[:, None, :] * (1 - 1e-9)) / np.isfinite(way).sum()


def detour(d):
  """The shortest way over a third place, as a multiple of the straight one: [N, N], infinite where they are one."""
  return by_way(d).min(axis=1) / np.where(np.eye(len(d)), 1, d)


def worst_triple(d):
  """(from, to, over) of the detour that saves most."""
  i, k = np.unravel_index(np.argmin(detour(d)), d.shape)
  return i, k, np.argmin(by_way(d)[i, :, k])


def picture(p, kl, w1, detours):
  figure, axes = plots.panels(2, 2, height=3.4)
  place = dict(origin='lower', extent=(p[0], p[-1], p[0], p[-1]), aspect='equal')
  most = np.abs(kl - kl.T).max()
  shown = (
    ('KL(p‖q)', kl, 'nats', dict(cmap=plots.fade(), vmin=0)),
    ('W₁ = |p - q|', w1, 'distance', dict(cmap=plots.fade(), vmin=0)),
    ('KL(p‖q) - KL(q‖p), 0 if it were symmetric', kl - kl.T, 'nats', dict(cmap='coolwarm', vmin=-most, vmax=most)),
    (
      'KL by the best third coin / KL straight on',
      np.minimum(detours['kl'], 1),
      'ratio, 1 or more for a metric',
      dict(cmap='viridis', vmax=1),
    ),
  )
  for one, (title, values, unit, options) in zip(axes.flat, shown, strict=True):
    plots.heat(figure, one, values, unit, **place, **options)
    plots.label(one, title, 'q', 'p')
  return figure
