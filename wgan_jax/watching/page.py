"""What a report says of the critic: its estimate beside the exact distance, and whether it overfits."""

import math
from typing import Any

from wgan_jax import curves, pages

RATIO, P = 'critic/w1_ratio', 'overfitting/p'
OWN = ('critic/', 'overfitting/')  # how the names of these scores begin
DUALITY = """<p class="note">The critic's estimate, mean f(x) - mean f(y), and the exact W1 of the same samples, which
need not be on one scale. Divided by the Lipschitz constant, the largest slope found, the estimate is a lower bound of
the exact distance; their ratio is the share that the critic accounts for, at most 1.{of_real}</p>"""
OF_REAL = ' As many other real samples are {:.4g} away: few samples of one distribution are no nearer.'
NOW = """at round {step:,.0f} its loss is {training:.4g} on training samples and {held_out:.4g} on held-out ones
(one-sided Welch test: t = {t:.1f}, p = {p:.2g})"""
OPEN = '<p class="alarm">The critic overfits: first seen at round {first:,.0f}, {still}; {now}.</p>'
SHUT = '<p class="note">No overfitting of the critic was found; {now}.</p>'

Rows = list[dict[str, Any]]


def section(rows: Rows) -> str:
  """HTML of the rows of scores; nothing where no critic is watched."""
  parts = _duality(rows), _overfitting(rows)
  return '<h2>Critic</h2>' + ''.join(parts) if any(parts) else ''


def _duality(rows):
  lines = {name: _line(rows, f'critic/{name}') for name in ('w1_exact', 'w1_estimate', 'w1_of_real')}
  if not lines['w1_exact']:
    return ''
  bound = [{**row, 'bound': float(row['critic/w1_ratio']) * row['critic/w1_exact']} for row in rows if RATIO in row]
  both = {
    'exact': lines['w1_exact'],
    "critic's estimate": lines['w1_estimate'],
    'estimate / Lipschitz': _line(bound, 'bound'),
    'exact, real from real': lines['w1_of_real'],
  }
  alone = {name: _line(rows, name) for name in ('critic/lipschitz', RATIO)}
  figures = [
    curves.together('W1, exact and by the critic', {name: line for name, line in both.items() if line}),
    *(curves.together(name, {name: line}) for name, line in alone.items() if line),
  ]
  of_real = OF_REAL.format(lines['w1_of_real'][1][-1]) if lines['w1_of_real'] else ''
  return DUALITY.format(of_real=of_real) + pages.tiles(map(pages.drawing, figures))


def _overfitting(rows):
  rows = [{name.partition('/')[2] or name: float(x) for name, x in row.items()} for row in rows if P in row]
  if not rows:
    return ''
  opened, last = [row['step'] for row in rows if row['alarm']], rows[-1]
  now, still = NOW.format(**last), 'and does so still' if last['alarm'] else 'and no longer does'
  line = OPEN.format(first=opened[0], still=still, now=now) if opened else SHUT.format(now=now)
  losses = {'training': _line(rows, 'training'), 'held out': _line(rows, 'held_out')}
  return line + (
    pages.tiles([pages.drawing(curves.together("critic's loss, training and held out", losses))])
    if all(losses.values())
    else ''
  )


def _line(rows, name):
  """(steps, values) of what is finite, empty for less than two points."""
  points = [(row['step'], float(row[name])) for row in rows if name in row and math.isfinite(float(row[name]))]
  return tuple(zip(*points, strict=True)) if len(points) > 1 else ()
