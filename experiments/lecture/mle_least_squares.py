"""Least squares, greatest likelihood and least KL are one and the same slope.

    python launch.py --config=experiments/lecture/mle_least_squares.py [--config.mle_least_squares.noise=3.0]

More noise lifts all three curves and makes the slope of the sample miss the true one by more; the minima stay together.
"""

import numpy as np
import scipy.optimize
import scipy.stats

from wgan_jax import discrete
from wgan_jax.closed_forms import kullback_leibler_of_gaussians
from wgan_jax.errors import UserError
from wgan_jax.lecture import known, plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Least squares, maximum likelihood and least KL agree',
  lectures=(3,),
  claim='Minimising the mean squared error is maximising the likelihood if the data are Gaussian around the '
  'prediction, and maximising the likelihood is minimising KL(p‖q_θ). Between Gaussians, KL is log σ₂/σ₁ + (σ₁² + '
  '(μ₁ − μ₂)²) / (2σ₂²) − 1/2.',
  erratum='The second proof calls p the true distribution and then puts the mean over N data in place of its '
  'expectation. What maximum likelihood minimises is the KL from the empirical distribution; from the true one it '
  'does so only in the limit of many data.',
  source='Bishop, Pattern Recognition and Machine Learning, section 1.2.5 and exercise 1.30.',
)
DICE = 6  # throws in each of the experiments of the right panel


def get_config():
  return numbers(
    __file__,
    data=20,  # pairs (x, y)
    slope=1.5,  # the true one
    noise=1.0,  # standard deviation of y around the line, known to the model
    chance=0.3,  # of success in each of 6 throws, in the right panel
    experiments=50,  # of 6 throws
    seed=0,
  )


def draw(config, folder):
  del folder
  if not (config.noise > 0 and 0 < config.chance < 1):
    raise UserError('give a noise above 0 and a chance between 0 and 1')
  rng = np.random.default_rng(config.seed)
  x = rng.uniform(-2, 2, config.data)
  y = config.slope * x + config.noise * rng.normal(size=config.data)
  objectives = of_slopes(x, y, config.noise)
  formula = float(x @ y / (x @ x))
  reach = max(4 * config.noise / np.sqrt(x @ x), abs(formula - config.slope) * 1.5)
  off = abs(kullback_leibler_of_gaussians(0, 1, 1, 2) - by_quadrature(0, 1, 1, 2))
  measured = {'formula': formula, 'gaussians_off': off}
  measured |= {name: minimiser(f, (formula - reach, formula + 2 * reach)) for name, (_, f) in objectives.items()}
  figure, axes = plots.panels(3, height=3.4)
  points, slopes, chances = axes[0]
  plots.points(points, np.stack([x, y], axis=1), plots.REAL, 'data', size=14)
  ends = np.array([-2, 2])
  points.plot(ends, config.slope * ends, color=plots.INK, linestyle=':', label='the true line')
  points.plot(ends, formula * ends, color=plots.BLUE, label='the best for the data')
  plots.label(points, f'{config.data} data', 'x', 'y')
  grid = np.linspace(formula - reach, formula + reach, 101)
  for (title, f), colour in zip(objectives.values(), (plots.TEAL, plots.RED, plots.BLUE), strict=True):
    slopes.plot(grid, [f(one) for one in grid], '--' if colour == plots.BLUE else '-', color=colour, label=title)
  slopes.margins(y=0.35)
  slopes.axvline(formula, color=plots.INK, linewidth=0.8, linestyle=':')
  plots.label(slopes, 'Three objectives', 'slope θ', 'squares, or nats')
  measured |= dice(config, chances, rng)
  for one in axes[0]:
    plots.legend(one)
  return Figure(told(measured, config), measured, figure)


def of_slopes(x, y, noise):
  """Of a slope θ: the mean squared error, the mean of -log q(y), the mean KL from N(y, noise²) to N(θx, noise²)."""

  def squares(slope):
    return np.mean((y - slope * x) ** 2)

  def nll(slope):
    return -np.mean(scipy.stats.norm.logpdf(y, slope * x, noise))

  def divergence(slope):
    return np.mean(kullback_leibler_of_gaussians(y, noise, slope * x, noise))

  return {
    'squares': ('mean squared error', squares),
    'likelihood': ('−log likelihood', nll),
    'divergence': ('KL of blurred data', divergence),
  }


def by_quadrature(mean1, width1, mean2, width2):
  x = np.linspace(-25, 25, known.PLACES)
  p, q = (known.Normals((1.0,), (m,), (w,)).masses(x) for m, w in ((mean1, width1), (mean2, width2)))
  return discrete.kullback_leibler(p, q)


def minimiser(f, bounds):
  return float(scipy.optimize.minimize_scalar(f, bounds=bounds, method='bounded', options={'xatol': 1e-10}).x)


def dice(config, axes, rng):
  """Draws likelihood and KL of a binomial model over its chance; what was measured."""
  hits = rng.binomial(DICE, config.chance, config.experiments)
  empirical = np.bincount(hits, minlength=DICE + 1) / len(hits)

  def nll(chance):
    return -np.mean(scipy.stats.binom.logpmf(hits, DICE, chance))

  def divergence(chance):
    return discrete.kullback_leibler(empirical, scipy.stats.binom.pmf(np.arange(DICE + 1), DICE, chance))

  grid = np.linspace(max(0.02, config.chance - 0.25), min(0.98, config.chance + 0.25), 101)
  axes.plot(grid, [nll(one) for one in grid], color=plots.RED, label='−log likelihood')
  axes.plot(grid, [divergence(one) for one in grid], color=plots.BLUE, label='KL(data‖model)')
  axes.axvline(hits.mean() / DICE, color=plots.INK, linewidth=0.8, linestyle=':')
  plots.label(axes, f'{config.experiments} × {DICE} throws', 'chance θ of success', 'nats')
  gaps = [nll(one) - divergence(one) for one in grid]
  return {
    'entropy': scipy.stats.entropy(empirical),
    'gap': float(np.mean(gaps)),
    'gap_spread': float(np.ptp(gaps)),
    'chance_formula': float(hits.mean() / DICE),
    'chance_likelihood': minimiser(nll, (1e-9, 1 - 1e-9)),
    'chance_divergence': minimiser(divergence, (1e-9, 1 - 1e-9)),
  }


def told(m, config):
  return (
    'With KL taken from a Gaussian as wide as the noise around each y, the three objectives are least at slopes '
    f'{m["squares"]:.5f}, {m["likelihood"]:.5f} and {m["divergence"]:.5f}; the formula, Σxy/Σx², is '
    f'{m["formula"]:.5f}, and the true slope, at which the KL from the true distribution is least, '
    f'{config.slope:.2f}. For the throws, −log likelihood and KL from the empirical distribution are least at '
    f'{m["chance_likelihood"]:.5f} and {m["chance_divergence"]:.5f}, the share of successes being '
    f'{m["chance_formula"]:.5f}, and differ by {m["gap"]:.4f} nats whatever θ is: the entropy of the data, '
    f'{m["entropy"]:.4f}. The formula for KL of two Gaussians agrees with quadrature within {m["gaussians_off"]:.1e}.'
  )
