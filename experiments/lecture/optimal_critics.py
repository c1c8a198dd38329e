"""The best critic of each f-divergence and the activation that keeps a critic in its domain.

    python launch.py --config=experiments/lecture/optimal_critics.py [--config.optimal_critics.shift=0.5]

Move the two Gaussians together: the curves of the best critics flatten towards f'(1), where p = q.
"""

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.build import DIVERGENCES
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.known import LOOKS, Normals

ABOUT = About(
  title='The best critics of eight divergences, and their activations',
  lectures=(4,),
  claim='The critic is T = g_f(V), where the last layer V may be any number and the activation g_f keeps T where the '
  'conjugate f* is finite; the choice of g_f is somewhat arbitrary. The best T is T* = f′(p/q).',
  source='Nowozin et al., f-GAN (2016), tables 2 and 6. All activations here rise with V, so that a large V means '
  'data; KL, Pearson and Jeffrey share one, and so do Neyman and squared Hellinger.',
)
LARGEST = 40.0  # logit that is looked at


def get_config():
  return numbers(
    __file__,
    shift=2.0,  # of the mean of Q, a Gaussian, from that of P, both of width 1
    reach=3.0,  # of the picture's values of T and V, from 0
  )


def draw(config, folder):
  del folder
  x, v = np.linspace(-config.reach, config.shift + config.reach, 201), np.linspace(-config.reach, config.reach, 201)
  p, q = (Normals((1.0,), (mean,), (1.0,)).density(x) for mean in (0.0, config.shift))
  figure, axes = plots.panels(2, 2, height=3.4)
  (ratios, places), (activations, conjugates) = axes
  measured, errors = {}, []
  u = np.geomspace(0.05, 20, 201)
  with jax.enable_x64(True):
    for name, look in LOOKS.items():
      row, options = DIVERGENCES[name], look.options
      ratios.semilogx(u, row.optimal(u), **options)
      places.plot(x, row.optimal(p / q), **options)
      activations.plot(v, row.activation(jnp.asarray(v)), **options)
      conjugates.plot(v, row.of_logits(jnp.asarray(v)), **options)
      found = row.activation(best_logits(row, u))
      errors.append(np.max(np.abs(found - row.optimal(u)) / (1 + np.abs(row.optimal(u)))))
      measured[f'{name}_undecided'] = float(row.activation(jnp.asarray(row.undecided, float)))
  crossing = config.shift / 2  # of two Gaussians of one width
  for one, where in ((ratios, 1), (places, crossing)):
    one.axvline(where, color=plots.INK, linewidth=0.8, linestyle=':')
  for one in axes.flat:
    one.set_ylim(-config.reach, config.reach)
  plots.label(ratios, 'Best critics T* = f′(u)', 'ratio of densities u = p/q', 'T*')
  plots.label(places, f'The same for N(0, 1) and N({config.shift:g}, 1)', 'place x', 'T*(x)')
  plots.label(activations, 'Activations g_f', 'last layer V', 'T = g_f(V)')
  plots.label(conjugates, 'What a generated sample costs the critic', 'last layer V', 'f*(g_f(V))')
  plots.legend(figure, handles=ratios.get_legend_handles_labels()[0], loc='outside lower center', ncols=4)
  measured |= {'crossing': crossing, 'error': max(errors)}
  return Figure(told(measured), measured, figure)


def best_logits(row, u):
  """The V that maximise u g(V) - f*(g(V)) for each u, found without f', by bisection of the slope's sign."""
  gain = jax.jit(jax.vmap(jax.grad(lambda v, u: u * row.activation(v) - row.of_logits(v))))
  low, high = jnp.full(u.shape, -LARGEST), jnp.full(u.shape, LARGEST)
  for _ in range(60):
    middle = (low + high) / 2
    rises = gain(middle, jnp.asarray(u)) > 0
    low, high = jnp.where(rises, middle, low), jnp.where(rises, high, middle)
  return (low + high) / 2


def told(m):
  return (
    f'Maximised place by place over V, without the use of f′, u g(V) − f*(g(V)) is largest where g(V) = f′(u), within '
    f'{m["error"]:.1e} of it in all eight rows. A sample that is as likely real as generated, here x = '
    f'{m["crossing"]:.2f}, has T* = f′(1): {m["kl_undecided"]:.3f} for KL, {m["reverse_kl_undecided"]:.3f} for reverse '
    f'KL, {m["gan_undecided"]:.4f} for the GAN, and {m["pearson_undecided"]:.3f} for the other five. So f′(1) is '
    'the threshold between real and generated, and it is 0 only for these five.'
  )
