"""Small piles on {0, 1, 2, 3}, to be compared by hand: the answers, and the piles.

    python launch.py --config=experiments/lecture/discrete_exercises.py [--config.discrete_exercises.q1="(0.9,0.1)"]

Change a pile and see which of the infinite answers becomes finite.
"""

import numpy as np

from wgan_jax import closed_forms, discrete
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Exercise: KL and earth mover’s distance of small piles',
  lectures=(3,),
  claim='Of three sets of distributions on few places, KL and the earth mover’s distance (EMD) are to be computed. EMD '
  'is a proper metric and KL is not, for it is not symmetric; EMD is well behaved for disjoint supports and KL is not; '
  'the third set is there to get a sense of EMD.',
  erratum='The text of the lecture has lost its distributions; these are those of the curriculum that it prints. In '
  'its second set, Q is given as .33, .33, .33, which sums to .99 and is no distribution: here it is a third each.',
  source='Depth First Learning, Wasserstein GAN, week 4, question 3.',
)
THIRD = 1 / 3
SETS = {'1': ('PQ', 'QP', 'PP', 'PR', 'QR'), '2': ('PQ', 'QP', 'RS'), '3': ('PQ', 'PR', 'QR', 'PS', 'RS')}


def get_config():
  return numbers(
    __file__,
    p1=(0.5, 0.5),  # masses on 0, 1, ...
    q1=(0.75, 0.25),
    r1=(0.25, 0.75),
    p2=(0.5, 0.5, 0.0),
    q2=(THIRD, THIRD, THIRD),
    r2=(0.5, 0.5, 0.0, 0.0),
    s2=(0.0, 0.0, 0.5, 0.5),
    p3=(0.25, 0.75, 0.0, 0.0),
    q3=(0.0, 0.75, 0.25, 0.0),
    r3=(0.0, 0.25, 0.75, 0.0),
    s3=(0.0, 0.0, 0.25, 0.75),
  )


def draw(config, folder):
  del folder
  piles = {name.upper(): pile(name, masses) for name, masses in config.items()}
  measured, table = {}, [['set', 'pair', 'KL in nats', 'earth mover’s distance']]
  for which, pairs in SETS.items():
    for a, b in pairs:
      p, q = piles[f'{a}{which}'], piles[f'{b}{which}']
      name = f'{a}{b}{which}'
      measured[f'kl_{name}'] = discrete.kullback_leibler(p, q)
      measured[f'emd_{name}'] = closed_forms.on_the_line(np.arange(4), np.arange(4), p, q)
      table.append([which, f'{a} and {b}', said(measured[f'kl_{name}']), said(measured[f'emd_{name}'])])
  m = measured
  m['kl_by_way_of_p'] = m['kl_QP1'] + m['kl_PR1']
  m['emd_by_way_of_p'] = m['emd_PQ1'] + m['emd_PR1']
  infinite = sum(row[2] == 'infinite' for row in table)
  told = (
    f'In the first set KL(P‖Q) is {said(m["kl_PQ1"])} and KL(Q‖P) {said(m["kl_QP1"])}, while the EMD is '
    f'{m["emd_PQ1"]:.4f} either way. From Q to R, KL is {said(m["kl_QR1"])}, but {said(m["kl_by_way_of_p"])} by way of '
    f'P; the EMD is {m["emd_QR1"]:.4f}, and {m["emd_by_way_of_p"]:.4f} by way of P. KL is infinite for {infinite} of '
    f'these {len(table) - 1} pairs, wherever the first has mass at a place where the second has none. The EMD is '
    f'finite for all of them, {m["emd_RS2"]:.4f} between R and S of the second set.'
  )
  return Figure(told, measured, picture(piles), table)


def said(value):
  return 'infinite' if np.isinf(value) else f'{value:.4f}'


def pile(name, masses):
  """Masses on 0 to 3."""
  if len(masses) > 4 or abs(sum(masses) - 1) > 1e-6:
    raise UserError(f'{name}={masses} is no distribution on 0 to 3: give at most 4 masses that sum to 1')
  return np.pad(np.array(masses, float), (0, 4 - len(masses)))


def picture(piles):
  figure, axes = plots.panels(3, height=2.8, sharey=True)
  for one, which in zip(axes[0], SETS, strict=True):
    names = [name for name in piles if name.endswith(which)]
    width = 0.8 / len(names)
    for i, (name, colour) in enumerate(zip(names, plots.COLOURS, strict=False)):
      one.bar(np.arange(4) + (i - (len(names) - 1) / 2) * width, piles[name], width, color=colour, label=name[0])
    one.set_xticks(range(4))
    plots.label(one, f'Set {which}', 'place', 'mass' if one is axes[0, 0] else '')
    plots.legend(one, ncols=len(names), loc='upper center')
  axes[0, 0].set_ylim(0, 1.1)
  return figure
