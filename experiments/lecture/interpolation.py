"""Interpolation with a BigGAN: from one latent code to another, and from one class to another.

    python launch.py --config=experiments/lecture/interpolation.py [--config.interpolation.steps=30]

More steps show whether there is a jump: of a smooth path each step becomes smaller, of a jump it stays.
"""

import jax
import numpy as np

from experiments import biggan_digits_short
from wgan_jax import priors
from wgan_jax.data.images import to_uint8
from wgan_jax.drawing import Drawing
from wgan_jax.lecture import digits_seen, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.kept import kept_of

ABOUT = About(
  title='Samples change smoothly from code to code, and from class to class',
  lectures=(0,),
  claim='Of this the lecture has a heading alone, over pictures: linear interpolation, among the results of BigGAN.',
  erratum='Codes on the straight line between two normal codes are shorter than codes are, by √½ in the middle; the '
  'arc cos(t) z₁ + sin(t) z₂ stays among them. Both are measured.',
  source='Brock et al., appendix A: paths of images from code to code and from class to class, which suggest that the '
  'generator has not simply memorised its data; White, Sampling Generative Networks, section 2.1.',
)
ROWS = 5  # paths that are shown, of each kind


def get_config():
  return numbers(
    __file__,
    paths=100,  # of each kind that are measured
    steps=10,  # images of a path
    rounds=1_500,  # of the training, which the figures of BigGAN share
    seed=0,  # of the training and of the codes
  )


def draw(config, folder):
  experiment = biggan_digits_short.get_config()
  training, stages = kept_of(experiment, config.seed, config.rounds, folder)
  n, classes = config.paths, training.source.classes
  drawing = Drawing(training.play.game, stages[-1].state, experiment.evaluate, classes)
  look, see = drawing.look, digits_seen.seeing()
  z, label = drawing.codes(np.arange(2 * n))
  weights = np.eye(classes, dtype=np.float32)[label]
  kinds = {
    'lines': (priors.lines(z[:n], z[n:], config.steps), priors.lines(weights[:n], weights[:n], config.steps)),
    'arcs': (priors.arcs(z[:n], z[n:], config.steps), priors.lines(weights[:n], weights[:n], config.steps)),
    'classes': (priors.lines(z[:n], z[:n], config.steps), priors.lines(weights[:n], weights[1 : n + 1], config.steps)),
  }
  samples, measured = {}, {}
  for name, (codes, mixed) in kinds.items():
    codes, mixed = np.asarray(codes), np.asarray(mixed)
    images = look(codes.reshape(-1, codes.shape[-1]), mixed.reshape(-1, classes))
    shares = jax.nn.softmax(see(to_uint8(images)).logits).reshape(n, config.steps, classes)
    samples[name] = images.reshape(n, config.steps, *images.shape[1:])
    sure, middle = np.sum(shares * (mixed > 0), axis=-1), config.steps // 2
    measured[f'jump_{name}'], measured[f'detour_{name}'] = jump_and_detour(samples[name])
    measured[f'sure_ends_{name}'], measured[f'sure_middle_{name}'] = sure[:, [0, -1]].mean(), sure[:, middle].mean()
    length = np.linalg.norm(codes, axis=-1).mean(axis=0)
    measured[f'length_{name}'] = length[middle] / length[0]
  measured['steps'] = config.steps - 1
  return Figure(told(measured), measured, picture(samples))


def jump_and_detour(paths):
  """Of paths of images [N, steps, ...]: the largest step over the mean one, and all steps over the way from end to end.

  Both are means over paths. A path that is even has a largest step of 1 mean; one that jumps once, of all its steps.
  """
  flat = paths.reshape(*paths.shape[:2], -1)
  step = np.linalg.norm(np.diff(flat, axis=1), axis=-1)  # [N, steps - 1]
  direct = np.linalg.norm(flat[:, -1] - flat[:, 0], axis=-1)
  return np.mean(step.max(axis=1) / step.mean(axis=1)), np.mean(step.sum(axis=1) / direct)


def told(m):
  return (
    f'In pixels the largest of the {m["steps"]} steps of a path is on average {m["jump_lines"]:.2f} times its mean '
    f'step on lines, {m["jump_arcs"]:.2f} on arcs and {m["jump_classes"]:.2f} between classes; 1 would be even, and '
    f'{m["steps"]} a single jump. The way is {m["detour_lines"]:.2f}, {m["detour_arcs"]:.2f} and '
    f'{m["detour_classes"]:.2f} times as long as the straight one. In the middle a code has '
    f'{m["length_lines"]:.2f} of its length on lines and {m["length_arcs"]:.2f} on arcs; the digits classifier gives '
    f'the class asked for {m["sure_middle_lines"]:.1%} there and {m["sure_middle_arcs"]:.1%}, and at the ends '
    f'{m["sure_ends_lines"]:.1%}. About halfway between two classes it gives the two of them together '
    f'{m["sure_middle_classes"]:.1%}.'
  )


def picture(samples):
  figure, axes = plots.panels(3, height=1.9)
  titles = {'lines': 'Codes on a line', 'arcs': 'The same codes on an arc', 'classes': 'One code, from class to class'}
  for one, (name, title) in zip(axes[0], titles.items(), strict=True):
    rows = samples[name][:ROWS]
    plots.images(one, rows.reshape(-1, *rows.shape[2:]), rows.shape[1])
    plots.label(one, title)
  return figure
