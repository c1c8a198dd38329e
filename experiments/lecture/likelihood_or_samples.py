"""High likelihood with poor samples, and good samples with low likelihood.

    python launch.py --config=experiments/lecture/likelihood_or_samples.py [--config.likelihood_or_samples.share=0.5]

The share of the good model in the mixture: its logarithm is all that likelihood can lose, in any number of dimensions.
"""

import numpy as np
import scipy.special
import scipy.stats

from wgan_jax.data import digits
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.metrics import parzen

ABOUT = About(
  title='High likelihood with poor samples, and the other way round',
  lectures=(3,),
  claim='A high log-likelihood need not mean realistic samples. Good samples and a low likelihood: a model that has '
  'learned its training data by heart has a low likelihood on unseen ones. A high likelihood and poor samples: data of '
  'high dimension will tend to have higher log-likelihoods than data of low dimension.',
  erratum='The second explanation is half of what Theis et al. say. The other half is the mixture: of a good model '
  'with weight 0.01 and noise with weight 0.99, log-likelihood is at most log 100 = 4.61 nats below that of the good '
  'model, while 99 of 100 samples are noise. Dimension makes that loss negligible, for differences between models '
  'grow with it. Nor are densities higher in high dimension as such: their logarithm changes by D log c with the '
  'unit.',
  source='Theis, van den Oord & Bethge, A note on the evaluation of generative models (2016), section 3.2.',
)
COLUMNS = 10  # samples of each model that are shown
NARROW = 0.005  # width of the windows of what has learned by heart, in the unit of the pixels, [0, 1]


def get_config():
  return numbers(
    __file__,
    share=0.01,  # of the good model in the mixture
    wrong=0.1,  # by how much a Gaussian is too wide that likelihood is to tell from the good one
    training=1200,  # digits whose windows are the models; likelihood is taken of the rest of the 1,797
    seed=0,
  )


def draw(config, folder):
  del folder
  if not (0 < config.share < 1 and config.wrong > 0 and 2 <= config.training <= 1700):
    raise UserError('give a share between 0 and 1, wrong above 0, and 2 to 1,700 training digits')
  rng = np.random.default_rng(config.seed)
  figure, axes = plots.panels(2, 2, height=3.1)
  measured = of_gaussians(config, axes[0, 0])
  images = rng.permutation(digits.load().images.reshape(-1, 64) / 255)
  train, test = images[: config.training], images[config.training :]
  measured |= of_windows(config, axes[0, 1], train, test)
  for one, (name, samples) in zip(
    (axes[1, 0], axes[1, 1]), pictures(config, rng, train, measured['sigma']).items(), strict=True
  ):
    plots.images(one, samples.reshape(-1, 8, 8, 1) * 2 - 1, COLUMNS)
    plots.label(one, name)
  return Figure(told(measured, config), measured, figure)


def of_gaussians(config, axes):
  """Draws what the mixture loses in D dimensions, beside what a Gaussian loses that is a little too wide."""
  dimensions = np.unique(np.geomspace(1, 10_000, 60).astype(int))
  too_wide = dimensions * of_width(config.wrong)
  lost = np.array([loss(d, config) for d in dimensions])
  axes.loglog(dimensions, too_wide, color=plots.BLUE, label=f'{percent(config.wrong)} too wide')
  axes.loglog(dimensions, lost, color=plots.RED, label=f'{percent(1 - config.share)} noise')
  axes.axhline(-np.log(config.share), color=plots.INK, linewidth=0.8, linestyle=':', label='log of 1 / share')
  plots.label(axes, 'Gaussian data in D dimensions', 'dimensions D', 'log-likelihood lost, nats')
  plots.legend(axes)
  ends = {'lost_1': lost[0], 'lost_10000': lost[-1], 'too_wide_10000': too_wide[-1]}
  ends |= {'noise': 1 - config.share, 'dimensions': dimensions[-1]}
  return {'bound': -np.log(config.share), 'crossing': crossing(config, dimensions, too_wide - lost), **ends}


def of_width(wrong):
  """What a Gaussian loses that is too wide by this share, in nats for each dimension."""
  return np.log1p(wrong) + (1 + wrong) ** -2 / 2 - 1 / 2


def crossing(config, dimensions, more):
  """The first number of dimensions from which a Gaussian that is too wide loses more; infinite where none drawn is.

  more: by how much it does, in each of `dimensions`. To begin with it may lose less; the mixture's loss is bounded.
  """
  if more[-1] <= 0:
    return np.inf
  less = np.flatnonzero(more <= 0)
  low, high = (dimensions[less[-1]], dimensions[less[-1] + 1]) if len(less) else (0, 1)
  while high - low > 1:
    middle = (low + high) // 2
    low, high = (low, middle) if middle * of_width(config.wrong) > loss(middle, config) else (middle, high)
  return float(high)


def percent(share):
  return f'{100 * share:.4g}%'


def loss(dimensions, config, wide=3.0):
  """E_p log p - log(share p + (1 - share) n) for p = N(0, I) and noise n of the standard deviation `wide`, in nats.

  It depends on |x|² alone, which has the distribution χ² with D degrees of freedom: an average over its quantiles.
  """
  squares = scipy.stats.chi2.ppf((np.arange(2000) + 0.5) / 2000, dimensions)
  noise = -dimensions * np.log(wide) - squares / 2 * (wide**-2 - 1)  # log n / p
  return -float(np.mean(np.logaddexp(np.log(config.share), np.log1p(-config.share) + noise)))


def of_windows(config, axes, train, test):
  """Draws the likelihood of unseen digits under windows at training digits, by the windows' width."""
  sigmas = np.geomspace(NARROW, 1, 40)
  scores = np.array([parzen.log_likelihood(test, train, sigma).mean() for sigma in sigmas])
  sigma = float(sigmas[scores.argmax()])
  good = parzen.log_likelihood(test, train, sigma)
  mixed = scipy.special.logsumexp(
    [good + np.log(config.share), np.full(len(good), np.log1p(-config.share))], axis=0
  )  # the density of noise that is even on [0, 1]^64 is 1
  axes.semilogx(sigmas, scores, color=plots.BLUE, label='windows at training digits')
  axes.semilogx(sigma, good.mean(), 'o', color=plots.BLUE)
  axes.semilogx(
    sigma, mixed.mean(), 'o', color=plots.RED, label=f'the best of them, and {percent(1 - config.share)} noise'
  )
  axes.set_ylim(good.mean() - 400, good.mean() + 60)
  plots.label(axes, '8×8 digits', 'width σ of the windows', 'log-likelihood of unseen digits, nats')
  plots.legend(axes, loc='lower right')
  return {'sigma': sigma, 'good': good.mean(), 'mixed': mixed.mean(), 'by_heart': scores[0]}


def pictures(config, rng, train, sigma):
  """Samples of two models, four rows each: windows too narrow, and the mixture with noise."""

  def windows(n, sigma):
    return np.clip(train[rng.integers(len(train), size=n)] + sigma * rng.normal(size=(n, 64)), 0, 1)

  n = 4 * COLUMNS
  good = rng.uniform(size=(n, 1)) < config.share
  return {
    f'Learned by heart, σ = {NARROW}': windows(n, NARROW),
    f'The best, and {percent(1 - config.share)} noise': np.where(good, windows(n, sigma), rng.uniform(size=(n, 64))),
  }


def told(m, config):
  more = f'from {m["crossing"]:,.0f} dimensions on' if np.isfinite(m['crossing']) else 'in none of those drawn'
  return (
    f'In 1 dimension the mixture loses {m["lost_1"]:.3f} nats, in {m["dimensions"]:,} it loses {m["lost_10000"]:.3f}, '
    f'never more than {m["bound"]:.3f}. A Gaussian that is {percent(config.wrong)} too wide loses '
    f'{m["too_wide_10000"]:.1f} there, and more than the mixture {more}. Unseen '
    f'digits have {m["good"]:.2f} nats under the best windows, of width {m["sigma"]:.3f}, and {m["mixed"]:.2f} when '
    f'{percent(1 - config.share)} of the samples are noise; the model that has learned its digits by heart, whose '
    f'samples are all good, has {m["by_heart"]:.0f}.'
  )
