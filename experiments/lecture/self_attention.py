"""Where the self-attention of a trained BigGAN looks, and how much of its samples comes from that.

    python launch.py --config=experiments/lecture/self_attention.py [--config.self_attention.rounds=5000]

Longer training gives attention more weight, which begins at zero.
"""

import jax
import jax.numpy as jnp
import numpy as np

from experiments import biggan_digits_short
from wgan_jax.data import digits
from wgan_jax.data.images import to_uint8
from wgan_jax.drawing import Drawing
from wgan_jax.lecture import digits_seen, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.kept import kept_of
from wgan_jax.metrics.frechet import frechet_distance

NAME, SHOWN = 'SelfAttention_0', 8
QUERIES = {'top left': (0, 0), 'middle': (1, 2), 'bottom right': (3, 3)}  # pixels of the map
ABOUT = About(
  title='Self-attention starts at nothing, and learns how much to say',
  lectures=(0,),
  claim='Self-attention is used in both generator and discriminator. Inception scores are 28.5 for AC-GAN, 36.8 for '
  'SNGAN with projection and 52.52 for SAGAN.',
  source='Zhang et al., Self-Attention Generative Adversarial Networks, Equations 1 to 3 and Table 2: attention '
  'lets far parts of an image depend on each other. The layer adds γ times what it found to what it was given, with '
  'γ = 0 at the start. Here it sees a map of 4x4 pixels, whose keys are pooled to 2x2, so that each pixel divides its '
  f'attention over four quarters of the digit. Beside a sample: those of {", ".join(QUERIES)}, '
  'from black for a quarter that gets nothing to white for one that gets all.',
)


def get_config():
  return numbers(
    __file__,
    samples=1_000,  # that are looked at
    rounds=1_500,  # of the training, which the figures of BigGAN share
    seed=0,  # of the training and of the codes
  )


def draw(config, folder):
  experiment = biggan_digits_short.get_config()
  training, stages = kept_of(experiment, config.seed, config.rounds, folder)
  game, state = training.play.game, stages[-1].state
  see = digits_seen.seeing()
  drawing = Drawing(game, state, experiment.evaluate, training.source.classes)
  z, label = drawing.codes(np.arange(config.samples))
  samples = drawing.look(z, label)
  without = Drawing(game, silenced(state), experiment.evaluate, training.source.classes).look(z, label)
  weights, added = attention(drawing.game, drawing.variables, z, label)
  side = round(weights.shape[1] ** 0.5)
  gammas = {
    'generator': [float(stage.state.params['generator']['network'][NAME]['gamma']) for stage in stages],
    'critic': [float(stage.state.params['critic'][NAME]['gamma']) for stage in stages],
  }
  real = see(digits.load().images).features
  measured = {
    'gamma_generator': gammas['generator'][-1],
    'gamma_critic': gammas['critic'][-1],
    'added': added,
    'entropy': np.mean(-np.sum(weights * np.log(np.maximum(weights, 1e-30)), axis=-1)),
    'even': np.log(weights.shape[2]),
    'own': np.mean(weights[:, np.arange(side**2), own_quarter(side)]),
    'moved': np.mean(np.abs(samples - without)),
  }
  for name, images in ('with', samples), ('without', without):
    found = see(to_uint8(images))
    measured[f'fcd_{name}'] = frechet_distance(real, found.features, allow_singular=True)
    measured[f'right_{name}'] = np.mean(found.logits.argmax(axis=1) == label)
  maps = weights.reshape(-1, side, side, side // 2, side // 2)
  return Figure(told(measured), measured, picture([stage.step for stage in stages], gammas, samples, maps))


def attention(game, variables, z, label):
  """(weights [N, queries, keys] of a generator's attention, how much of the map after it comes from it)."""

  def inside(module, method):
    return method == '__call__' and module.name in (NAME, 'query', 'key', 'output')

  _, found = jax.jit(
    lambda *given: game.apply(*given, method='generate', capture_intermediates=inside, mutable=['intermediates'])
  )(variables, z, label)
  layer = found['intermediates']['generator']['network'][NAME]
  queries, keys, output = (layer[name]['__call__'][0] for name in ('query', 'key', 'output'))
  n, height, width, channels = keys.shape
  keys = keys.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4)).reshape(n, -1, channels)
  weights = jax.nn.softmax(jnp.einsum('bqc,bkc->bqk', queries.reshape(n, -1, channels), keys))
  gamma = variables['params']['generator']['network'][NAME]['gamma']
  after = layer['__call__'][0]
  return np.asarray(weights), float(jnp.linalg.norm(gamma * output) / jnp.linalg.norm(after))


def silenced(state):
  """The state with nothing of what the generator's attention finds."""
  network = state.ema['params']['generator']['network']
  network = {**network, NAME: {**network[NAME], 'gamma': np.zeros((), np.float32)}}
  generator = {**state.ema['params']['generator'], 'network': network}
  return state.replace(ema={**state.ema, 'params': {**state.ema['params'], 'generator': generator}})


def own_quarter(side):
  """The key that lies where a query does, [side^2]."""
  rows, columns = np.divmod(np.arange(side**2), side)
  return rows // 2 * (side // 2) + columns // 2


def told(m):
  return (
    f'γ ends at {m["gamma_generator"]:.3f} in the generator (its weights of the last round) and at '
    f'{m["gamma_critic"]:.3f} in the critic; of the generator’s map after the layer {m["added"]:.1%} comes from '
    f'attention, by norms. Pixels spread their attention over quarters with an entropy of {m["entropy"]:.2f} nats, of '
    f'{m["even"]:.2f} if all were alike, and give their own quarter {m["own"]:.1%}. With γ set to 0 samples change by '
    f'{m["moved"]:.3f} in a pixel on average (black is −1, white 1), FCD-digits from {m["fcd_with"]:.2f} to '
    f'{m["fcd_without"]:.2f}, and {m["right_with"]:.1%} and {m["right_without"]:.1%} are read as the class asked for. '
    f'All of a digit grows from a map of 1x1 pixel here, so that its parts know of each other anyway.'
  )


def picture(rounds, gammas, samples, weights):
  figure, axes = plots.panels(3, height=3.4, width_ratios=(1.1, 1, 1))
  for (name, values), colour in zip(gammas.items(), (plots.BLUE, plots.RED), strict=True):
    axes[0, 0].plot(rounds, values, 'o-', color=colour, label=name, markersize=4)
  plots.label(axes[0, 0], 'Weight of the attention', 'rounds', 'γ')
  plots.legend(axes[0, 0])
  scale = samples.shape[1] // weights.shape[3]
  for one, rows in zip(axes[0, 1:], np.split(np.arange(SHOWN), 2), strict=True):
    maps = [weights[rows, i, j].repeat(scale, axis=1).repeat(scale, axis=2) for i, j in QUERIES.values()]
    shown = np.stack([samples[rows], *(2 * of[..., None] - 1 for of in maps)], axis=1)
    plots.images(one, shown.reshape(-1, *shown.shape[2:]), shown.shape[1])
    plots.label(one, f'Samples {rows[0] + 1} to {rows[-1] + 1}, and where pixels look')
  return figure
