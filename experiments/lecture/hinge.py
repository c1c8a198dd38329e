"""The hinge loss beside the product of labels and logits, and the losses of other GANs, as functions of a logit.

    python launch.py --config=experiments/lecture/hinge.py [--config.hinge.apart=0.5]

The distance of the two Gaussians says where the best critic changes its mind.
"""

import jax
import jax.numpy as jnp
import numpy as np
import scipy.special
import scipy.stats

from wgan_jax import objectives
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='The hinge loss has a margin, and its best critic says ±1',
  lectures=(0,),
  claim='BigGAN uses the hinge loss, the mean of the products f(x) · f(g(z)) over real samples x and codes z.',
  erratum='This product is not the hinge loss: a critic that is right everywhere and one that is wrong everywhere have '
  'the same, as measured above. What BigGAN minimises is E max(0, 1 − f(x)) + E max(0, 1 + f(g(z))) over critics f, '
  'and −E f(g(z)) over generators g. A product of logits and labels ±1, which some code calls by this name, is not it '
  'either: without the margin it is the Wasserstein loss, without a minimum unless something else bounds the critic.',
  source='Lim & Ye, Geometric GAN, Equations 25 and 26; Miyato et al., Spectral Normalization for Generative '
  'Adversarial Networks, Equations 16 and 17; Brock et al., section 3.',
)
LOSSES = {  # with a colour, and a line that shows where two are the same
  'hinge': (objectives.hinge(), plots.BLUE, '-'),
  'Wasserstein': (objectives.wasserstein(), plots.VIOLET, '--'),
  'minimax': (objectives.minimax(), plots.RED, '-'),
  'non-saturating': (objectives.non_saturating(), plots.AMBER, '--'),
  'least squares': (objectives.least_squares(fake=-1.0), plots.TEAL, '-'),
}
FAR = 100.0  # of the middles, and of the axes
SURE = 4.0  # a logit by which a critic is sure of a sample


def get_config():
  return numbers(
    __file__,
    apart=2.0,  # of the middles of two Gaussians, real and generated, in their standard deviations
    reach=4.0,  # of the axes, in logits and in standard deviations
  )


def draw(config, folder):
  del folder
  if not (0 < config.apart <= FAR and 0 < config.reach <= FAR):
    raise UserError(f'apart={config.apart:g} and reach={config.reach:g}: both above 0 and at most {FAR:g}')
  beyond = abs(config.apart) / 2 + 10  # where the cost is an integral, whatever part of it the axes show
  best, least = of_gaussians(np.linspace(-beyond, beyond, 4001), config.apart)
  (right, product), (wrong, same) = (hinge_and_product(sign * SURE) for sign in (1, -1))
  measured = {
    'sure': SURE,
    'hinge_right': right,
    'hinge_wrong': wrong,
    'product_right': product,
    'product_wrong': same,
    'slope_critic': slope('hinge', 'critic'),
    'slope_generator': slope('hinge', 'generator'),
    'slope_minimax': slope('minimax', 'generator'),
    'best_loss': float(least.sum() * beyond / 2000),
    'overlap': 2 * scipy.stats.norm.cdf(-abs(config.apart) / 2),
    'largest_logit': np.abs(best).max(),
  }
  return Figure(told(measured, config), measured, picture(config))


def told(m, config):
  return (
    f'A critic that gives real samples {m["sure"]:.1f} and generated ones {-m["sure"]:.1f} has a hinge loss of '
    f'{m["hinge_right"]:.1f}, and with the signs turned round {m["hinge_wrong"]:.1f}; the lecture’s product is '
    f'{m["product_right"]:.1f} and {m["product_wrong"]:.1f}. Where the critic is sure that a sample is generated, at a '
    f'logit of {-m["sure"]:.1f}, its own hinge loss has the slope {m["slope_critic"]:.1f}, and the generator’s '
    f'{m["slope_generator"]:.1f} (minimax: {m["slope_minimax"]:.3f}). Of two Gaussians {config.apart:g} apart the best '
    f'hinge critic says which density is larger, with logits of at most {m["largest_logit"]:.2f}, and pays '
    f'{m["best_loss"]:.3f}: twice the overlap of the two, whose areas meet in {m["overlap"]:.3f}.'
  )


def hinge_and_product(logit):
  """Of a critic that gives real samples this logit and generated ones its negative."""
  real, fake = jnp.array([logit]), jnp.array([-logit])
  return float(objectives.hinge().critic(real, fake)[0]), float(real[0] * fake[0])


def slope(name, who):
  """The derivative of what the critic or the generator pays, by the logit of a sample that is surely generated."""
  loss, zero = getattr(LOSSES[name][0], who), jnp.zeros(1)
  return float(jax.grad(lambda logit: loss(zero, logit[None])[0])(-SURE))


def log_densities(places, apart):
  """Of real and of generated samples, [N] each, whose middles are so far apart."""
  return tuple(scipy.stats.norm.logpdf(places, middle) for middle in (apart / 2, -apart / 2))


def of_gaussians(places, apart):
  """The logits [N] that cost least at these places, and what they add to the cost."""
  log_p, log_q = log_densities(places, apart)
  ratio = np.clip(log_p - log_q, -600, 600)  # so that what is rare costs something yet
  best, least = best_hinge(scipy.special.expit(ratio), scipy.special.expit(-ratio))
  return best, least * np.exp(np.logaddexp(log_p, log_q))


def best_hinge(p, q):
  """The logits that cost least where real samples have density p and generated ones q, [N] each, and that cost."""
  logits = jnp.linspace(-3, 3, 601)
  ones, hinge = jnp.ones_like(logits), objectives.hinge()
  costs = np.outer(p, hinge.critic(logits, -ones)) + np.outer(q, hinge.critic(ones, logits))
  return np.asarray(logits)[costs.argmin(axis=1)], costs.min(axis=1)


def picture(config):
  places = np.linspace(-config.reach, config.reach, 401)
  log_p, log_q = log_densities(places, config.apart)
  figure, axes = plots.panels(3, height=3.4)
  logits, zeros = jnp.asarray(places), jnp.zeros(len(places))
  for name, (loss, colour, line) in LOSSES.items():
    for one, pays in zip(axes[0], (loss.critic(zeros, logits), loss.generator(zeros, logits)), strict=False):
      one.plot(places, pays - pays[len(places) // 2], line, color=colour, label=name)
  for one, who in zip(axes[0], ('critic', 'generator'), strict=False):
    one.set_ylim(-4, 6)
    plots.label(one, f'What the {who} pays', 'logit of a generated sample', 'loss, less that of a logit of 0')
  plots.legend(axes[0, 0], loc='lower right')
  critics = axes[0, 2]
  for log_density, colour, name in (log_p, plots.REAL, 'real density'), (log_q, plots.FAKE, 'generated density'):
    critics.fill_between(places, np.exp(log_density), color=colour, alpha=0.5, linewidth=0, label=name)
  critics.plot(places, of_gaussians(places, config.apart)[0], color=plots.BLUE, label='best logit, hinge')
  critics.plot(places, log_p - log_q, color=plots.RED, label='best logit, minimax')
  critics.set_ylim(-1.6, 3.4)
  plots.label(critics, 'The best critics of two Gaussians', 'sample, standard deviations', 'logit, density')
  plots.legend(critics, loc='upper left')
  return figure
