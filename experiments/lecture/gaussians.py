"""Two Gaussians that move apart: KL both ways, JS, W₁ and W₂ over the distance of their means.

    python launch.py --config=experiments/lecture/gaussians.py [--config.gaussians.width=0.5]

Make Q narrower than P: KL(P‖Q) soars, KL(Q‖P) stays small.
"""

import numpy as np
import scipy.stats

from wgan_jax import discrete
from wgan_jax.closed_forms import kullback_leibler_of_gaussians
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.metrics import frechet

ABOUT = About(
  title='Gaussians: formulas for KL and W₂, integrals for JS and W₁',
  lectures=(3,),
  claim='Exercise 1.30 of PRML asks for KL between N(μ₁, σ₁²) and N(μ₂, σ₂²): it is '
  'log(σ₂/σ₁) + (σ₁² + (μ₁ - μ₂)²) / (2σ₂²) - 1/2.',
  source='W₂² = (μ₁ - μ₂)² + (σ₁ - σ₂)² on the line: Dowson & Landau, The Fréchet Distance between Multivariate Normal '
  'Distributions (1982).',
)
FEWEST = 100


def get_config():
  return numbers(
    __file__,
    width=2.0,  # standard deviation of Q on the right; that of P, and of Q on the left, is 1
    farthest=5.0,  # distance of the means
    places=4001,  # for the integrals
  )


def draw(config, folder):
  del folder
  if min(config.width, config.farthest) <= 0:
    raise UserError('the width of Q and the farthest distance of the means must be more than 0')
  if config.places < FEWEST:
    raise UserError(f'places={config.places}: an integral needs {FEWEST} or more')
  if (step := (20 * max(1, config.width) + config.farthest) / (config.places - 1)) > min(1, config.width):
    raise UserError(
      f'the places are {step:.2g} apart, which is more than the narrower Gaussian is wide: take more of them, a width '
      'nearer to 1, or a smaller distance'
    )
  means = np.linspace(0, config.farthest, 41)
  widths = 1.0, config.width
  equal, unequal = (np.array([of_gaussians(mean, width, config.places) for mean in means]) for width in widths)
  kl, quadrature, js, w1, w2, _ = np.concatenate([equal, unequal]).T
  measured = {
    'kl_error': np.max(np.abs(kl - quadrature) / np.maximum(kl, 1)),
    'w1_error_of_equal_widths': np.abs(equal[:, 3] - means).max(),
    'kl_last_equal': equal[-1, 0],
    'js_last_equal': equal[-1, 2],
    'w1_last_equal': equal[-1, 3],
    'kl_last': unequal[-1, 0],
    'reverse_last': unequal[-1, 5],
    'w1_last': unequal[-1, 3],
    'w2_last': unequal[-1, 4],
    'w1_over_w2': np.max(w1[w2 > 0] / w2[w2 > 0]),
    'log_2': np.log(2),
    'js_most': js.max(),
  }
  m = measured
  told = (
    f'The formula for KL agrees with its integral to {m["kl_error"]:.1e}. For equal widths W₁ is the distance of the '
    f'means, to {m["w1_error_of_equal_widths"]:.1e}. At the end it is {m["w1_last_equal"]:.3f}, and KL, (μ₁ - μ₂)²/2, '
    f'is {m["kl_last_equal"]:.3f}, while JS is {m["js_last_equal"]:.4f}, log 2 being {m["log_2"]:.4f}. With Q '
    f'{config.width:g} wide, KL(P‖Q) is {m["kl_last"]:.3f} there and KL(Q‖P) {m["reverse_last"]:.3f}, W₁ '
    f'{m["w1_last"]:.3f} and W₂ {m["w2_last"]:.3f}. W₁ is at most {m["w1_over_w2"]:.4f} times W₂, JS at most '
    f'{m["js_most"]:.4f}.'
  )
  return Figure(told, measured, picture(means, equal, unequal, config.width))


def of_gaussians(mean, width, places):
  """(KL, KL as an integral, JS, W₁, W₂, KL the other way) of N(0, 1) and N(mean, width^2)."""
  reach = 10 * max(1, width)
  x = np.linspace(-reach, mean + reach, places)
  step = x[1] - x[0]
  p, q = scipy.stats.norm(0, 1), scipy.stats.norm(mean, width)
  log_p, log_q = p.logpdf(x), q.logpdf(x)
  masses = np.exp(log_p) * step, np.exp(log_q) * step
  return (
    kullback_leibler_of_gaussians(0, 1, mean, width),
    np.sum(masses[0] * (log_p - log_q)),
    discrete.jensen_shannon(*masses),
    np.sum(np.abs(p.cdf(x) - q.cdf(x))) * step,
    np.sqrt(frechet.gaussian_distance(np.zeros(1), np.eye(1), np.full(1, mean), np.full((1, 1), float(width) ** 2))),
    kullback_leibler_of_gaussians(mean, width, 0, 1),
  )


def picture(means, equal, unequal, width):
  figure, axes = plots.panels(2, height=3.4, sharey=True)
  names = {'KL(P‖Q)': 0, 'KL(Q‖P)': 5, 'JS': 2, 'W₁': 3, 'W₂': 4}
  colours = plots.AMBER, plots.VIOLET, plots.RED, plots.BLUE, plots.INK
  for one, values, title in (
    (axes[0, 0], equal, 'Both of width 1'),
    (axes[0, 1], unequal, f'P of width 1, Q of {width:g}'),
  ):
    for (name, i), colour in zip(names.items(), colours, strict=True):
      one.plot(means, values[:, i], '--' if name in ('KL(Q‖P)', 'W₂') else '-', color=colour, label=name)
    one.axhline(np.log(2), color=plots.GREY, linestyle=':', label='log 2')
    plots.label(one, title, 'distance of the means', 'value; KL and JS in nats' if one is axes[0, 0] else '')
  axes[0, 0].set_ylim(0, 1.5 * means[-1])
  plots.legend(axes[0, 1], loc='upper left', ncols=2)
  return figure
