"""Eight Gaussians on a ring: a GAN that goes from mode to mode, and one whose generator looks ahead.

    python launch.py --config=experiments/lecture/mode_collapse.py [--config.mode_collapse.ahead=10]

Turn ahead, the updates of the critic that the unrolled generator foresees; with 1 it foresees hardly anything.

Of ten other settings of rates (3e-4 to 1e-3, 3e-4 to 1e-2), sigma (0.1 to 0.3) and width (32, 64), tried on 2 shared
CPU cores, 2026-11-26, seed 0, none made the plain GAN sit on a few modes: it missed them, or learned all eight. Nearest
was --config.mode_collapse.sigma=0.3 --config.mode_collapse.critic_rate=1e-3 --config.mode_collapse.generator_rate=1e-2:
4, 4, 2, 5 and 8 modes at the five looks, with 68, 77, 58, 54 and 86 % of the samples within 3 sigma.
"""

import numpy as np

from experiments import unrolled_toy
from wgan_jax.data.toy import Mixture, eight_gaussians, toy_source
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.playing import Training
from wgan_jax.metrics.modes import mode_coverage
from wgan_jax.prepare import prepare

ABOUT = About(
  title='Mode collapse, stage by stage, and a generator that looks ahead',
  lectures=(2,),
  claim='Mode collapse: the generator models very well a small sub-population, concentrating on a few modes of the '
  'data distribution.',
  source='Metz, Poole, Pfau & Sohl-Dickstein, Unrolled Generative Adversarial Networks, 2017, figure 2. A sample is '
  'counted within 3 σ of the nearest mode, and a mode that has such a sample is found: above each panel, how many and '
  'which share. An unrolled generator descends its loss against the critic of some updates later, and through these '
  'updates.',
)


MOST = 20  # stages


def get_config():
  return numbers(
    __file__,
    stages=5,  # looks at each game
    rounds=500,  # between two looks
    ahead=5,  # updates of the critic that the unrolled generator foresees
    foreseen_rate=0.03,  # of these
    critic_rate=3e-4,  # Adam's
    generator_rate=3e-3,
    sigma=0.1,  # of each mode, on a ring of radius 1.41
    width=32,  # units of two hidden layers
    samples=2000,  # at each look
    seed=0,
  )


def draw(config, folder):
  del folder
  if config.stages > MOST:
    raise UserError(f'stages={config.stages}: at most {MOST} have room beside each other')
  rounds = [config.rounds * i for i in range(1, config.stages + 1)]
  data = Mixture(eight_gaussians().centers, config.sigma)
  figure, axes = plots.panels(config.stages, len(GAMES), height=9.6 / config.stages + 0.4)
  measured, rows = {'rates': config.generator_rate / config.critic_rate}, []
  for row, (name, game) in zip(axes, GAMES.items(), strict=True):
    looks = list(played(config, data, name, game, rounds))
    scores = [dict(mode_coverage(data.centers, data.sigma, fakes)) for _, fakes in looks]
    for one, (step, fakes), score in zip(row, looks, scores, strict=True):
      plots.points(one, data.centers, plots.REAL, size=60)
      plots.points(one, fakes, plots.FAKE, size=2)
      plots.square(one, REACH)
      plots.label(one, f'{score["modes"]:.0f} of 8 modes, {score["hq_share"]:.0%}', f'round {step:,}')
    row[0].set_ylabel(name, color=plots.INK, fontsize=9)
    shares = np.array([shares_of(data, fakes) for _, fakes in looks])
    far = [np.mean(np.abs(fakes).max(axis=1) > REACH) for _, fakes in looks]
    measured |= {f'far, {name}': max(far), f'nearest, {name}': max(score['hq_share'] for score in scores)}
    measured |= {f'modes, {name}': np.mean([score['modes'] for score in scores])}
    measured |= {f'moved, {name}': np.abs(np.diff(shares, axis=0)).sum(1).mean() / 2 if len(looks) > 1 else 0.0}
    measured |= {f'last {key}, {name}': scores[-1][key] for key in ('modes', 'hq_share', 'mode_kl')}
    rows.append([name, *(f'{score["modes"]:.0f}; {score["hq_share"]:.3f}' for score in scores)])
  head = ['modes found; share within 3 σ', *(f'round {step:,}' for step in rounds)]
  return Figure(told(measured, config), measured, figure, [head, *rows])


REACH = 2.4  # of the picture
GAMES = {'GAN': 'adversarial', 'unrolled GAN': 'unrolled'}


def shares_of(data, fakes):
  """How the samples [N, 2] are shared among the modes, each to the nearest: [K]."""
  nearest = np.argmin(np.linalg.norm(fakes[:, None] - data.centers[None], axis=-1), axis=1)
  return np.bincount(nearest, minlength=len(data.centers)) / len(fakes)


def told(m, c):
  def of(name):
    return (
      f'{m[f"modes, {name}"]:.1f} modes on average over the looks, from one to the next of which '
      f'{m[f"moved, {name}"]:.0%} of its samples move to another mode; in the end it has '
      f'{m[f"last modes, {name}"]:.0f} of 8 modes and {m[f"last hq_share, {name}"]:.1%} of its samples within 3 σ, '
      f'at its best look {m[f"nearest, {name}"]:.1%}, and at its worst {m[f"far, {name}"]:.1%} outside of the frame'
    )

  well = m['nearest, GAN'] >= 0.5
  against = '' if well else 'That is no sub-population modelled very well: at no look were half of them near modes. '

  return (
    f'Among {c.samples:,} samples the GAN has found {of("GAN")}. {against}The same game with a generator that foresees '
    f'{c.ahead} updates of the critic has found {of("unrolled GAN")}. Both have the loss that does not saturate; the '
    f'rate of the generator is {m["rates"]:.1f} times that of the critic.'
  )


def played(c, data, name, game, rounds):
  """(round, samples [N, 2]) at each look."""
  config = unrolled_toy.get_config()
  config.game.name = game
  config.game.unrolled.update(ahead=c.ahead, rate=c.foreseen_rate)
  config.seed = c.seed
  for network in (config.generator, config.critic):
    network.width = c.width
  config.optimizer.critic_loss.learning_rate = c.critic_rate
  config.optimizer.generator_loss.learning_rate = c.generator_rate
  for optimizer in config.optimizer.values():
    optimizer.decay = 'constant'
  config.ema.decay = 0.0  # players are seen as they play
  config.train.update(steps=rounds[-1], rounds_per_dispatch=250, devices=1)
  training = Training(config, prepare(config, toy_source(data, config.data.batch_size)))
  for stage in training.stages(rounds, name):
    yield stage.step, training.sampler.draw(stage.state, c.samples)[0]
