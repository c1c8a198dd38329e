"""A Gaussian fitted to Fisher's irises by maximum likelihood, and all that the exercise asks of it.

    python launch.py --config=experiments/lecture/iris.py [--config.iris.sepal_length=5.0]

The length that is given moves the generated flowers of the right kind, blue, along the grey cloud.
"""

import numpy as np
import scipy.stats

from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Irises: a Gaussian, its conditionals and its samples',
  lectures=(3,),
  claim='Fit a multivariate Gaussian to the iris data by maximum likelihood; determine the probability of seeing a '
  'flower of 7.9, 4.4, 6.9 and 2.5 cm, the distribution of flowers of sepals 6.3 by 4.8 and a petal length of 6.0 '
  'cm; generate 20 flowers, and 20 of sepal length 6.3.',
  erratum='The probability of exactly one flower is 0. What the Gaussian has there is a density, here per cm⁴, whose '
  'number would be another in other units. A probability is that of a flower at least as unusual.',
  source='Bishop, Pattern Recognition and Machine Learning, Eq. 2.81, 2.82, 2.121 and 2.122.',
)
NAMES = 'sepal length', 'sepal width', 'petal length', 'petal width'


def get_config():
  return numbers(
    __file__,
    flower=(7.9, 4.4, 6.9, 2.5),  # cm, whose density is asked for
    sepal_length=6.3,  # cm, given to the second question and to the last one
    sepal_width=4.8,  # cm, given to the second question
    petal_length=6.0,  # cm, given to the second question
    flowers=20,  # to be generated
    seed=0,
  )


def draw(config, folder):
  del folder
  if len(config.flower) != 4:
    raise UserError('a flower has four numbers: sepal length and width, petal length and width')
  import sklearn.datasets  # here, because importing it takes seconds

  data = sklearn.datasets.load_iris().data
  mean, covariance = data.mean(axis=0), np.cov(data.T, ddof=0)
  density = scipy.stats.multivariate_normal(mean, covariance)
  given = np.array([config.sepal_length, config.sepal_width, config.petal_length])
  rng = np.random.default_rng(config.seed)
  free = rng.multivariate_normal(mean, covariance, config.flowers)
  others = rng.multivariate_normal(*conditional(mean, covariance, given[:1]), config.flowers)
  those = np.concatenate([np.full((config.flowers, 1), config.sepal_length), others], axis=1)
  width_mean, width_variance = (float(one.squeeze()) for one in conditional(mean, covariance, given))
  surprise = float((np.array(config.flower) - mean) @ np.linalg.solve(covariance, np.array(config.flower) - mean))
  measured = {
    'density': float(density.pdf(config.flower)),
    'density_mm': float(density.pdf(config.flower)) / 10**4,
    'more_unusual': float(scipy.stats.chi2.sf(surprise, 4)),
    'petal_width_mean': width_mean,
    'petal_width_deviation': width_variance**0.5,
    'petal_width_deviation_of_all': covariance[3, 3] ** 0.5,
    'generated_below_zero': float(np.mean(np.any(free < 0, axis=1))),
    'log_likelihood': float(density.logpdf(data).mean()),
  }
  measured |= {f'mean_{i}': one for i, one in enumerate(mean)}
  picture = drawn(data, free, those, config, [(mean[3], covariance[3, 3]), (width_mean, width_variance)])
  return Figure(told(measured, config), measured, picture, table(config, free, those))


def conditional(mean, covariance, given):
  """Mean and covariance of the other numbers where the first ones are `given` (Eq. 2.81, 2.82)."""
  k = len(given)
  gain = np.linalg.solve(covariance[:k, :k], covariance[:k, k:]).T
  return mean[k:] + gain @ (given - mean[:k]), covariance[k:, k:] - gain @ covariance[:k, k:]


def drawn(data, free, those, config, widths):
  figure, axes = plots.panels(2, height=4.0)
  flowers, densities = axes[0]
  for x, colour, name, size in (
    (data, plots.REAL, '150 flowers of the data', 14),
    (free, plots.RED, f'{config.flowers} generated', 22),
    (those, plots.BLUE, f'{config.flowers} generated of sepal length {config.sepal_length:g} cm', 22),
  ):
    plots.points(flowers, x[:, [0, 2]], colour, name, size)
  plots.label(flowers, 'Flowers', 'sepal length, cm', 'petal length, cm')
  x = np.linspace(-1, 4, 401)
  names = 'of all flowers', 'given the other three numbers'
  for (mean, variance), colour, name in zip(widths, (plots.RED, plots.BLUE), names, strict=True):
    densities.plot(x, scipy.stats.norm.pdf(x, mean, variance**0.5), color=colour, label=name)
  densities.hist(data[:, 3], 24, density=True, color=plots.REAL, alpha=0.4, label='the data')
  plots.label(densities, 'Petal widths', 'petal width, cm', 'density, 1/cm')
  densities.set_ylim(top=1.25 * densities.get_ylim()[1])  # room for the legend
  for one in axes[0]:
    plots.legend(one)
  return figure


def table(config, free, those):
  """The flowers that were generated, as the exercise asks for them."""
  head = [
    f'generated: {NAMES[0]}, cm',
    *NAMES[1:],
    f'of sepal length {config.sepal_length:g} cm: {NAMES[1]}',
    *NAMES[2:],
  ]
  return [head, *([f'{one:.2f}' for one in (*a, *b[1:])] for a, b in zip(free, those, strict=True))]


def told(m, config):
  flower = ', '.join(f'{one:g}' for one in config.flower)
  return (
    f'The maximum likelihood mean is {m["mean_0"]:.3f}, {m["mean_1"]:.3f}, {m["mean_2"]:.3f} and {m["mean_3"]:.3f} '
    f'cm. At ({flower}) the density is {m["density"]:.3e} per cm⁴, which is {m["density_mm"]:.3e} per mm⁴; flowers at '
    f'least as unusual have probability {m["more_unusual"]:.2e}. Given the other three numbers the petal width is '
    f'Gaussian with mean {m["petal_width_mean"]:.4f} and deviation {m["petal_width_deviation"]:.4f} cm, where that of '
    f'all flowers is {m["petal_width_deviation_of_all"]:.4f} cm. A Gaussian knows of no species and of no zero: of '
    f'the generated flowers {m["generated_below_zero"]:.0%} have a negative size.'
  )
