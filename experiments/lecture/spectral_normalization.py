"""What spectral normalisation bounds, how near the bound comes to the slope that a critic has, and what it costs.

    python launch.py --config=experiments/lecture/spectral_normalization.py [--config.spectral_normalization.steps=9]

With more hidden layers (depths) the product of the norms says less and less of the slope.
"""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np

from experiments import toy_wgan_gp
from wgan_jax.engine import play_turn
from wgan_jax.lecture import fixed, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.networks.layers import Dense
from wgan_jax.networks.spectral import spectral_norm

ABOUT = About(
  title='Spectral normalisation: a bound on the slope, its gradient and its price',
  lectures=(0, 4),
  claim='Each weight matrix is divided by its largest singular value, W / σ(W), so that ‖f‖_Lip ≤ Π σ(W) = 1; we can '
  'back-propagate through that, and it functions like a gradient penalty, but is infinitely easier to compute.',
  erratum='It is not the norm that is taken of each matrix, but the matrix that is divided by it. In lecture 0 the '
  'first expression of the gradient has (∂W̄/∂W)ᵀ in place of ∂σ/∂W_ij · W; the middle one lacks [u₁v₁ᵀ]_ij, and has '
  'W̄/σ² where W/σ² = W̄/σ belongs; in both ∂W̄_ij/∂W_ij stands for ∂W/∂W_ij = E_ij. The last one is right. Lecture 4 '
  'writes the product over i of σ(W_l): the index must be the same. Easier to compute it is, but not infinitely.',
  source='Miyato et al., Spectral Normalization for Generative Adversarial Networks, Eq. 7 to 12 and Algorithm 1.',
)
KINDS = {'normalised': ('spectral norm', plots.TEAL), 'penalised': ('gradient penalty', plots.BLUE)}


def get_config():
  return numbers(
    __file__,
    data='8gaussians',  # or 25gaussians, swissroll, 2gaussians
    depths=(1, 2, 4),  # hidden layers of each critic
    width=64,  # units of each
    noise=1.0,  # standard deviation of what the fixed generator adds to the data
    penalty=10.0,  # lambda of the other critics
    updates=800,  # of each critic
    rate=2e-3,  # of learning, at the start; it falls to 0
    steps=40,  # of the power iteration, at most
    matrices=4,  # random ones, width x width, that it is watched on
    samples=512,  # of each kind, on which slopes and the exact distance are computed
    seed=0,
  )


def draw(config, folder):
  del folder
  figure, axes = plots.panels(3, height=3.4)
  measured, table = formula(config.seed), [['critic', 'hidden layers', 'Π σ(W)', 'slope found', 'share of W₁']]
  for kind, (name, colour) in KINDS.items():
    found = [bound_and_slope(config, kind, depth) for depth in config.depths]
    for depth, (bound, slope, share) in zip(config.depths, found, strict=True):
      measured |= {f'{kind}_{depth}_bound': bound, f'{kind}_{depth}_slope': slope, f'{kind}_{depth}_share': share}
      table.append([name, f'{depth}', f'{bound:.4g}', f'{slope:.3g}', f'{share:.0%}'])
    axes[0, 0].semilogy(config.depths, [f[0] for f in found], color=colour, linestyle='--', label=f'{name}, Π σ(W)')
    axes[0, 0].semilogy(config.depths, [f[1] for f in found], color=colour, marker='.', label=f'{name}, slope found')
  axes[0, 0].set_xticks(config.depths)
  plots.label(axes[0, 0], 'The bound, and the critic', 'hidden layers', 'slope')
  measured |= iterations(axes[0, 1], config)
  costs = {name: operations(config, **keys) for name, keys in CONSTRAINTS.items()}
  relative = {name: cost / costs['none'] for name, cost in costs.items()}
  axes[0, 2].bar(list(relative), list(relative.values()), color=[plots.GREY, plots.TEAL, plots.BLUE])
  plots.label(axes[0, 2], 'What an update of the critic costs', 'constraint', 'operations, none = 1')
  measured |= {'cost_normalised': relative['spectral norm'], 'cost_penalised': relative['penalty']}
  plots.legend(axes[0, 0], loc='center right', bbox_to_anchor=(1, 0.38))
  return Figure(told(config, measured), measured, figure, table)


CONSTRAINTS = {
  'none': {},
  'spectral norm': {'spectral_norm': True},
  'penalty': {'penalty': 'gradient_penalty'},
}


def settings(config, depth, spectral_norm=False, penalty='none'):
  shape = {'depth': depth, 'width': config.width, 'spectral_norm': spectral_norm}
  given = fixed.settings(toy_wgan_gp, config.data, config.updates, config.rate, config.seed, **shape)
  given.game.penalty.update(name=penalty, weight=config.penalty)
  return given


def bound_and_slope(config, kind, depth):
  """(the product of the largest singular values, the largest slope found, the share of W1) of a trained critic."""
  keys = CONSTRAINTS['spectral norm' if kind == 'normalised' else 'penalty']
  training = fixed.critic_alone(settings(config, depth, **keys), config.noise)
  *_, stage = training.stages([config.updates], f'{KINDS[kind][0]}, {depth} hidden layers')
  dual = fixed.duality_of(training, stage.state, config.samples)
  return bound(stage.state), dual['lipschitz'], dual['w1_ratio']


def bound(state):
  """The product over all layers of the largest singular value of what the critic multiplies by."""
  kernels = jax.tree_util.tree_flatten_with_path(state.params['critic'])[0]
  vectors = dict(jax.tree_util.tree_flatten_with_path(state.collections.get('spectral', {}).get('critic', {}))[0])
  product = 1.0
  for path, kernel in kernels:
    if kernel.ndim == 2:
      u, v = (vectors.get((*path[:-1], jax.tree_util.DictKey(name))) for name in 'uv')
      product *= np.linalg.norm(kernel, 2) / (1.0 if u is None else u @ kernel.T @ v)
  return float(product)


def iterations(axes, config):
  """Draws how far the power iteration is from the largest singular value of random matrices, by steps."""
  steps = np.unique(np.geomspace(1, config.steps, 12).round().astype(int))
  rng, errors = np.random.default_rng(config.seed), []
  for _ in range(config.matrices):
    kernel = rng.normal(size=(config.width, config.width)).astype(np.float32)
    errors.append([1 - sigma(kernel, int(n), config.seed) / np.linalg.norm(kernel, 2) for n in steps])
    axes.semilogy(steps, np.maximum(errors[-1], 1e-7), color=plots.TEAL, marker='.', linewidth=1)
  plots.label(axes, f'σ(W) of {config.matrices} matrices', 'steps of the power iteration', '1 - estimate / σ(W)')
  return {'error_first': np.mean(errors, axis=0)[0], 'error_last': np.mean(errors, axis=0)[-1]}


def sigma(kernel, steps, seed):
  """The library's estimate of the largest singular value after so many steps."""
  layer = Dense(
    kernel.shape[1],
    use_bias=False,
    kernel_init=lambda *_: jnp.asarray(kernel),
    reparameterize=functools.partial(spectral_norm, init_steps=steps),
  )
  vectors = layer.init(jax.random.key(seed), jnp.zeros((1, kernel.shape[0])))['spectral']
  return float(vectors['u'].astype(float) @ kernel.T @ vectors['v'])


def formula(seed, shape=(4, 3)):
  """How far two expressions for the gradient of W / σ(W) are from what jax.jacobian makes of the library's."""
  w = jax.random.normal(jax.random.key(seed), shape)
  layer = Dense(shape[1], use_bias=False, reparameterize=spectral_norm, train=False)
  v, s, u = jnp.linalg.svd(w, full_matrices=False)  # of [in, out], so that v comes first
  vectors = {'u': u[0], 'v': v[:, 0]}

  def normalised(w):
    return layer.apply({'params': {'kernel': w}, 'spectral': vectors}, jnp.eye(shape[0]))

  found = jax.jacobian(normalised)(w)  # [in, out, i, j]
  unit = jnp.eye(math.prod(shape)).reshape(*shape, *shape)
  bar = normalised(w)[:, :, None, None]
  last = (unit - jnp.outer(vectors['v'], vectors['u'])[None, None] * bar) / s[0]
  middle = unit / s[0] - bar / s[0] ** 2
  scale = jnp.max(jnp.abs(found))
  return {
    'last_error': float(jnp.max(jnp.abs(found - last)) / scale),
    'middle_error': float(jnp.max(jnp.abs(found - middle)) / scale),
  }


def operations(config, **constraint):
  """Floating point operations of one update of the deepest critic, as XLA counts them."""
  training = fixed.critic_alone(settings(config, config.depths[-1], **constraint), config.noise)
  play, batch = training.play, {'image': jnp.zeros((256, 2))}
  turn = functools.partial(play_turn, play._replace(game=play.game.clone(axis_name=None)), play.game.turns[0])
  return jax.jit(turn).lower(training.like, batch, jax.random.key(0)).cost_analysis()['flops']


def told(config, measured):
  def of(kind, depth):
    return f'{measured[f"{kind}_{depth}_bound"]:.4g} (slope {measured[f"{kind}_{depth}_slope"]:.3g})'

  first, last = config.depths[0], config.depths[-1]
  return (
    f'From {first} to {last} hidden layers the product of the norms goes from {of("normalised", first)} to '
    f'{of("normalised", last)} where they are normalised, from {of("penalised", first)} to {of("penalised", last)} '
    'with a penalty: it bounds the slope that was found, and tells little of it. The power iteration is off by '
    f'{measured["error_first"]:.1%} after one step, on average of {config.matrices} random matrices, and by '
    f'{measured["error_last"]:.3%} after {config.steps}. From what jax.jacobian finds, the last expression of lecture '
    f'0 is {measured["last_error"]:.0e} of the largest entry away, the middle one, with its first term mended, '
    f'{measured["middle_error"]:.2f}. An update with a penalty takes {measured["cost_penalised"]:.2f} times the '
    f'operations of one without, one with normalised weights {measured["cost_normalised"]:.3f} times.'
  )
