"""Three blocks of earth are moved into one: the distance 3, as a plan, as an area, and as a critic proves it.

    python launch.py --config=experiments/lecture/w1_example.py [--config.w1_example.start=3.0]

Move the hole under the blocks, or make it wider: the critic bends wherever as much lies left of a place as shall lie.
"""

import numpy as np

from wgan_jax import closed_forms, transport
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='W₁ = 3, three times: the plan, the area, the critic',
  lectures=(2,),
  claim='p has mass 1/4 on [1, 2], 1/4 on [3, 4] and 1/2 on [9, 10]; q lies on [5, 7]. The earth moves 4, 2 and 3 far, '
  'so that W₁ = 4 · 1/4 + 2 · 1/4 + 3 · 1/2 = 3. A critic f that is 3, 1 and 2 on the three blocks and -1 on q attains '
  'the same in the dual: (3 · 1/4 + 1 · 1/4 + 2 · 1/2) - (-1) = 3.',
  erratum='The lecture prints q as 1 on [5, 7], which is a mass of 2: no plan moves a mass of 1 into that. It must be '
  "1/2 there. It calls the cost ‖x - y‖ the L1 norm; on the line that is |x - y|, but in a space Euclid's norm is the "
  'one whose critics have gradients of length 1 at most, as the gradient penalty asks. And the values of f are its '
  'means over the blocks: f itself has slope 1 or -1 there.',
  source='Kantorovich & Rubinstein’s duality: Villani, Optimal Transport: Old and New, Remark 6.5.',
)
NARROW, FAR = 1e-6, 1e6  # of a hole on the same line as the blocks
BLOCKS, MASSES = np.array([[1.0, 2.0], [3.0, 4.0], [9.0, 10.0]]), np.array([0.25, 0.25, 0.5])


def get_config():
  return numbers(
    __file__,
    start=5.0,  # left end of the hole, q
    width=2.0,  # of the hole, over 0
  )


def draw(config, folder):
  del folder
  if not config.width > 0:
    raise UserError(f'width={config.width:g}: make the hole wider than 0')
  if abs(config.start) > FAR or not NARROW <= config.width <= FAR:
    raise UserError(
      f'start={config.start:g} and width={config.width:g}: start within ±{FAR:g}, and {NARROW:g} to {FAR:g} wide'
    )
  hole = np.array([[config.start, config.start + config.width]])
  above = np.cumsum(MASSES)
  parts = config.start + config.width * np.stack([above - MASSES, above], axis=1)  # of the hole, block by block
  far = costs_of(BLOCKS, parts)
  x, p, q = distributions(BLOCKS, MASSES, hole)
  f = critic(x, p - q)
  f = f - mean(f, q) - 1  # the lecture's constant
  halves = config.start + config.width * np.array([[0, 0.5], [0, 0.5], [0.5, 1]])
  means = [mean(f, np.interp(x, block, [0, 1])) for block in BLOCKS]
  area = np.sum(np.diff(x) * (np.abs(p - q)[1:] + np.abs(p - q)[:-1]) / 2)
  measured = {f'distance_{i + 1}': distance for i, distance in enumerate(far)}
  measured |= {f'f_on_{i + 1}': value for i, value in enumerate(means)}
  measured |= {'f_on_p': mean(f, p), 'f_on_q': mean(f, q), 'slope': transport.lipschitz_constant(f, x)}
  measured |= {
    'w1': closed_forms.on_the_line(BLOCKS, hole, MASSES),
    'in_order': float(MASSES @ far),
    'by_halves': float(MASSES @ costs_of(BLOCKS, halves)),
    'area': float(area),
    'dual': mean(f, p) - mean(f, q),
  }
  m = measured
  as_well = 'as well: the best plan is not the only one' if np.isclose(m['by_halves'], m['w1']) else 'which is too much'
  told = (
    f'Moved in order, the blocks go {far[0]:.2f}, {far[1]:.2f} and {far[2]:.2f} far, which costs {m["in_order"]:.4f}. '
    f"The lecture's plan, which spreads the first two both over the left half of the hole, costs {m['by_halves']:.4f}, "
    f'{as_well}. The area between the distribution functions is {m["area"]:.4f}, and the formula for W₁ on the line '
    f'gives {m["w1"]:.4f}. The critic, nowhere steeper than {m["slope"]:.3f}, has the mean {m["f_on_p"]:.3f} on p and '
    f'{m["f_on_q"]:.3f} on q, and attains {m["dual"]:.4f}: no plan can be cheaper.'
  )
  return Figure(told, measured, picture(hole, parts, (far, means), (x, p, q, f)))


def costs_of(blocks, parts):
  """What each block of mass 1 costs, spread evenly over its part."""
  return [closed_forms.on_the_line([block], [part]) for block, part in zip(blocks, parts, strict=True)]


def distributions(blocks, masses, hole):
  """(x, F, G): the two distribution functions at all ends, and where they cross; straight in between."""

  def at(x):
    p = sum(mass * np.interp(x, block, [0, 1]) for block, mass in zip(blocks, masses, strict=True))
    return p, np.interp(x, hole[0], [0, 1])

  x = np.unique(np.concatenate([blocks.ravel(), hole.ravel()]))
  d = np.subtract(*at(x))
  i = np.flatnonzero(d[1:] * d[:-1] < 0)
  x = np.unique(np.concatenate([x, x[i] + np.diff(x)[i] * d[i] / (d[i] - d[i + 1])]))
  return x, *at(x)


def critic(x, difference):
  """The best critic at x: it falls where F > G and rises where F < G, E f(p) - E f(q) being -∫ f' (F - G)."""
  slopes = -np.sign(np.round(difference[1:] + difference[:-1], 12))
  return np.concatenate([[0.0], np.cumsum(slopes * np.diff(x))])


def mean(f, distribution):
  """Of f, straight between places, under a distribution whose function is straight there too."""
  return float(np.sum(np.diff(distribution) * (f[1:] + f[:-1]) / 2))


def picture(hole, parts, said, lines):
  x, p, q, f = lines
  figure, axes = plots.panels(1, 3, height=2.3, sharex=True)
  top, middle, bottom = axes[:, 0]
  ground = 1 / np.diff(hole)[0, 0]
  for block, mass, part, distance, value, colour in zip(BLOCKS, MASSES, parts, *said, plots.COLOURS, strict=False):
    top.bar(block[0], mass, np.diff(block)[0], align='edge', color=colour)
    top.bar(part[0], -ground, np.diff(part)[0], align='edge', color=colour, alpha=0.5)
    bend = 0.3 * np.sign(block.mean() - part.mean())
    arrow = dict(arrowstyle='->', color=plots.INK, shrinkB=0, connectionstyle=f'arc3,rad={bend}')
    top.annotate('', (part.mean(), -ground / 2), (block.mean(), mass / 2), arrowprops=arrow)
    inside = (x >= block[0]) & (x <= block[1])
    bottom.plot(x[inside], f[inside], color=colour, linewidth=5, solid_capstyle='butt')
    words = dict(textcoords='offset points', ha='center', fontsize=8, color=plots.INK)
    top.annotate(f'{mass:g} goes {distance:.3g} far', (block.mean(), 0.58), (0, 0), **words)
    bottom.annotate(f'mean {value:.3g}', (block.mean(), f[inside].max()), (0, 5), **words)
  top.axhline(0, color=plots.INK, linewidth=0.8)
  top.set_ylim(-1.15 * ground, 0.75)
  plots.label(top, 'The plan: p, above the line, goes into the hole q below it', '', 'mass per length')
  middle.plot(x, p, color=plots.BLUE, label='F: mass of p up to here')
  middle.plot(x, q, color=plots.RED, label='G: mass of q up to here')
  middle.fill_between(x, p, q, color=plots.GREY, alpha=0.3, linewidth=0, label='the area between them')
  plots.label(middle, 'The area: at each place, as much earth passes as F and G differ', '', 'mass')
  plots.legend(middle, loc='upper left')
  bottom.plot(x, f, color=plots.INK, linewidth=1, label='f')
  bottom.plot(hole[0], np.interp(hole[0], x, f), 'o', color=plots.RED, label='ends of q')
  bottom.margins(y=0.25)
  plots.label(bottom, 'The critic: it falls where F > G and rises where F < G', 'place', 'f')
  plots.legend(bottom, loc='upper center')
  return figure
