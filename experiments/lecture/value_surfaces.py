"""What critics of clipped weights and critics of penalised gradients make of three data sets, trained to the end.

    python launch.py --config=experiments/lecture/value_surfaces.py [--config.value_surfaces.updates=9000]

The generator is fixed: it adds noise to the data. With more updates, see whether penalised critics find the 25.
"""

import functools

import numpy as np

from experiments import toy_wgan, toy_wgan_gp
from wgan_jax import transport
from wgan_jax.data.toy import Mixture
from wgan_jax.lecture import fixed, plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.points import euclidean

ABOUT = About(
  title='Value surfaces of clipped, penalised and best critics',
  lectures=(0, 1, 4),
  claim='Weight clipping is a clearly terrible way to enforce a Lipschitz constraint. It does not truly find the '
  'function that maximises the objective, makes the critic less expressive and the training harder to converge; beside '
  'this lecture 4 has pictures of 8 Gaussians, 25 Gaussians and the swiss roll.',
  source='Gulrajani et al., Improved Training of Wasserstein GANs, Figure 1a and section 3.1: critics that are trained '
  'to the end, against a generator that is fixed at the data plus noise.',
)
DATA = {'8gaussians': '8 Gaussians', '25gaussians': '25 Gaussians', 'swissroll': 'the swiss roll'}
KINDS = {'clipped': 'clipped weights', 'penalised': 'gradient penalty'}
REACH = 2.8  # of the maps, in the unit of the data


def get_config():
  return numbers(
    __file__,
    data=('8gaussians', '25gaussians', 'swissroll'),
    noise=1.0,  # standard deviation of what the fixed generator adds to the data
    clip=0.1,  # c: no weight of the upper critics is larger
    penalty=1.0,  # lambda of the middle ones
    width=128,  # units of each of three hidden layers
    updates=3000,  # of each critic, with 256 samples of each kind
    rate=3e-3,  # of learning, at the start; it falls to 0
    samples=1000,  # of each kind, on which the exact distance is computed
    side=90,  # pixels of a map
    seed=0,
  )


def draw(config, folder):
  del folder
  figure, axes = plots.panels(len(config.data), rows=3, height=3.1)
  grid = np.linspace(-REACH, REACH, config.side, dtype=np.float32)
  places = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
  measured, table = {}, [['critic', 'data', 'estimate', 'exact W₁', 'Lipschitz', 'share', 'relief', 'correlation']]
  for column, data in zip(axes.T, config.data, strict=True):
    for one, kind in zip(column, [*KINDS, 'exact'], strict=True):
      if kind in KINDS:
        training, state, found = trained(config, kind, data)
        critic = functools.partial(training.judge.scores, state, label=None)
        best, others = by_transport(training, state, config.samples)
        found['correlation'] = np.corrcoef(critic(others), best(others))[0, 1]
      else:
        critic, found = best, {'estimate': found['exact'], 'exact': found['exact'], 'lipschitz': 1.0, 'share': 1.0}
      found['relief'] = relief(critic, training.source.density) / found['lipschitz']
      measured.update({f'{data}_{kind}_{key}': value for key, value in found.items()})
      surface(one, critic(places).reshape(config.side, -1), training.real['image'][:500])
      name = KINDS.get(kind, 'exact transport')
      plots.label(one, f'{name.capitalize()}, {DATA.get(data, data)}: {found["share"]:.0%}')
      cells = [f'{found[key]:.3g}' for key in ('estimate', 'exact', 'lipschitz')]
      percents = [f'{found[key]:.0%}' if key in found else '' for key in ('share', 'relief', 'correlation')]
      table.append([name, DATA.get(data, data), *cells, *percents])
  return Figure(told(config, measured), measured, figure, table)


def trained(config, kind, data):
  """(the game, its last state, what is measured of its critic) of one of the two kinds on one of the data sets."""
  experiment = {'clipped': toy_wgan, 'penalised': toy_wgan_gp}[kind]
  given = fixed.settings(experiment, data, config.updates, config.rate, config.seed, width=config.width)
  if kind == 'clipped':
    fixed.clip(given, config.clip)
  given.log.n_evaluate = 2 * config.samples
  given.game.penalty.weight = config.penalty
  training = fixed.critic_alone(given, config.noise)
  *_, stage = training.stages([config.updates], f'{KINDS[kind]}, {DATA.get(data, data)}')
  dual = fixed.duality_of(training, stage.state, config.samples)
  names = {'estimate': 'w1_estimate', 'exact': 'w1_exact', 'lipschitz': 'lipschitz', 'share': 'w1_ratio'}
  return training, stage.state, {ours: dual[theirs] for ours, theirs in names.items()}


def by_transport(training, state, n):
  """(the best critic of n samples of each kind, as many other samples of both)."""
  real, fake = training.real['image'], training.judge.fakes(state, 2 * n, None)
  best = transport.optimal_critic(fake[:n], transport.assignment(transport.cost_matrix(real[:n], fake[:n])).v)
  return best, np.concatenate([real[n : 2 * n], fake[n:]])


def relief(critic, density):
  """How far the critic falls from two neighbours to halfway between them, as a slope: 0 where it is straight."""
  a, b = neighbours(density)
  ends, middle = (critic(a) + critic(b)) / 2, critic((a + b) / 2)
  return float(np.mean((ends - middle) / (np.linalg.norm(a - b, axis=1) / 2)))


def neighbours(density):
  """Pairs [K, 2] and [K, 2] of nearest modes of a mixture, or of places of a roll that lie one turn apart."""
  if isinstance(density, Mixture):
    apart = euclidean(density.centers, density.centers)
    i, j = np.nonzero((apart > 0) & (apart < 1.01 * np.min(apart[apart > 0])))
    return density.centers[i], density.centers[j]
  t = np.linspace(3.5 * np.pi, 4.5 * np.pi, 64)
  return np.asarray(density.curve(t)), np.asarray(density.curve(t - 2 * np.pi))


def surface(axes, values, data):
  """A map in steps of equal height, one picture with the points on it."""
  axes.contourf(values, 16, cmap=plots.HEAT, extent=[-REACH, REACH] * 2, zorder=0)
  plots.points(axes, data, plots.RED, size=3)
  plots.square(axes, REACH)
  axes.set_rasterization_zorder(2)


def told(config, measured):
  def of(kind, key):
    return ', '.join(f'{measured[f"{data}_{kind}_{key}"]:.0%}' for data in config.data)

  return (
    'Each map goes from its own least value, violet, to its own largest, yellow, which is taken for real; red points '
    'are real; percentages are of '
    f'{", ".join(DATA.get(d, d) for d in config.data)}. Of the exact W₁ the clipped critics account for '
    f'{of("clipped", "share")}, the penalised ones for {of("penalised", "share")}, once their scale, the largest slope '
    'that was found, is taken out. From two neighbouring modes, or turns of the roll, to halfway between them a critic '
    f'could fall with that slope: the clipped ones do so by {of("clipped", "relief")} of it, the penalised ones by '
    f'{of("penalised", "relief")}, the best critics of {config.samples} samples of each kind, by exact transport, by '
    f'{of("exact", "relief")}; below 0 they rise instead. On other samples the clipped ones correlate with the best by '
    f'{of("clipped", "correlation")}, the penalised ones by {of("penalised", "correlation")}.'
  )
