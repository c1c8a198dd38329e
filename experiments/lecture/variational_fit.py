"""One Gaussian for a mixture of two: what each divergence prefers, by quadrature and as a GAN.

    python launch.py --config=experiments/lecture/variational_fit.py [--config.variational_fit.apart=3.0]

With modes nearer to one another reverse KL covers both, too; the right panel tells where it stops doing so.
"""

import jax
import jax.numpy as jnp
import numpy as np
import scipy.optimize

from experiments import toy_wgan_gp
from wgan_jax import discrete
from wgan_jax.build import DIVERGENCES
from wgan_jax.errors import UserError
from wgan_jax.lecture import known, plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='What a divergence prefers: cover both modes or seek one',
  lectures=(4,),
  claim='The generator minimises, and the critic maximises, one and the same bound; which f-divergence it is the bound '
  'of makes for very different learning.',
  source='Nowozin et al., f-GAN (2016), section 2.4 and table 5, which fit a Gaussian to a mixture in the same two '
  'ways.',
)
NAMES = {
  name: known.LOOKS[name] for name in ('kl', 'reverse_kl', 'jensen_shannon', 'squared_hellinger', 'jeffrey', 'pearson')
}
BOUNDS = (-10, 10), (np.log(0.25), np.log(10))  # of mean and log of the width; narrower ones have ratios beyond numbers
PRECISION = {'ftol': 1e-15, 'gtol': 1e-9}
X = np.linspace(-14, 14, 1401)


def get_config():
  return numbers(
    __file__,
    apart=3.5,  # of the two modes
    share=0.7,  # of the left mode
    width=0.7,  # standard deviation of each mode
    distances=21,  # of the modes that are looked at, from 1 to 6
    rounds=1000,  # generator updates of each GAN, with five of the critic's each
    units=32,  # in each of the critic's two layers
    batch_size=256,  # samples
    seed=0,  # of the GANs
  )


def draw(config, folder):
  del folder
  if not (0 < config.share < 1 and 0 < config.apart <= 6 and 0.4 <= config.width <= 2):
    raise UserError('give a share between 0 and 1, modes up to 6 apart, and a width from 0.4 to 2')
  distances = np.linspace(1, 6, config.distances)
  data, measured, rows = mixture(config, config.apart), {}, []
  figure, axes = plots.panels(2, height=4.0, width_ratios=(5, 4))
  left, right = axes[0]
  left.fill_between(X, data.density(X), color=plots.REAL, alpha=0.3, linewidth=0, label='the data')
  for name, look in NAMES.items():
    value, mean, width = best(name, data)
    trained = as_gan(config, name, data)
    reached = discrete.f_divergence(DIVERGENCES[name], data.masses(X), gaussian(*trained).masses(X))
    keys = 'value', 'mean', 'width', 'gan_mean', 'gan_width', 'gan_value'
    found = dict(zip(keys, (value, mean, width, *trained, reached), strict=True))
    measured |= {f'{name}_{key}': number for key, number in found.items()}
    rows.append([look.title, *(f'{number:.3f}' for number in found.values())])
    left.plot(X, gaussian(mean, width).density(X), **look.options)
    widths = np.array([best(name, mixture(config, apart))[2] for apart in distances])
    both = np.array([mixture(config, apart).moments()[1] for apart in distances])
    if alone := np.flatnonzero(widths < (both + config.width) / 2).tolist():
      measured[f'{name}_seeks'] = distances[alone[0]]
    right.plot(distances, widths, **look.options)
    right.plot(config.apart, trained[1], 'o', color=look.colour)
  left.set_xlim(-config.apart - 3, config.apart + 3)
  plots.label(left, 'Nearest Gaussian to the mixture, by divergence', 'place x', 'density')
  plots.legend(left, loc='upper right')
  plots.label(right, 'Its width; dots: trained as a GAN', 'distance of the two modes', 'standard deviation')
  measured['moments_mean'], measured['moments_width'] = data.moments()
  head = ['divergence', 'least value', 'at mean', 'and width', 'GAN: mean', 'width', 'its divergence']
  return Figure(told(measured), measured, figure, [head, *rows])


def mixture(config, apart):
  """The data with modes so far apart."""
  return known.Normals((config.share, 1 - config.share), (-apart / 2, apart / 2), (config.width,) * 2)


def gaussian(mean, width):
  return known.Normals((1.0,), (mean,), (width,))


def best(name, data):
  """(divergence, mean, width) of the nearest Gaussian, of those found from all the data and from each mode."""
  starts = data.moments(), *zip(data.means, data.widths, strict=True)
  with jax.enable_x64(True):
    log_p = jnp.log(data.masses(X))
    found = [
      scipy.optimize.minimize(
        PROGRAMS[name], (mean, np.log(width)), (log_p,), 'L-BFGS-B', jac=True, bounds=BOUNDS, options=PRECISION
      )
      for mean, width in starts
    ]
  least = min(found, key=lambda one: one.fun)
  return float(least.fun), float(least.x[0]), float(np.exp(least.x[1]))


def program(name):
  def value(numbers, log_p):
    """D_f of masses e^log_p from the Gaussian of these numbers, mean and log of the width."""
    mean, log_width = numbers
    log_q = jax.nn.log_softmax(-(((X - mean) / jnp.exp(log_width)) ** 2) / 2)
    return jnp.sum(jnp.exp(log_q) * DIVERGENCES[name].f(jnp.exp(jnp.clip(log_p - log_q, -300, 300))))

  return jax.jit(jax.value_and_grad(value))


PROGRAMS = {name: program(name) for name in NAMES}


def as_gan(config, name, data):
  """Mean and width of a Gaussian trained against a critic, at first as wide as one mode in the middle of the data."""
  settings = known.settings(toy_wgan_gp, config, name, n_critic=5, generator_rate=5e-3)
  training = known.against(settings, data, data.moments()[0], config.width)
  (stage,) = training.stages([config.rounds], NAMES[name].title)
  fitted = known.gaussian_of(stage.state.params['generator'])
  return fitted.means[0], fitted.widths[0]


def told(m):
  seeking = ', '.join(
    f'{look.title} from {m[key]:.2f}' for name, look in NAMES.items() if (key := f'{name}_seeks') in m
  )
  off = {look.title: abs(m[f'{name}_gan_width'] / m[f'{name}_width'] - 1) for name, look in NAMES.items()}
  worst = max(off, key=off.get)
  m['width_off'] = off[worst]
  return (
    f'KL is least at the mean and the width of the data, {m["moments_mean"]:.3f} and {m["moments_width"]:.3f}; reverse '
    f'KL at mean {m["reverse_kl_mean"]:.3f} and width {m["reverse_kl_width"]:.3f}. The GANs, which know samples only, '
    f'end at {m["kl_gan_mean"]:.3f} and {m["kl_gan_width"]:.3f} for KL, {m["reverse_kl_gan_mean"]:.3f} and '
    f'{m["reverse_kl_gan_width"]:.3f} for reverse KL; that for {worst} is farthest off, its width by '
    f'{m["width_off"]:.1%} of the best. Of the distances looked at, the best Gaussian lies on one mode alone '
    f'{"at none" if not seeking else f"for {seeking} on"}; the others cover both throughout.'
  )
