"""Truncated codes: how good the samples of a BigGAN are, and how varied, by the threshold.

    python launch.py --config=experiments/lecture/truncation.py [--config.truncation.samples=500]

Give it one threshold of 0.01: the generator then makes one digit of each class, over and over.
"""

import numpy as np

from experiments import biggan_digits_short
from wgan_jax.data import digits
from wgan_jax.data.images import to_uint8
from wgan_jax.drawing import Drawing
from wgan_jax.lecture import digits_seen, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.kept import kept_of
from wgan_jax.metrics.frechet import frechet_distance
from wgan_jax.metrics.inception_score import inception_score
from wgan_jax.metrics.manifold import manifold_scores

ABOUT = About(
  title='The truncation trick trades variety for fidelity',
  lectures=(0,),
  claim='The truncation trick: sample a wide range during training, then truncate for generating results.',
  source='Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis, section 3.1 and Figure 2: '
  'truncated samples are better, and less varied. FCD-digits is a Fréchet distance in the features of a small '
  'classifier of digits, and not FID; IS is the inception score of that classifier’s labels, at most 10. Standing '
  'statistics are gathered anew for each threshold.',
)
SHOWN = 50  # samples of a grid


def get_config():
  return numbers(
    __file__,
    thresholds=(0.1, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0),  # of entries of a code, which are N(0, 1), rising
    samples=1_797,  # for each threshold, as many as there are real digits
    rounds=1_500,  # of the training, which the figures of BigGAN share
    seed=0,  # of the training and of the codes
  )


def draw(config, folder):
  experiment = biggan_digits_short.get_config()
  training, stages = kept_of(experiment, config.seed, config.rounds, folder)
  drawing = Drawing(training.play.game, stages[-1].state, experiment.evaluate, training.source.classes)
  see = digits_seen.seeing()
  codes, real = drawing.codes(np.arange(config.samples)), see(digits.load().images)
  samples = [to_uint8(drawing.looking(threshold)(*codes)) for threshold in (*config.thresholds, 0)]  # 0 for none
  scores = [scores_of(real, see(images)) for images in samples]
  of = {name: np.array([score[name] for score in scores]) for name in scores[0]}
  measured = {f'{name}_{when}': of[name][i] for name in of for when, i in (('least', 0), ('none', -1))}
  measured.update(
    best_fcd=of['fcd'].min(),
    best_is=of['is'].max(),
    real_is=inception_score(real.logits, 1).mean,
    gained=of['precision'][0] - of['precision'][-1],
    lost=of['recall'][-1] - of['recall'][0],
    real_fcd=frechet_distance(real.features[::2], real.features[1::2]),
  )
  return Figure(told(measured, of, config.thresholds), measured, picture(of, samples, measured, config))


def scores_of(real, fake):
  """What a classifier's features and labels say of samples."""
  manifold = manifold_scores(real.features, fake.features)
  return {
    'fcd': frechet_distance(real.features, fake.features, allow_singular=True),
    'is': inception_score(fake.logits, 1).mean,
    'precision': manifold.precision,
    'recall': manifold.recall,
  }


def told(m, of, thresholds):
  names = [*(f'within {t:g}' for t in thresholds), 'without truncation']
  trade = f'{m["gained"]:.3f} of fidelity is bought with {m["lost"]:.3f} of variety'
  if min(m['gained'], m['lost']) <= 0:
    trade = 'not the trade that the paper promises'
  return (
    f'From the widest codes to the narrowest, precision goes from {m["precision_none"]:.3f} to '
    f'{m["precision_least"]:.3f} and recall from {m["recall_none"]:.3f} to {m["recall_least"]:.3f}: '
    f'{trade}. '
    f'IS is highest {names[of["is"].argmax()]} ({m["best_is"]:.2f}; real digits {m["real_is"]:.2f}), but FCD-digits is '
    f'lowest {names[of["fcd"].argmin()]} ({m["best_fcd"]:.2f}; {m["fcd_least"]:.2f} {names[0]}, {m["fcd_none"]:.2f} '
    f'{names[-1]}), as it punishes missing variety too. Two halves of the real digits are {m["real_fcd"]:.2f} apart.'
  )


def picture(of, samples, m, config):
  figure, axes = plots.panels(3, 2, height=2.7, height_ratios=(1, 0.75))
  x = np.array([*config.thresholds, 1.2 * config.thresholds[-1]])
  for one, name, title in (axes[0, 0], 'fcd', 'Fréchet distance'), (axes[0, 1], 'is', 'Inception score'):
    one.plot(x, of[name], 'o-', color=plots.BLUE, markersize=4)
    one.axhline(m[f'real_{name}'], color=plots.INK, linestyle=':', linewidth=1)
    one.annotate('real digits', (x[-1], m[f'real_{name}']), ha='right', va='bottom', fontsize=8, color=plots.INK)
    plots.label(one, title, 'threshold of codes', 'FCD-digits' if name == 'fcd' else 'IS of the digits classifier')
  for name, colour in ('precision', plots.BLUE), ('recall', plots.RED):
    axes[0, 2].plot(x, of[name], 'o-', color=colour, label=name, markersize=4)
  plots.label(axes[0, 2], 'Precision and recall', 'threshold of codes', 'share of samples')
  plots.legend(axes[0, 2])
  for one in axes[0]:
    one.set_xticks([0, *range(1, int(x[-2]) + 1), x[-1]], [*map(str, range(int(x[-2]) + 1)), 'none'])
  middle = len(config.thresholds) // 2
  names = f'{config.thresholds[0]:g}', f'{config.thresholds[middle]:g}', 'none'
  for one, i, name in zip(axes[1], (0, middle, -1), names, strict=True):
    plots.images(one, samples[i][:SHOWN] / 127.5 - 1, 10)
    plots.label(one, f'Threshold {name}')
  return figure
