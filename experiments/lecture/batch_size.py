"""Batch sizes compared twice: after as many rounds, and after as many images.

    python launch.py --config=experiments/lecture/batch_size.py [--config.batch_size.batches="(16,64,256)"]

The learning rate is the same for all of them; large batches would bear a larger one.
"""

import numpy as np

from experiments import sngan_digits
from wgan_jax.data import digits
from wgan_jax.data.images import to_uint8
from wgan_jax.errors import UserError
from wgan_jax.lecture import digits_seen, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.playing import Training
from wgan_jax.metrics.frechet import frechet_distance

ABOUT = About(
  title='What a larger batch buys, by the round and by the image',
  lectures=(0,),
  claim='Use large batches, 1,024 or 2,048: in BigGAN’s table the inception score rises with them from 52.52 to 76.85, '
  'with the same network. And use 150 % more filters than others.',
  erratum='The table has 96 channels where others had 64, which is 50 % more, or 150 % of them. And a round with a '
  'batch eight times as large looks at eight times as many images: better by the round is not better by the cost.',
  source='Brock et al., Table 1, on ImageNet at 128 pixels. Here a GAN of two perceptrons with hinge loss and spectral '
  'normalisation learns the 8x8 digits; FCD-digits is a Fréchet distance in the features of a small classifier of '
  'them, not FID.',
)
PUBLISHED = ((256, 64, 52.52), (512, 64, 58.77), (1024, 64, 63.03), (2048, 64, 76.85), (2048, 96, 92.98))
MOST = 4096  # samples of a batch
LOOKS = 8  # at each training, at numbers of images that grow by a factor


def get_config():
  return numbers(
    __file__,
    batches=(8, 32, 128),  # samples, rising; the last one a multiple of the others
    rounds=1_000,  # of the largest batch; smaller ones go on to as many images
    learning_rate=2e-4,  # of both players
    samples=1_797,  # that are compared, as many as there are real digits
    seed=0,
  )


def draw(config, folder):
  del folder
  if max(config.batches) > MOST:
    raise UserError(f'batches={config.batches}: at most {MOST:,} samples each')
  if any(config.batches[-1] % batch for batch in config.batches) or list(config.batches) != sorted({*config.batches}):
    raise UserError(f'batches={config.batches}: name sizes that rise and divide the last one, such as (8, 32, 128)')
  see = digits_seen.seeing()
  real, curves = see(digits.load().images).features, {}
  for batch in config.batches:
    training = Training(experiment_of(config, batch))
    total = config.rounds * config.batches[-1] // batch
    looks = sorted({config.rounds, *np.geomspace(min(total, 50), total, LOOKS).astype(int).tolist()})
    curves[batch] = {}
    for stage in training.stages(looks, f'batches of {batch}'):
      samples, _ = training.sampler.draw(stage.state, config.samples)
      found = see(to_uint8(samples)).features
      curves[batch][stage.step] = frechet_distance(real, found, allow_singular=True)
  by_round = [curve[config.rounds] for curve in curves.values()]
  by_image = [curve[max(curve)] for curve in curves.values()]
  measured = {'channels': 96 / 64 - 1, 'images': config.rounds * config.batches[-1]}
  for batch, of_rounds, of_images in zip(config.batches, by_round, by_image, strict=True):
    measured.update({f'by_round_{batch}': of_rounds, f'by_image_{batch}': of_images})
  rows = [(f'{b} (here)', f'{config.rounds:,}', f'FCD-digits {x:.2f}') for b, x in zip(curves, by_round, strict=True)]
  rows += [(f'{b} (here)', f'{max(curves[b]):,}', f'FCD-digits {x:.2f}') for b, x in zip(curves, by_image, strict=True)]
  rows += [(f'{b:,} (published)', f'{channels} channels', f'IS {score}') for b, channels, score in PUBLISHED]
  table = [('batch', 'rounds, or channels', 'score'), *rows]
  return Figure(told(measured, by_round, by_image, config), measured, picture(curves, config), table)


def experiment_of(config, batch):
  experiment = sngan_digits.get_config()
  experiment.seed, experiment.data.batch_size = config.seed, batch
  experiment.train.update(rounds_per_dispatch=100, devices=1)
  for optimizer in experiment.optimizer.values():
    optimizer.learning_rate = config.learning_rate
  return experiment


def told(m, by_round, by_image, config):
  def listed(values):
    return ', '.join(f'{value:.2f}' for value in values)

  def best(values):
    return f'{config.batches[int(np.argmin(values))]} is best'

  return (
    f'Of batches of {", ".join(map(str, config.batches))}, after {config.rounds:,} rounds each FCD-digits is '
    f'{listed(by_round)}: {best(by_round)}. After {m["images"]:,} images each, which takes the smallest batch '
    f'{config.batches[-1] // config.batches[0]} times as many rounds as the largest, it is {listed(by_image)}: '
    f'{best(by_image)}. From 64 to 96 channels there are {m["channels"]:.0%} more of them.'
  )


def picture(curves, config):
  figure, axes = plots.panels(2, height=3.4, sharey=True)
  for (batch, curve), colour in zip(curves.items(), plots.COLOURS * len(curves), strict=False):
    rounds = np.array(list(curve))
    for one, x in zip(axes[0], (rounds, rounds * batch), strict=True):
      one.loglog(x, list(curve.values()), 'o-', color=colour, markersize=4, label=f'batch {batch}')
  axes[0, 0].yaxis.get_minor_locator().set_params(subs=(2, 5))
  for formatter in (axes[0, 0].yaxis.set_major_formatter, axes[0, 0].yaxis.set_minor_formatter):
    formatter('{x:g}')
  axes[0, 0].axvline(config.rounds, color=plots.INK, linestyle=':', linewidth=1)
  plots.label(axes[0, 0], 'By the round', 'rounds, log scale', 'FCD-digits, log scale')
  plots.label(axes[0, 1], 'By the image', 'real images seen, log scale', 'FCD-digits, log scale')
  plots.legend(axes[0, 0])
  return figure
