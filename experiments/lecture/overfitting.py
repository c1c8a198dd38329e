"""The critic's loss on the few digits that it learns from and on digits that it never saw, and an alarm at the parting.

    python launch.py --config=experiments/lecture/overfitting.py [--config.overfitting.sizes="(50,400)"]

How many digits there are to learn from is worth turning; data=mnist, sizes='(1000,)', held_out=50000 takes minutes.
"""

import numpy as np

from experiments import digits_wgan, digits_wgan_gp, gan_digits
from wgan_jax.errors import UserError, look_up
from wgan_jax.evaluators import Look
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.playing import Training
from wgan_jax.watching import held_out_samples, overfitting

ABOUT = About(
  title='A critic that learns its digits by heart',
  lectures=(3,),
  claim='WGAN-GP, and WGAN before it, address overfitting by a loss that means something: compare the negative critic '
  'loss on training and validation images; when the two diverge, we have overfitted.',
  erratum='It is the critic that is found to overfit, which the generator need not follow, and what is found is not '
  'avoided. Nor does it take a WGAN: the discriminator of a GAN can be held against held-out samples just as well.',
  source='Gulrajani et al., Improved Training of Wasserstein GANs, section 5.3 and figure 5b, arXiv:1704.00028. The '
  'alarm is a one-sided Welch test at each look, at 1e-3 divided by the number of looks.',
)
GAMES = {'GAN': gan_digits, 'WGAN': digits_wgan, 'WGAN-GP': digits_wgan_gp}
BOTTOM = ('data', 'axes fraction')


def get_config():
  return numbers(
    __file__,
    games=tuple(GAMES),  # some of these
    data='digits',  # or mnist or fashion_mnist, where they are prepared
    dir='~/tensorflow_datasets',  # where that is
    sizes=(200, 1000),  # digits to learn from
    held_out=1000,  # of all digits, those from this one on are held out
    rounds=800,  # generator updates
    looks=10,  # evenly spread over them
    width=128,  # units of the three hidden layers
    seed=0,
  )


def draw(config, folder):
  del folder
  if not 0 < min(config.sizes) <= max(config.sizes) <= config.held_out:
    raise UserError(f'sizes are {config.sizes}: take some from 1 to held_out, {config.held_out}')
  games = {name: look_up('game', GAMES, name) for name in config.games}
  figure, axes = plots.panels(len(games), len(config.sizes), height=2.6)
  rows, measured = [['', 'digits', 'alarm', 'training, in the end', 'held out', 'p']], {}
  for row, size in zip(axes, config.sizes, strict=True):
    for one, (name, experiment) in zip(row, games.items(), strict=True):
      found = watched(experiment.get_config(), f'{name}, {size:,} digits', size, config)
      opened = found['round'][found['alarm'] > 0]
      shown(one, f'{name}, {size:,} digits', found, opened)
      first = f'round {opened[0]:,.0f}' if len(opened) else 'never'
      rows.append([name, f'{size:,}', first, *(f'{found[key][-1]:.3g}' for key in ('training', 'held_out', 'p'))])
      measured |= {
        f'{name}_{size}_opened': float(opened[0]) if len(opened) else -1.0,
        f'{name}_{size}_gap': float(found['held_out'][-1] - found['training'][-1]),
      }
  plots.legend(figure, handles=axes[0, 0].get_legend_handles_labels()[0], loc='outside upper center', ncols=2)
  return Figure(told(measured, games, config), measured, figure, rows)


def told(measured, games, config):
  def opened(name, size):
    first = measured[f'{name}_{size}_opened']
    return f'at round {first:.0f}' if first >= 0 else 'never'

  alarms = '; '.join(
    f'{name} {", ".join(f"{opened(name, size)} with {size:,} digits" for size in config.sizes)}' for name in games
  )

  def gaps(size):
    return ' / '.join(f'{measured[f"{name}_{size}_gap"]:.2f}' for name in games) + f' with {size:,}'

  return (
    f'The alarm opens: {alarms}. By the last look the loss on held-out digits is above that on training digits by '
    f'{"; ".join(map(gaps, config.sizes))} ({" / ".join(games)}, each in the unit of its own loss).'
  )


def watched(config, name, size, asked):
  """What the alarm says at each look, by name: [looks]."""
  config.seed = asked.seed
  config.data.update(name=asked.data, dir=asked.dir, split=f'train[:{size}]')
  config.log.held_out = f'train[{asked.held_out}:]'
  config.generator.width = config.critic.width = asked.width
  config.train.update(steps=asked.rounds, rounds_per_dispatch=100)
  training = Training(config)
  seen = {key: x[: min(size, config.log.n_held_out)] for key, x in training.real.items()}
  rounds = np.unique(np.linspace(0, asked.rounds, asked.looks + 1).astype(int)).tolist()
  alarm = overfitting.Alarm(training.judge, seen, held_out_samples(config, training.play.game), len(rounds))
  found = [{'round': s.step, **dict(alarm(Look(s.step, s.state, None)))} for s in training.stages(rounds, name)]
  return {key.removeprefix('overfitting/'): np.array([one[key] for one in found]) for key in found[0]}


def shown(axes, title, found, opened):
  axes.plot(found['round'], -found['training'], color=plots.BLUE, marker='o', markersize=3, label='training digits')
  axes.plot(found['round'], -found['held_out'], color=plots.RED, marker='o', markersize=3, label='held-out digits')
  if len(opened):
    axes.axvline(opened[0], color=plots.GREY, linestyle='--', linewidth=1)
    axes.annotate(
      'alarm', (opened[0], 0), (3, 4), xycoords=BOTTOM, textcoords='offset points', color=plots.GREY, size=8
    )
  plots.label(axes, title, 'round', '− critic’s loss')
