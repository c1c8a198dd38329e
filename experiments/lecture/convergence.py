"""Four sequences Q_n, and which of KL, JS and W sees each of them come near P.

    python launch.py --config=experiments/lecture/convergence.py [--config.convergence.largest_n=64]

The last one is the lecture's chain broken: its crumb of mass 1/n lies at n.
"""

from typing import NamedTuple

import numpy as np

from wgan_jax import closed_forms, discrete
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='KL → 0 implies JS → 0 implies W → 0, on a bounded set',
  lectures=(4,),
  claim='For a sequence of distributions Q_n: KL(P‖Q_n) → 0 → JS(P; Q_n) → 0 → W(P; Q_n) → 0, Q_n → P in distribution.',
  erratum='The arrows between the three are implications, KL → 0 ⇒ JS → 0 ⇒ W → 0, and none of them can be turned '
  'round. The second needs a bounded set: a mass of 1/n at the place n has KL and JS go to 0, while W stays 1. It is '
  'on bounded sets, too, that W → 0 is the same as convergence in distribution.',
  source='Arjovsky, Chintala & Bottou, Wasserstein GAN, Theorem 2, where the set is compact. By Pinsker’s inequality '
  'W ≤ diameter · TV ≤ diameter · √(2 JS), and JS ≤ log 2 · TV ≤ log 2 · √(KL / 2).',
)


class Pair(NamedTuple):
  """P and Q_n, whose masses lie evenly on pieces of the line, [K, 2]; within `diameter`."""

  pieces: np.ndarray
  p: np.ndarray
  q: np.ndarray
  diameter: float


def tilted(n):
  return Pair(np.array([[0, 0.5], [0.5, 1]]), np.array([0.5, 0.5]), np.array([0.5 + 0.5 / n, 0.5 - 0.5 / n]), 1)


def shorter(n):
  return Pair(np.array([[0, 1 / n], [1 / n, 1]]), np.array([1 / n, 1 - 1 / n]), np.array([0.0, 1.0]), 1)


def nearer(n):
  return Pair(np.array([[0, 0], [1 / n, 1 / n]]), np.array([1.0, 0.0]), np.array([0.0, 1.0]), 1)


def farther(n):
  return Pair(np.array([[0.0, 0], [n, n]]), np.array([1.0, 0.0]), np.array([1 - 1 / n, 1 / n]), n)


SEQUENCES = {
  'P even on [0, 1], Q_n tilted by 1/n': tilted,
  'P even on [0, 1], Q_n on [1/n, 1]': shorter,
  'P at 0, Q_n at 1/n': nearer,
  'P at 0, Q_n with a crumb of 1/n at n': farther,
}


def get_config():
  return numbers(
    __file__,
    largest_n=4096,  # from 2 on, by powers of two
  )


def draw(config, folder):
  del folder
  if config.largest_n < 2:
    raise UserError(f'largest_n={config.largest_n}: the sequences begin with n = 2')
  n = 2 ** np.arange(1, config.largest_n.bit_length())
  seen = {title: np.array([distances(sequence(k)) for k in n]) for title, sequence in SEQUENCES.items()}
  measured = {}
  for sequence, values in zip(SEQUENCES.values(), seen.values(), strict=True):
    measured |= dict(zip((f'{m}_{sequence.__name__}' for m in ('kl', 'js', 'w')), values[-1], strict=False))
  measured['w_over_its_bound'] = max((values[:, 2] / values[:, 3]).max() for values in seen.values())
  measured['js_over_its_bound'] = max((values[:, 1] / values[:, 4]).max() for values in seen.values())
  measured |= {'n': n[-1], 'log_2': np.log(2)}
  m = measured
  told = (
    f'At n = {n[-1]}: KL, JS and W of the tilted one are {m["kl_tilted"]:.1e}, {m["js_tilted"]:.1e} and '
    f'{m["w_tilted"]:.1e}. The shorter one has an infinite KL, but JS is {m["js_shorter"]:.1e} and W '
    f'{m["w_shorter"]:.1e}. For points 1/n apart W is {m["w_nearer"]:.1e}, JS {m["js_nearer"]:.4f} and log 2 '
    f'{m["log_2"]:.4f}. With a crumb at n, KL is {m["kl_farther"]:.1e} and JS {m["js_farther"]:.1e}, but W '
    f'{m["w_farther"]:.4f}. W reaches {m["w_over_its_bound"]:.4f} of diameter · √(2 JS) at most, and JS '
    f'{m["js_over_its_bound"]:.4f} of log 2 · √(KL / 2).'
  )
  return Figure(told, measured, picture(n, seen))


def distances(pair):
  """KL, JS and W of P and Q_n, with what bounds W by JS, and JS by KL."""
  kl, js = discrete.kullback_leibler(pair.p, pair.q), discrete.jensen_shannon(pair.p, pair.q)
  w = closed_forms.on_the_line(pair.pieces, pair.pieces, pair.p, pair.q)
  return kl, js, w, pair.diameter * np.sqrt(2 * js), np.log(2) * np.sqrt(kl / 2)


def picture(n, seen):
  figure, axes = plots.panels(2, 2, height=2.6, sharex=True, sharey=True)
  least = min(values[:, :3].min() for values in seen.values())
  for one, (title, values) in zip(axes.flat, seen.items(), strict=True):
    for name, colour, row in zip(
      ('KL(P‖Q_n)', 'JS', 'W₁'), (plots.AMBER, plots.RED, plots.BLUE), values.T, strict=False
    ):
      endless = np.isinf(row).any()
      one.loglog(n, np.where(np.isinf(row), 8, row), '.-', color=colour, label=f'{name}: ∞' if endless else name)
    one.set_ylim(least / 2, 15)
    plots.label(one, title)
    plots.legend(one, loc='lower left')
  for one in axes[-1]:
    one.set_xlabel('n', color=plots.INK, fontsize=9)
  for one in axes[:, 0]:
    one.set_ylabel('value; KL and JS in nats', color=plots.INK, fontsize=9)
  return figure
