"""Two parallel lines, and two blocks that overlap, by five distances: all but one stop telling how far apart they are.

    python launch.py --config=experiments/lecture/parallel_lines.py [--config.parallel_lines.width=1.0]

Wider blocks overlap for longer; lines, being of width 0, never do.
"""

import numpy as np

from wgan_jax import closed_forms, discrete, transport
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Parallel lines: W₁ tells the distance, JS and KL do not',
  lectures=(1, 2, 3, 4),
  claim='Where the generated and the real data do not overlap, JS is log 2, KL is infinite and total variation is 1, '
  'however near they are: a generator that comes nearer is not told so. W₁ is the distance, d₀ at first, d₅₀ later '
  'and 0 in the end. In the lecture’s table: TV 1, 1, 0; KL ∞, ∞, 0; JS log 2, log 2, 0; W d₀, d₅₀, 0.',
  source='Arjovsky, Chintala & Bottou, Wasserstein GAN, Example 1 and Figure 1.',
)
MEASURES = 'W₁', 'JS', 'TV', 'KL(P‖Q)', 'KL(Q‖P)'


def get_config():
  return numbers(
    __file__,
    d0=1.0,  # distance of the lines when training begins
    d50=0.4,  # later
    width=0.6,  # of the blocks
    points=16,  # of each line
  )


def draw(config, folder):
  del folder
  if min(config.d0, config.width) <= 0:
    raise UserError('d0 and width must be more than 0')
  stages = config.d0, config.d50, 0.0
  shifts = np.linspace(-1.5, 1.5, 301) * config.d0
  lines = np.array([of_lines(shift, config.points) for shift in shifts])
  blocks = np.array([of_blocks(shift, config.width) for shift in shifts])
  table = [['', 'at first, d₀', 'later, d₅₀', 'in the end']]
  seen = np.array([of_lines(stage, config.points) for stage in stages])
  for name, values in zip(MEASURES, seen.T, strict=True):
    table.append([name, *(shown(value) for value in values)])
  apart = np.abs(shifts) > 1e-9 * config.d0
  slopes = np.abs(np.concatenate([np.diff(of[:, 0]) / np.diff(shifts) for of in (lines, blocks)]))
  measured = {
    **{f'w1_{when}': value for when, value in zip(('first', 'later', 'end'), seen[:, 0], strict=True)},
    **{f'js_{when}': value for when, value in zip(('first', 'later', 'end'), seen[:, 1], strict=True)},
    'tv_first': seen[0, 2],
    'kl_first': seen[0, 3],
    'kl_end': seen[2, 3],
    'w1_against_distance': np.abs(lines[:, 0] - np.abs(shifts)).max(),
    'js_least_apart': lines[apart, 1].min(),
    'js_most': lines[:, 1].max(),
    'log_2': np.log(2),
    'js_of_blocks_near': of_blocks(config.width / 2, config.width)[1],
    'half_width': config.width / 2,
    'kl_of_blocks_apart': blocks[apart, 3:].min(),
    'kl_of_blocks_end': max(of_blocks(0.0, config.width)[3:]),
    'w1_least_slope': slopes.min(),
    'w1_most_slope': slopes.max(),
  }
  m = measured
  told = (
    f'W₁ of the lines differs from their distance by at most {m["w1_against_distance"]:.1e}. Their JS is between '
    f'{m["js_least_apart"]:.4f} and {m["js_most"]:.4f} wherever they are apart, log 2 being {m["log_2"]:.4f}, and '
    f'jumps to {m["js_end"]:.4f} where they meet. Blocks of width {config.width:g} have a JS that falls as they come '
    f'to overlap ({m["js_of_blocks_near"]:.4f} at a distance of {m["half_width"]:.4f}), but not before, while KL is '
    f'{shown(m["kl_of_blocks_apart"])} wherever they are apart and {shown(m["kl_of_blocks_end"])} when the two are '
    f'one. The slope of W₁ is from {m["w1_least_slope"]:.4f} to {m["w1_most_slope"]:.4f}, for lines and for blocks.'
  )
  return Figure(told, measured, picture(shifts, lines, blocks, stages, config), table)


def shown(value):
  return f'{value:.4f}'.replace('inf', '∞')


def of_lines(shift, n):
  """The five of a line from (0, 0) to (0, 1) and one `shift` beside it, n points of mass 1 / n each."""
  height = (np.arange(n) + 0.5) / n
  line, other = (np.stack([np.full(n, at), height], axis=1) for at in (0.0, shift))
  moved = transport.plan(None, None, transport.cost_matrix(line, other)).cost
  same = np.full(n, 1 / n)
  together = (same, same) if shift == 0 else (np.append(same, 0 * same), np.append(0 * same, same))
  return moved, *without_places(*together)


def of_blocks(shift, width):
  """The five of a block of mass 1 and one `shift` beside it."""
  alone = min(abs(shift) / width, 1)  # the share of each that the other does not cover
  p, q = np.array([alone, 1 - alone, 0]), np.array([0, 1 - alone, alone])
  return closed_forms.on_the_line([[0, width]], [[shift, shift + width]]), *without_places(p, q)


def without_places(p, q):
  """JS, TV and both KL of masses [N]."""
  both = discrete.kullback_leibler(p, q), discrete.kullback_leibler(q, p)
  return discrete.jensen_shannon(p, q), discrete.total_variation(p, q), *both


def picture(shifts, lines, blocks, stages, config):
  figure, axes = plots.panels(3, height=3.6, width_ratios=(0.7, 1, 1))
  left, middle, right = axes[0]
  for shift, name in zip(stages, ('d₀', 'd₅₀', 'the end'), strict=True):
    left.plot([shift, shift], [0, 1], color=plots.FAKE, alpha=0.4 if shift else 1)
    left.annotate(name, (shift, 1.05), ha='center', fontsize=8, color=plots.INK)
  left.plot([0, 0], [0, 1], color=plots.REAL, linewidth=6, alpha=0.5)
  left.set(xlim=(-0.4 * config.d0, 1.4 * config.d0), ylim=(-0.05, 1.2))
  plots.label(left, 'Lines: P grey, Q red', 'first coordinate', 'second coordinate')
  top = 1.15 * max(1.5 * config.d0, 1)
  for one, values, title in ((middle, lines, 'Lines'), (right, blocks, f'Blocks of width {config.width:g}')):
    for name, colour, row in zip(('W₁', 'JS', 'TV', 'KL, either way: ∞'), plots.COLOURS, values.T, strict=False):
      finite = np.where(np.isfinite(row), row, top)
      for side in (shifts <= 0, shifts >= 0):
        beside = side & (np.abs(shifts) > 1e-9 * shifts[-1]) if jumps(finite, shifts) else side
        one.plot(shifts[beside], finite[beside], color=colour, label=name if side[0] and one is middle else None)
    one.plot(0, 0, 'o', markersize=4, color=plots.INK, label=None if one is right else 'all, where Q is P')
    one.set_ylim(-0.05, 1.05 * top)
    plots.label(one, title, 'distance of Q from P, to either side', 'value; KL and JS in nats')
  plots.legend(figure, loc='outside lower center', ncols=5)
  return figure


def jumps(row, shifts):
  """Whether it has no limit of 0 where the distance is 0."""
  return row[np.argsort(np.abs(shifts))[1]] > row.max() / 2
