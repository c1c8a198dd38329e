"""What a report says of the critic: its estimate beside the exact distance, and whether it overfits."""

import math
from typing import Any

from wgan_jax import curves

OWN = ('critic/', 'overfitting/')  # how the names of these scores begin
DUALITY = """<p class="note">The critic's estimate, mean f(x) - mean f(y), and the exact W1 of the same samples: {note}.
Divided by the Lipschitz constant (the largest slope found), the estimate is a lower bound of the exact distance; their
ratio is the share of it that the critic accounts for, 1 for a perfect one.</p>"""
OF_REAL = 'two sets of as many real samples are {:.4g} apart, which no generator is asked to beat'

Rows = list[dict[str, Any]]


def section(rows: Rows) -> str:
  """HTML of the rows of scores; nothing where no critic is watched."""
  parts = _duality(rows), _overfitting(rows)
  return '<h2>Critic</h2>' + ''.join(parts) if any(parts) else ''


def _duality(rows):
  lines = {name: _line(rows, f'critic/{name}') for name in ('w1_exact', 'w1_estimate', 'lipschitz', 'w1_ratio')}
  if len(lines['w1_exact'][0]) < 2:
    return ''
  scaled = [(row['step'], row['critic/w1_ratio'] * row['critic/w1_exact']) for row in rows if 'critic/w1_ratio' in row]
  of_real = _line(rows, 'critic/w1_of_real')
  both = {
    'exact': lines['w1_exact'],
    "critic's estimate": lines['w1_estimate'],
    'estimate / Lipschitz': tuple(zip(*scaled, strict=True)),
    'exact, real from real': of_real,
  }
  figures = [
    curves.together('W1, exact and by the critic', {name: line for name, line in both.items() if line and line[0]}),
    curves.svg('critic/lipschitz', *lines['lipschitz'], smooth=False),
    curves.svg('critic/w1_ratio', *lines['w1_ratio'], smooth=False),
  ]
  note = OF_REAL.format(of_real[1][-1]) if of_real[0] else 'the constant is measured, not assumed'
  return DUALITY.format(note=note) + _tiles(figures)


def _overfitting(rows):
  rows = [row for row in rows if 'overfitting/p' in row]
  if not rows:
    return ''
  opened = [row['step'] for row in rows if row['overfitting/alarm']]
  last = rows[-1]
  now = (
    f'at round {last["step"]:,} its loss is {float(last["overfitting/training"]):.4g} on training samples and '
    f'{float(last["overfitting/held_out"]):.4g} on held-out ones (Welch, one-sided: t = {float(last["overfitting/t"]):.1f}, '
    f'p = {float(last["overfitting/p"]):.2g})'
  )
  if opened:
    still = 'and does so still' if last['overfitting/alarm'] else 'and no longer does'
    line = f'<p class="alarm">The critic overfits: first seen at round {opened[0]:,}, {still}; {now}.</p>'
  else:
    line = f'<p class="note">No overfitting of the critic found; {now}.</p>'
  losses = {'training': _line(rows, 'overfitting/training'), 'held out': _line(rows, 'overfitting/held_out')}
  return line + (
    _tiles([curves.together("critic's loss on real samples, same fakes", losses)]) if len(rows) > 1 else ''
  )


def _line(rows, name):
  points = [(row['step'], float(row[name])) for row in rows if name in row and math.isfinite(float(row[name]))]
  return tuple(zip(*points, strict=True)) if points else ((), ())


def _tiles(figures):
  return f'<div class="tiles">{"".join(f"<figure>{figure}</figure>" for figure in figures)}</div>'
