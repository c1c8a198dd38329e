"""The class vectors that BigGAN's generator shares between all its layers: what they have learned of the classes.

    python launch.py --config=experiments/lecture/class_embedding.py [--config.class_embedding.rounds=5000]

Longer training moves the vectors further from where they began; of 150 rounds they say little.
"""

import numpy as np
import scipy.stats

from experiments import biggan_digits_short
from wgan_jax.data import digits
from wgan_jax.data.images import to_uint8
from wgan_jax.drawing import Drawing
from wgan_jax.lecture import digits_seen, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.kept import kept_of

ABOUT = About(
  title='What the class vectors say of the classes',
  lectures=(0,),
  claim='A categorical, one-hot class is embedded, and the embedding is given to the layers of both networks: it can '
  'help to learn class-specific properties in generator and discriminator.',
  source='Brock et al., section 3.1: one embedding shared by all layers of the generator; Miyato & Koyama, cGANs with '
  'Projection Discriminator: an inner product with an embedding in the discriminator.',
)
SHUFFLES = 2_000  # of the classes, to know what rank correlation chance gives


def get_config():
  return numbers(
    __file__,
    samples=1_000,  # that the classifier looks at
    rounds=1_500,  # of the training, which the figures of BigGAN share
    seed=0,  # of the training and of the codes
  )


def draw(config, folder):
  experiment = biggan_digits_short.get_config()
  training, stages = kept_of(experiment, config.seed, config.rounds, folder)
  drawing = Drawing(training.play.game, stages[-1].state, experiment.evaluate, training.source.classes)
  see = digits_seen.seeing()
  z, label = drawing.codes(np.arange(config.samples))
  found = see(to_uint8(drawing.look(z, label))).logits.argmax(axis=1)
  confused = np.zeros((10, 10))
  np.add.at(confused, (label, found), 1)
  real = digits.load()
  means = np.stack([real.images[real.labels == k].mean(axis=0).ravel() for k in range(10)]) / 127.5
  start, end = (vectors(stage.state) for stage in (stages[0], stages[-1]))
  measured = {'right': np.mean(found == label)}
  for name in end:
    measured[f'moved_{name}'] = np.linalg.norm(end[name] - start[name]) / np.linalg.norm(start[name])
    measured[f'rank_{name}'], measured[f'chance_{name}'] = rank_correlation(end[name], means, config.seed)
  # Of the critic's there is no such number: orthogonal vectors are all equally far apart.
  measured['rank_start'], measured['chance_start'] = rank_correlation(start['generator'], means, config.seed)
  return Figure(told(measured), measured, picture(end, confused / confused.sum(axis=1, keepdims=True)))


def vectors(state):
  """The class vectors [10, D] of both networks: the embedding that the generator shares, and the critic's."""
  generator, critic = state.ema['params']['generator'], state.params['critic']
  return {'generator': generator['shared']['kernel'], 'critic': critic['Projection_0']['Embed_0']['kernel']}


def distances(x):
  """[N, N] between the rows."""
  return np.linalg.norm(x[:, None] - x[None], axis=-1)


def rank_correlation(x, y, seed):
  """Spearman's, of the distances within x and within y, and Mantel's p: the share of orders of x that reach it."""
  pairs, noise = np.triu_indices(len(x), 1), np.random.default_rng(seed)
  of_x, of_y = distances(x), scipy.stats.rankdata(distances(y)[pairs])

  def rank(order):
    return np.corrcoef(scipy.stats.rankdata(of_x[np.ix_(order, order)][pairs]), of_y)[0, 1]

  found = rank(np.arange(len(x)))
  reached = sum(rank(noise.permutation(len(x))) >= found for _ in range(SHUFFLES))
  return found, (1 + reached) / (1 + SHUFFLES)


def told(m):
  def clear(name):
    return 'more than chance' if m[f'chance_{name}'] < 0.05 else 'no more than chance'

  return (
    f'Of the samples {m["right"]:.1%} are read as the class that was asked for. Distances between the generator’s '
    f'class vectors have a rank correlation of {m["rank_generator"]:.2f} with those between the classes’ mean images, '
    f'{clear("generator")} (p = {m["chance_generator"]:.4f} over shuffles of the classes, one-sided); at the '
    f'start, when the vectors are noise, of {m["rank_start"]:.2f} (p = {m["chance_start"]:.4f}). Of the critic’s '
    f'vectors it is {m["rank_critic"]:.2f}, {clear("critic")} (p = {m["chance_critic"]:.4f}): they are set against its '
    f'features and not against pixels. Training moved the generator’s vectors by {m["moved_generator"]:.1%} of their '
    f'length and the critic’s by {m["moved_critic"]:.1%}.'
  )


def picture(end, confused):
  figure, axes = plots.panels(3, height=2.9)
  unit = end['generator'] / np.linalg.norm(end['generator'], axis=1, keepdims=True)
  cosines, alike = unit @ unit.T, np.eye(10, dtype=bool)
  reach = np.abs(cosines[~alike]).max()
  cosines[alike] = np.nan  # which are 1
  plots.heat(figure, axes[0, 0], cosines, 'cosine', vmin=-reach, vmax=reach, aspect='equal', cmap='RdBu_r')
  plots.label(axes[0, 0], 'Generator’s class vectors', 'class', 'class')
  middle = end['generator'] - end['generator'].mean(axis=0)
  _, sizes, directions = np.linalg.svd(middle, full_matrices=False)
  plane, share = middle @ directions[:2].T, np.sum(sizes[:2] ** 2) / np.sum(sizes**2)
  axes[0, 1].scatter(*plane.T, s=160, color=plots.COLOURS[0], alpha=0.35, linewidths=0)
  axes[0, 1].set_box_aspect(1)
  for k, place in enumerate(plane):
    axes[0, 1].annotate(str(k), place, ha='center', va='center', fontsize=10, color=plots.INK)
  plots.label(axes[0, 1], f'Principal plane: {share:.0%} of variance', 'first component', 'second component')
  plots.heat(figure, axes[0, 2], confused, 'share', cmap=plots.fade(plots.RED), vmin=0, vmax=1, aspect='equal')
  plots.label(axes[0, 2], 'What the samples are read as', 'read as', 'class asked for')
  for one in axes[0, [0, 2]]:
    one.set(xticks=range(10), yticks=range(10))
  return figure
