"""Noise makes supports overlap, and JS bounds W: the bound as it is proved, and as it is printed, over the noise.

    python launch.py --config=experiments/lecture/noisy_support.py [--config.noisy_support.apart=0.5]

Nearer than 0.89 to one another, the two happen to obey the printed bound too, with the noises that are tried here.
"""

import numpy as np
import scipy.stats

from wgan_jax import closed_forms, discrete
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Noisy supports: W bounded by JS, with its constant',
  lectures=(4,),
  claim='With noise ε of variance V = E‖ε‖² added to both, the supports overlap, which makes it hard for the '
  'discriminator; and W(P, Q) ≤ 2√V + √JS(P, Q), so that W is approximated by JS.',
  erratum='The constant is missing: W(P, Q) ≤ 2√V + 2C√JS(P + ε, Q + ε), where C is the diameter of a ball that holds '
  'both noisy supports, and JS is that of the noisy distributions: of P and Q themselves it is log 2 wherever they are '
  'apart. Without C a length is bounded by a number without unit, which another unit makes false. And the noise must '
  'be bounded: for N(0, σ²), as printed, C is infinite, and the theorem says nothing. Here it is cut off.',
  source='Arjovsky & Bottou, Towards Principled Methods for Training Generative Adversarial Networks, Theorem 3.3. Its '
  'proof goes through with √2 in place of 2, by Pinsker’s inequality for either half of JS.',
)
FEWEST = 100


def get_config():
  return numbers(
    __file__,
    apart=3.0,  # distance of P, all at one place, from Q, all at another
    cut=3.0,  # noise goes to this many standard deviations of the Gaussian that is cut
    least_noise=0.03,  # standard deviations, before it is cut
    most_noise=10.0,
    places=4001,  # for the integral in JS
  )


def draw(config, folder):
  del folder
  if min(config.apart, config.cut, config.least_noise) <= 0 or config.most_noise <= config.least_noise:
    raise UserError('apart, cut and least_noise must be more than 0, and most_noise more than least_noise')
  if config.places < FEWEST:
    raise UserError(f'places={config.places}: an integral needs {FEWEST} or more')
  sigmas = np.geomspace(config.least_noise, config.most_noise, 120)
  js = np.array([jensen_shannon(sigma, config) for sigma in sigmas])
  noise = 2 * np.sqrt(scipy.stats.truncnorm.var(-config.cut, config.cut)) * sigmas  # 2 sqrt V
  diameter = config.apart + 2 * config.cut * sigmas
  w = closed_forms.on_the_line([0.0], [config.apart])
  proved, sharper, printed = noise + 2 * diameter * np.sqrt(js), noise + diameter * np.sqrt(2 * js), noise + np.sqrt(js)
  measured = {
    'w': w,
    'proved_least': proved.min(),
    'proved_at': sigmas[np.argmin(proved)],
    'sharper_least': sharper.min(),
    'printed_least': printed.min(),
    'printed_at': sigmas[np.argmin(printed)],
    'printed_false': np.mean(printed < w),
    'literally_false': np.mean(noise + np.sqrt(np.log(2)) < w),  # JS of P and Q, which are apart
    'proved_false': np.mean(proved < w),
    'js_least_noise': js[0],
    'js_most_noise': js[-1],
  }
  m = measured
  told = (
    f'W is {m["w"]:.3f}. The bound that is proved is false for {m["proved_false"]:.1%} of the noises tried; its least '
    f'value is {m["proved_least"]:.3f}, at σ = {m["proved_at"]:.3f}, and {m["sharper_least"]:.3f} with √2 for 2. The '
    f'printed one, drawn with JS of the noisy distributions, is false for {m["printed_false"]:.1%}: its least value is '
    f'{m["printed_least"]:.3f}, at σ = {m["printed_at"]:.3f}; with JS(P, Q) = log 2, as it is written, it is false for '
    f'{m["literally_false"]:.1%}. JS of the noisy distributions goes from {m["js_least_noise"]:.4f} to '
    f'{m["js_most_noise"]:.4f}.'
  )
  return Figure(told, measured, picture(sigmas, w, (proved, sharper, printed), js, config))


def densities(sigma, config, places):
  """(x, noisy P, noisy Q) on the support of either."""
  reach = config.cut * sigma
  x = np.linspace(-reach, config.apart + reach, places)
  noise = scipy.stats.truncnorm(-config.cut, config.cut, scale=sigma)
  return x, noise.pdf(x), noise.pdf(x - config.apart)


def jensen_shannon(sigma, config):
  """Of the noisy distributions; log 2 where not even their noise meets."""
  if 2 * config.cut * sigma <= config.apart:
    return np.log(2)
  _, p, q = densities(sigma, config, config.places)
  return discrete.jensen_shannon(p / p.sum(), q / q.sum())


def picture(sigmas, w, bounds, js, config):
  figure, axes = plots.panels(2, height=3.4, width_ratios=(0.7, 1))
  left, right = axes[0]
  for times, style in ((0.12, '-'), (0.5, '--')):
    x, p, q = densities(times * config.apart, config, 401)
    for density, colour, name in ((p, plots.REAL, 'P'), (q, plots.RED, 'Q')):
      left.plot(x, density, style, color=colour, label=f'{name}, σ = {times * config.apart:.3g}')
  left.set_ylim(0, 1.35 * left.get_ylim()[1])
  plots.label(left, 'The two, with noise', 'place', 'density')
  plots.legend(left, ncols=2, loc='upper center')
  names = 'proved: 2√V + 2C√JS', 'sharper: 2√V + √2 C√JS', 'printed, so read: 2√V + √JS'
  for bound, name, colour in zip(bounds, names, (plots.BLUE, plots.TEAL, plots.RED), strict=True):
    right.loglog(sigmas, bound, color=colour, label=name)
  right.loglog(sigmas, js, color=plots.AMBER, label='JS of the noisy, in nats')
  right.axhline(w, color=plots.INK, linestyle='--', label='W(P, Q)')
  printed = bounds[-1]
  right.fill_between(sigmas, printed, w, where=printed < w, color=plots.RED, alpha=0.15, linewidth=0)
  plots.label(right, 'Bounds of W: shaded where the printed one is false', 'noise σ', 'bound, in units of place')
  plots.legend(right, loc='upper center', bbox_to_anchor=(0.45, -0.17), ncols=3)
  return figure
