"""Where the weights of a critic lie: in two piles at the ends of what clipping allows, or in one heap.

    python launch.py --config=experiments/lecture/clipped_weights.py [--config.clipped_weights.clip=0.3]

With a larger c, fewer of the first weights are beyond it: see whether learning brings the others there.
"""

import jax
import numpy as np

from experiments import toy_wgan, toy_wgan_gp
from wgan_jax.lecture import fixed, plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Clipping pushes weights to the ends of what it allows',
  lectures=(0, 3, 4),
  claim='Clipping encourages the optimiser to push the weights very close to the clipping value: nearly all of them '
  'end at +c or -c, which leaves a critic that is too simple. With a gradient penalty they do not.',
  erratum='Lecture 0 prints W ← clip_by_value(W - α, 0, 1), which would clip to [0, 1] and shift the weights besides; '
  'its own text, and the paper, clip to [-c, c]. Lecture 1 says "if w > c, then w = -c": a weight that is too large '
  'becomes c, and one below -c becomes -c.',
  source='Gulrajani et al., Improved Training of Wasserstein GANs, Figure 1b, right; Arjovsky et al., Wasserstein GAN, '
  'Algorithm 1.',
)


def get_config():
  return numbers(
    __file__,
    clip=0.1,  # c
    penalty=10.0,  # lambda of the other critic
    noise=1.0,  # standard deviation of what the fixed generator adds to the swiss roll
    width=64,  # units of each of three hidden layers
    updates=2500,
    rate=2e-3,  # of learning, at the start; it falls to 0
    seed=0,
  )


def draw(config, folder):
  del folder
  first, last = weights_of(toy_wgan, config, [1, config.updates])
  _, penalised = weights_of(toy_wgan_gp, config, [1, config.updates])
  at_limit = {'first': share_at(first, config.clip), 'last': share_at(last, config.clip)}
  at_limit['penalised'] = share_at(penalised, np.abs(penalised).max())
  figure, axes = plots.panels(3, height=3.0)
  panels = [
    (first, f'Clipped, after one update: {at_limit["first"]:.0%} at ±c', config.clip, plots.GREY),
    (last, f'Clipped, after {config.updates:,}: {at_limit["last"]:.0%} at ±c', config.clip, plots.RED),
    (penalised, f'Gradient penalty, after {config.updates:,}', np.abs(penalised).max(), plots.BLUE),
  ]
  for one, (weights, title, limit, colour) in zip(axes[0], panels, strict=True):
    one.hist(weights, np.linspace(-1.02 * limit, 1.02 * limit, 52), color=colour)  # rounding leaves some beyond c
    for end in (-config.clip, config.clip):
      one.axvline(end, color=plots.INK, linewidth=0.8, linestyle=':')
    plots.label(one, title, 'weight', 'number of weights')
  measured = {
    'weights': last.size,
    'at_limit_first': at_limit['first'],
    'at_limit': at_limit['last'],
    'beyond_clip_penalised': np.mean(np.abs(penalised) > config.clip),
    'largest_penalised': np.abs(penalised).max(),
    'at_largest_penalised': at_limit['penalised'],
  }
  told = (
    f'Of the {measured["weights"]:,} weights and biases of a clipped critic {measured["at_limit"]:.1%} end within 1 % '
    f'of ±{config.clip}; {measured["at_limit_first"]:.1%} were there after one update already, because what they begin '
    f'at is drawn without a thought of c. Of the penalised critic {measured["at_largest_penalised"]:.2%} end so near '
    f'to its largest, {measured["largest_penalised"]:.2f}, and {measured["beyond_clip_penalised"]:.1%} lie where '
    'clipping would not let them.'
  )
  return Figure(told, measured, figure)


def weights_of(experiment, config, rounds):
  """All numbers that the critic has learned after each of these rounds, as vectors."""
  given = fixed.settings(experiment, 'swissroll', config.updates, config.rate, config.seed, width=config.width)
  given.game.penalty.weight = config.penalty
  if given.optimizer.critic_loss.clip_weights:
    fixed.clip(given, config.clip)
  training = fixed.critic_alone(given, config.noise)
  for stage in training.stages(rounds, experiment.__name__):
    yield np.concatenate([x.ravel() for x in jax.tree.leaves(stage.state.params['critic'])])


def share_at(weights, limit):
  """Of the weights, how many lie within 1 % of ±limit."""
  return np.mean(np.abs(weights) > 0.99 * limit)
