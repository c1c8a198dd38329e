"""How much of the critic's gradient reaches each of its layers: it vanishes or explodes with c, and not with a penalty.

    python launch.py --config=experiments/lecture/gradient_by_layer.py [--config.gradient_by_layer.clips="(0.2,0.05)"]

Between a c that vanishes and one that explodes there is one that does neither; where depends on the width.
"""

import itertools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from experiments import toy_wgan, toy_wgan_gp
from wgan_jax.lecture import fixed, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.networks.layers import Dense

ABOUT = About(
  title='Through a deep critic the gradient vanishes or explodes with c',
  lectures=(0, 1, 3),
  claim='If we choose the clipping value poorly, gradients vanish or explode: too small, and the error signal is '
  'multiplied by small values at each layer; too large, and it is multiplied by large ones. Both grow exponentially '
  'with depth. The gradient penalty avoids it.',
  source='Gulrajani et al., Improved Training of Wasserstein GANs, Figure 1b, left: 12 layers, swiss roll, '
  'c = 0.1, 0.01, 0.001.',
)


def get_config():
  return numbers(
    __file__,
    clips=(0.1, 0.01, 0.001),  # c of each clipped critic
    penalty=10.0,  # lambda of the other
    depth=12,  # hidden layers, ReLU
    width=64,  # units of each
    noise=1.0,  # standard deviation of what the fixed generator adds to the swiss roll
    updates=1000,
    rate=1e-3,  # of learning for c = 0.1 and for the penalty, in proportion to c for others; it falls to 0
    seed=0,
  )


def draw(config, folder):
  del folder
  rounds = sorted({max(1, round(config.updates ** (i / 6))) for i in range(7)})
  critics = {f'c = {clip:g}': (toy_wgan, clip) for clip in config.clips} | {'gradient penalty': (toy_wgan_gp, 0.0)}
  figure, axes = plots.panels(2, height=3.6)
  measured, layers = {}, 1 + np.arange(config.depth)
  for colour, (name, (experiment, clip)) in zip(itertools.cycle(plots.COLOURS), critics.items(), strict=False):
    norms = list(watched(experiment, clip, config, rounds, name))
    factors = [factor(found) for found in norms]
    axes[0, 0].semilogy(layers, norms[-1], color=colour, marker='.', label=f'{name}: {factors[-1]:.2g}')
    axes[0, 1].loglog(rounds, factors, color=colour, marker='.')
    key = f'c_{clip:g}' if clip else 'penalised'
    measured |= {f'{key}_first_factor': factors[0], f'{key}_factor': factors[-1]}
    measured |= {f'{key}_ratio': norms[-1][0] / norms[-1][-1]}
  plots.label(
    axes[0, 0], f'After {config.updates:,} updates, and factor per layer', 'layer', 'mean ‖∂f/∂h‖ of the layer'
  )
  plots.label(axes[0, 1], 'While it learns', 'updates', 'factor per layer, backwards')
  axes[0, 1].axhline(1, color=plots.INK, linewidth=0.8, linestyle=':')
  plots.legend(axes[0, 0])
  return Figure(told(config, measured), measured, figure)


def watched(experiment, clip, config, rounds, name):
  """The norms by layer [depth] after each of these rounds."""
  shape = {'width': config.width, 'depth': config.depth}
  rate = config.rate * clip / 0.1 if clip else config.rate
  given = fixed.settings(experiment, 'swissroll', config.updates, rate, config.seed, **shape)
  if experiment is toy_wgan:
    fixed.clip(given, clip)
  given.game.penalty.weight = config.penalty
  training = fixed.critic_alone(given, config.noise)
  x = training.real['image'][: given.data.batch_size]
  found = jax.jit(lambda variables: gradients(training.play.game, variables, x, config.depth, config.width))
  for stage in training.stages(rounds, name):
    # Norms in float64: in float32 the squares of what has nearly vanished would be 0.
    yield np.linalg.norm(np.asarray(found(stage.state.variables()), np.float64), axis=2).mean(axis=1)


def gradients(game, variables, x, depth, width):
  """f's gradient at the samples x [B, 2] with respect to what each hidden layer makes of them, [depth, B, width]."""

  def value(shifts):
    left = list(shifts)

    def shifted(layer, args, kwargs, context):
      output = layer(*args, **kwargs)
      return output + left.pop(0) if left and isinstance(context.module, Dense) else output

    with nn.intercept_methods(shifted):
      return jnp.sum(game.apply(variables, x, method='judge'))

  return jnp.stack(jax.grad(value)([jnp.zeros((len(x), width))] * depth))


def factor(norms):
  """What the norms [depth] are multiplied by from each layer to the one before it, on average of their logarithms."""
  logarithms = np.log(np.maximum(norms, np.finfo(np.float32).tiny))  # a layer that is dead passes nothing on
  return float(np.exp(-np.polyfit(np.arange(len(norms)), logarithms, 1)[0]))


def told(config, measured):
  def of(key):
    return f'{measured[f"{key}_first_factor"]:.2g} after one update and {measured[f"{key}_factor"]:.2g} in the end'

  def ratio(key):
    return f'{measured[f"{key}_ratio"]:.2g}'

  keys = [f'c_{clip:g}' for clip in config.clips]
  ways = '; '.join(f'c = {clip:g} by {of(key)}' for clip, key in zip(config.clips, keys, strict=True))
  return (
    f'On its way back each layer multiplies the gradient, with {ways}; with a gradient penalty by {of("penalised")}. '
    f'In the end the first of {config.depth} layers is told {", ".join(map(ratio, keys))} and {ratio("penalised")} '
    'times what the last one is.'
  )
