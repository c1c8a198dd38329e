"""A critic that learns measures a divergence, from below, unless it learns its samples by heart.

    python launch.py --config=experiments/lecture/estimated_divergence.py [--config.estimated_divergence.points=1000]

With more points the estimate on them and the truth come together.
"""

import jax
import jax.numpy as jnp
import numpy as np

from experiments import toy_wgan_gp
from wgan_jax import discrete
from wgan_jax.build import DIVERGENCES
from wgan_jax.errors import UserError
from wgan_jax.lecture import known, plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='A critic that learns measures the divergence',
  lectures=(4,),
  claim='Using the f-GAN approach, one can estimate any f-divergence.',
  erratum='With a qualification: the bound lies below the divergence when the expectations in it are those of P and Q. '
  'On the very samples that the critic learned from it may be above, and grow as long as the critic learns them by '
  'heart: KL from finitely many points to a density is infinite.',
  source='Nowozin et al., f-GAN (2016), Eq. 4; Nguyen, Wainwright & Jordan, Estimating divergence functionals (2010).',
)
NAMES = {name: known.LOOKS[name] for name in ('kl', 'reverse_kl', 'jensen_shannon', 'squared_hellinger')}
LOOKS = 40  # during each training


def get_config():
  return numbers(
    __file__,
    shift=1.0,  # of the mean of Q, a Gaussian, from that of P, the standard one
    width=1.2,  # standard deviation of Q
    points=100,  # of P in the right panel, which is all that its second critic ever sees of P
    rounds=3000,  # critic updates
    units=64,  # in each of the critic's two layers
    batch_size=256,  # samples of P, and of Q, in an update
    seed=0,
  )


def draw(config, folder):
  del folder
  if not 0.5 <= config.width <= 2 or abs(config.shift) > 3:
    raise UserError('give Q a width from 0.5 to 2 and a shift of at most 3')
  x = np.linspace(-20, 20, known.PLACES)
  data, other = (known.Normals((1.0,), (mean,), (width,)) for mean, width in ((0.0, 1.0), (config.shift, config.width)))
  p, q = data.masses(x), other.masses(x)
  figure, axes = plots.panels(2, height=4.0)
  left, right = axes[0]
  measured, rows = {}, []
  for name, look in NAMES.items():
    truth = discrete.f_divergence(DIVERGENCES[name], p, q)
    looks = list(trained(config, name, data))
    bounds = np.array([bound(name, p, q, critic(x)) for _, critic, _ in looks])
    left.semilogx([step for step, *_ in looks], bounds / truth, **look.options)
    measured |= {f'{name}_truth': truth, f'{name}_bound': bounds[-1], f'{name}_highest': bounds.max()}
    rows.append([look.title, f'{truth:.4f}', f'{bounds[-1]:.4f}', f'{bounds.max() - truth:.4f}'])
    if name == 'kl':
      fresh = looks, bounds
  left.axhline(1, color=plots.INK, linewidth=0.8, linestyle=':')
  left.set_ylim(0, 1.1)
  plots.label(left, 'The bound of a critic in training', 'updates of the critic', 'share of the divergence')
  plots.legend(left, loc='lower right')
  measured |= by_heart(config, right, data, x, p, q, fresh)
  head = ['divergence', 'truth', 'bound after training', 'highest bound less truth']
  return Figure(told(measured), measured, figure, [head, *rows])


def trained(config, name, data):
  """(updates, critic, minibatches' bounds since the last look): the critic is a function of places."""
  settings = known.settings(toy_wgan_gp, config, name, n_critic=1, generator_rate=0.0)
  training = known.against(settings, data, config.shift, config.width)
  looks = np.unique(np.geomspace(1, config.rounds, LOOKS).astype(int)).tolist()
  for step, state, history in training.stages(looks, NAMES[name].title):

    def critic(x, state=state):
      return training.judge.scores(state, np.float32(x)[:, None], None)

    yield step, critic, history['divergence_bound']


def bound(name, p, q, logits):
  return float(np.sum(p * outputs(name, logits)) - cost(name, q, logits))


def outputs(name, logits):
  with jax.enable_x64(True):
    return np.asarray(DIVERGENCES[name].activation(jnp.asarray(logits)))


def cost(name, q, logits):
  with jax.enable_x64(True):
    return float(np.sum(q * np.asarray(DIVERGENCES[name].of_logits(jnp.asarray(logits)))))


def by_heart(config, axes, data, x, p, q, fresh):
  """Draws KL's critic of fresh samples beside one that sees the same points again and again; what was measured."""
  looks, bounds = fresh
  batches = np.concatenate([history for *_, history in looks])
  points = known.Points(np.asarray(data.sample(jax.random.split(jax.random.key(config.seed), config.points))))
  steps, critics, _ = zip(*trained(config, 'kl', points), strict=True)
  really = np.array([bound('kl', p, q, critic(x)) for critic in critics])
  claimed = [np.mean(outputs('kl', c(points.x[:, 0]))) - cost('kl', q, c(x)) for c in critics]
  axes.scatter(1 + np.arange(len(batches)), batches, s=1, color=plots.GREY, linewidths=0, alpha=0.5, rasterized=True)
  axes.plot([], [], 'o', color=plots.GREY, markersize=3, label='on each minibatch, of fresh samples')
  axes.semilogx(steps, bounds, color=plots.BLUE, label='of that critic, by quadrature')
  axes.plot(steps, claimed, color=plots.RED, label=f'on {config.points:,} points, seen again and again')
  axes.plot(steps, really, '--', color=plots.RED, label='of that critic, by quadrature')
  truth = discrete.f_divergence(DIVERGENCES['kl'], p, q)
  axes.axhline(truth, color=plots.INK, linewidth=0.8, linestyle=':', label='KL(P‖Q)')
  axes.set_ylim(-0.3 * truth, 1.1 * max(truth, *claimed, np.quantile(batches, 0.999)))
  plots.label(axes, 'KL: fresh samples, and few', 'updates of the critic', 'bound, nats')
  plots.legend(axes)
  above = float(np.mean(np.asarray(batches[len(batches) // 2 :]) > truth))
  return {'claimed': claimed[-1], 'really': really[-1], 'best_of_few': really.max(), 'batches_above': above}


def told(m):
  return (
    f'After training the bounds are {m["kl_bound"]:.4f} of {m["kl_truth"]:.4f} for KL, {m["reverse_kl_bound"]:.4f} of '
    f'{m["reverse_kl_truth"]:.4f} for reverse KL, {m["jensen_shannon_bound"]:.4f} of {m["jensen_shannon_truth"]:.4f} '
    f'for twice Jensen-Shannon and {m["squared_hellinger_bound"]:.4f} of {m["squared_hellinger_truth"]:.4f} for '
    'squared Hellinger; none was above at any look. Single minibatches tell more than the truth in '
    f'{m["batches_above"]:.0%} of the second half of the updates. The critic of few points claims {m["claimed"]:.4f} '
    f'on them; its bound is really {m["really"]:.4f}, and was {m["best_of_few"]:.4f} when it was best.'
  )
