"""Log-likelihoods of f-GANs by Parzen windows, as in the lecture's table, on digits of 8x8 pixels.

    python launch.py --config=experiments/lecture/f_gan_likelihood.py [--config.f_gan_likelihood.rounds=8000]

Train for longer, or with another seed, and see which of the rows change places.
"""

import numpy as np

from experiments import fgan_digits
from wgan_jax.data import digits, splits
from wgan_jax.errors import UserError, look_up
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.known import LOOKS
from wgan_jax.lecture.playing import Training
from wgan_jax.metrics.parzen import log_likelihood, parzen

ABOUT = About(
  title='Log-likelihoods of f-GANs by Parzen windows',
  lectures=(4,),
  claim='On MNIST, windows at generated samples give the test images 429 nats for Pearson’s divergence, 416 for KL, '
  '−708 for squared Hellinger, −2101 for Jeffrey, and 502 where the windows are at the training images.',
  erratum='Such numbers mean nothing without the unit of the pixels, the width of the windows and how it is chosen, '
  'which the slide leaves out: in pixels from −1 to 1 every number is D log 2 less. Windows at all training images of '
  'MNIST, for which the slide has 502 nats, have 328 in pixels from 0 to 1: this was not measured here, on digits, but '
  'is taken from the table of docs/likelihood.md.',
  source='Nowozin et al., f-GAN (2016), section 4; docs/likelihood.md has the table measured anew on MNIST.',
)
SIZES = 50, 100, 200, 400, 800  # numbers of windows at training images


def get_config():
  return numbers(
    __file__,
    divergences=('pearson', 'kl', 'squared_hellinger', 'jeffrey'),  # or others of f-GAN's table
    rounds=2000,  # generator updates of each divergence
    units=256,  # in each of the generator's three hidden layers
    samples=2000,  # generated ones, at which windows stand
    learned=1200,  # digits that the models learn from; of the other 597 half choose the width, half are scored
    seed=0,
  )


def draw(config, folder):
  del folder
  if not (800 <= config.learned <= 1700 and config.samples >= 2):
    raise UserError('learn from 800 to 1,700 of the 1,797 digits, and draw 2 samples or more')
  titles = {name: look_up('divergence', LOOKS, name).title for name in config.divergences}
  learned, validation, test = parts(config)
  figure, axes = plots.panels(2, height=3.6)
  bars, sizes = axes[0]
  measured, rows = {}, [['windows at', 'log-likelihood, nats', 'standard error', 'width']]
  scores = {name: parzen(validation, test, generated(config, name)) for name in titles}
  scores['images'] = parzen(validation, test, learned)
  for name, score in scores.items():
    title = titles.get(name, f'{len(learned):,} training images')
    colour = LOOKS[name].colour if name in titles else plots.REAL
    bars.barh(title, score.mean, xerr=score.standard_error, color=colour, ecolor=plots.INK)
    rows.append([title, f'{score.mean:.2f}', f'{score.standard_error:.2f}', f'{score.sigma:.3f}'])
    measured |= {name: score.mean, f'{name}_error': score.standard_error, f'{name}_sigma': score.sigma}
  bars.invert_yaxis()
  plots.label(bars, f'Windows at {config.samples:,} generated digits', 'log-likelihood of unseen digits, nats', ' ')
  shuffled = np.random.default_rng(config.seed).permutation(learned)
  few = [parzen(validation, test, shuffled[:n]) for n in SIZES]
  sizes.plot(SIZES, [score.mean for score in few], 'o-', color=plots.BLUE)
  plots.label(sizes, 'Windows at training digits', 'number of windows', 'log-likelihood, nats')
  sigma = scores['images'].sigma
  doubled = log_likelihood(2 * test.astype(float) / 255 - 1, 2 * learned.astype(float) / 255 - 1, 2 * sigma).mean()
  measured |= {'other_unit': doubled, 'unit': scores['images'].mean - doubled}
  measured |= {f'windows_{n}': score.mean for n, score in zip(SIZES, few, strict=True)}
  return Figure(told(measured, titles), measured, figure, rows)


def parts(config):
  """Digits [N, 8, 8, 1] uint8 to learn from, to choose widths by, and to score."""
  middle = (config.learned + 1797) // 2
  spans = f'train[:{config.learned}]', f'train[{config.learned}:{middle}]', f'train[{middle}:]'
  return (splits.part(digits.load(), span, 'digits').decoded().images for span in spans)


def generated(config, name):
  """Digits in [0, 1] of a generator that was trained with the bound of this divergence."""
  settings = fgan_digits.get_config()
  settings.seed, settings.data.split = config.seed, f'train[:{config.learned}]'
  settings.generator.width = config.units
  settings.game.divergence, settings.train.steps = name, config.rounds
  training = Training(settings)
  (stage,) = training.stages([config.rounds], LOOKS[name].title)
  samples, _ = training.sampler.draw(stage.state, config.samples)
  return (samples + 1) / 2


def told(m, titles):
  order = sorted(titles, key=m.get, reverse=True)
  ranked = ', '.join(f'{titles[name]} {m[name]:.2f}' for name in order)
  return (
    f'Unseen digits have, from the best to the worst, {ranked} nats, and {m["images"]:.2f} with windows at the '
    'training digits; the standard errors of these means over the digits that are scored are up to '
    f'{max(m[f"{name}_error"] for name in [*titles, "images"]):.2f}, and what another seed would make is not in them. '
    f'The same windows in pixels from −1 to 1 have {m["other_unit"]:.2f} nats, {m["unit"]:.2f} less. Windows at '
    f'{SIZES[0]} training digits have {m[f"windows_{SIZES[0]}"]:.2f}, at {SIZES[-1]} of them '
    f'{m[f"windows_{SIZES[-1]}"]:.2f}.'
  )
