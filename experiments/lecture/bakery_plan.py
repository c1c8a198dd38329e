"""Six bakeries with loaves, six cafés that want them: the best plan, and the prices that prove it.

    python launch.py --config=experiments/lecture/bakery_plan.py [--config.bakery_plan.baked="(23,9,3,16,21,28)"]

Move a loaf from one oven to another: the prices drawn before say what that costs, or saves.
"""

import numpy as np

from wgan_jax import transport
from wgan_jax.errors import UserError
from wgan_jax.lecture import bakeries, plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Bread as masses: the best plan and its prices',
  lectures=(4,),
  claim='Kantorovich’s problem: bakery i has p_i loaves and café j wants q_j; a plan P ≥ 0 with these sums of rows and '
  'columns is to cost the least, Σ P_ij C_ij. The printed plan is optimal. In the dual, f is a price of bread at '
  'bakeries and cafés.',
  erratum='The dual is printed with two signs: the supremum over f of E_P f - E_Q f on the slide of Kantorovich and '
  'Rubinstein, and of Σ f_i q_i - Σ f_j p_j, from which P is subtracted, for the bakeries. Either is right, '
  'for with f also -f is 1-Lipschitz, but only with the second is f a price, and with the first it is a critic. That '
  'one f serves both ovens and tables asks for costs like distances, C_ij ≤ C_il + C_kl + C_kj, which the printed '
  'ones are; for other costs the dual has two prices, u_i + v_j ≤ C_ij.',
  source='Peyré & Cuturi, Computational Optimal Transport, sections 2.5 and 3.1.',
)


def get_config():
  return numbers(
    __file__,
    baked=(24, 9, 3, 16, 21, 27),  # loaves in bakeries x₁ to x₆
    wanted=(3, 23, 18, 26, 16, 14),  # loaves in cafés y₁ to y₆, as many in all
  )


def draw(config, folder):
  del folder
  costs = np.array(bakeries.MINUTES, float)
  p, q = np.array(config.baked, float), np.array(config.wanted, float)
  if sum(config.baked) != sum(config.wanted):
    raise UserError(f'{sum(config.baked)} loaves are baked and {sum(config.wanted)} wanted: let these be equal')
  plan = transport.plan(p, q, costs)
  u, v = plan.u - plan.u.max(), plan.v + plan.u.max()  # the cheapest bakery gives bread away; u_i + v_j are the same
  proof = transport.dual_gap(plan, costs)
  more = one_loaf_more(p, q, costs) - plan.cost
  detour = costs[:, None, :, None] + costs[None, :, :, None] + costs[None, :, None, :]  # i to l, k to l, k to j
  measured = {
    'best': plan.cost,
    'printed': np.sum(np.array(bakeries.LOAVES) * costs),
    'prices': p @ u + q @ v,
    'dearest_over_road': proof.violation,
    'roads_used': len(plan.rows),
    'least_for_a_loaf_more': more.min(),
    'pairs_where_prices_say_it': np.sum(np.isclose(more, u[:, None] + v)),
    'longer_than_a_detour': np.max(costs[:, None, None, :] - detour),
  }
  m = measured
  cheapest = np.unravel_index(np.argmin(more), more.shape)
  told = (
    f'The best plan costs {m["best"]:.0f} minutes (the printed one, with its masses: {m["printed"]:.0f}) and uses '
    f'{m["roads_used"]} of 36 roads. Bread bought at -u_i and sold at v_j brings Σ p u + Σ q v = {m["prices"]:.0f}, '
    f'and no two prices differ by more than the road between, but by exactly that where bread moves: the proof that '
    f'both are optimal. One loaf more, baked at x_i and eaten at y_j, costs u_i + v_j minutes more for '
    f'{m["pairs_where_prices_say_it"]} of the 36 pairs. The least is {m["least_for_a_loaf_more"]:.0f}, from '
    f'{bakeries.names("x")[cheapest[0]]} to {bakeries.names("y")[cheapest[1]]}.'
  )
  told += ' It is negative: more bread for less work.' if round(m['least_for_a_loaf_more']) < 0 else ''
  return Figure(told, measured, picture(plan.matrix(), costs - u[:, None] - v, (p, q, u, v)))


def one_loaf_more(p, q, costs):
  """The best cost when x_i bakes one loaf more and y_j wants one more: [6, 6]."""
  one = np.eye(len(costs))
  return np.array([[transport.plan(p + one[i], q + one[j], costs).cost for j in range(6)] for i in range(6)])


def picture(loaves, spare, sums):
  p, q, u, v = sums
  figure, axes = plots.panels(2, height=4.2)
  left, right = axes[0]
  share = loaves / loaves.max()
  plots.heat(figure, left, share, cmap=plots.fade(), vmin=0)
  plots.cells(left, [[f'{n:g}' if n else '' for n in row] for row in loaves], share > 0.5)
  plots.label(left, 'The plan, in loaves', 'to café, loaves wanted below', 'from bakery, loaves baked below')
  plots.heat(figure, right, spare, cmap=plots.fade(plots.AMBER), vmin=0)
  plots.cells(right, [[f'{n:.0f}' for n in row] for row in spare], np.zeros(spare.shape))
  plots.label(right, 'Road minus difference of prices', 'café, its price v_j below', 'bakery, its price -u_i below')
  for axes, rows, columns in ((left, p, q), (right, 0 - u, v)):
    axes.set_xticks(range(6), [f'{name}\n{n:.0f}' for name, n in zip(bakeries.names('y'), columns, strict=True)])
    axes.set_yticks(range(6), [f'{name}\n{n:.0f}' for name, n in zip(bakeries.names('x'), rows, strict=True)])
  right.plot(
    *np.nonzero(loaves)[::-1], 's', color=plots.BLUE, markersize=24, fillstyle='none', label='bread moves here'
  )
  plots.legend(right, loc='upper center', bbox_to_anchor=(0.5, -0.17), markerscale=0.4)
  return figure
