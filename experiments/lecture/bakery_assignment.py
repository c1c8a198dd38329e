"""Six bakeries, six cafés: all 720 ways to serve them, of which the lecture took the second best.

    python launch.py --config=experiments/lecture/bakery_assignment.py [--config.bakery_assignment.x2_to_y6=16]

A slower road from the second bakery to the sixth café makes the lecture right.
"""

import itertools

import numpy as np

from wgan_jax import transport
from wgan_jax.errors import UserError
from wgan_jax.lecture import bakeries, plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='The bakeries of Paris: the best of 720 assignments',
  lectures=(4,),
  claim='Monge’s problem: each bakery serves one café, and the sum of the minutes, Σ C[i, σ(i)], is to be least. The '
  'number of assignments σ grows as the factorial. The best takes 10 + 7 + 15 + 10 + 14 + 9 = 65 minutes.',
  erratum='65 is not the least: with x₂ → y₆ and x₃ → y₂, instead of x₂ → y₂ and x₃ → y₆, it is '
  '10 + 14 + 7 + 10 + 14 + 9 = 64. Looking at all 720 shows it.',
  source='Found without looking at all 720: Crouse, On implementing 2D rectangular assignment algorithms (2016).',
)


MOST = 1000  # minutes: the picture counts assignments in steps of five


def get_config():
  return numbers(
    __file__,
    x2_to_y6=14,  # minutes; all others are as printed
  )


def draw(config, folder):
  del folder
  if config.x2_to_y6 > MOST:
    raise UserError(f'x2_to_y6={config.x2_to_y6}: at most {MOST} minutes')
  costs = np.array(bakeries.MINUTES, float)
  costs[1, 5] = config.x2_to_y6
  rows = np.arange(len(costs))
  sums = np.array([costs[rows, list(order)].sum() for order in itertools.permutations(rows)])
  best = transport.assignment(costs)
  printed = np.array(bakeries.PAIRS) - 1
  lectures = costs[rows, printed].sum()
  measured = {
    'best': best.cost,
    'least_of_all': sums.min(),
    'lecture': lectures,
    'better_than_lecture': np.sum(sums < lectures),
    'equally_good_as_best': np.sum(sums == sums.min()),
    'mean': sums.mean(),
    'most': sums.max(),
    'assignments': len(sums),
    'dual': best.u.sum() + best.v.sum(),
    'dearest_over_road': max(0.0, np.max(best.u[:, None] + best.v - costs)),
  }
  m = measured
  told = (
    f"The lecture's assignment takes {m['lecture']:.0f} minutes; assignments that take less, of "
    f'all {m["assignments"]}: {m["better_than_lecture"]}. The least is {m["least_of_all"]:.0f}, reached by '
    f'{m["equally_good_as_best"]}; the mean is {m["mean"]:.1f}, the most {m["most"]:.0f}. An algorithm that does not '
    f'look at all of them finds {m["best"]:.0f}, with prices of bakeries and cafés that sum to {m["dual"]:.0f}; no '
    f'pair of them exceeds the road between by more than {m["dearest_over_road"]:.0f}. Where that is 0 minutes, no '
    f'assignment takes less than the sum of the prices.'
  )
  return Figure(told, measured, picture(costs, printed, best.columns, sums))


def picture(costs, printed, best, sums):
  figure, axes = plots.panels(2, height=4.0, width_ratios=(1, 1.25))
  left, right = axes[0]
  plots.heat(figure, left, costs, cmap=plots.fade(plots.GREY))
  plots.cells(left, [[f'{cost:g}' for cost in row] for row in costs], np.zeros(costs.shape))
  left.set_xticks(range(6), bakeries.names('y'))
  left.set_yticks(range(6), bakeries.names('x'))
  for columns, colour, inset, name in ((printed, plots.RED, 0.46, 'the lecture'), (best, plots.BLUE, 0.38, 'the best')):
    for i, j in enumerate(columns):
      x, y = j + inset * np.array([-1, 1, 1, -1, -1]), i + inset * np.array([-1, -1, 1, 1, -1])
      left.plot(x, y, color=colour, linewidth=2, label=name if i == 0 else None)
  plots.label(left, 'Minutes on the road', 'to café', 'from bakery')
  plots.legend(left, loc='upper center', bbox_to_anchor=(0.5, -0.13), ncols=2)
  right.hist(sums, np.arange(sums.min() // 5 * 5, sums.max() + 5, 5), color=plots.GREY, alpha=0.6)
  rows = np.arange(len(costs))
  for columns, colour, height in ((printed, plots.RED, 0.95), (best, plots.BLUE, 0.88)):
    total = costs[rows, columns].sum()
    right.axvline(total, color=colour)
    beside = dict(xycoords=('data', 'axes fraction'), textcoords='offset points', fontsize=9)
    right.annotate(f'{total:g} minutes', (total, height), (5, 0), color=colour, **beside)
  plots.label(right, 'All assignments', 'minutes in all', 'assignments, in steps of 5 minutes')
  return figure
