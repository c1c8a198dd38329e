"""Which objectives find all modes: ten seeds of each, trained side by side in one program, as a table.

    python -m experiments.tables.modes [--only=wgan_gp,kl] [--data=25gaussians] [--seeds=10] [--steps=10000]

Every row is the same pair of MLPs, batch and number of rounds on points in the plane; only what its name says differs.
The table kept in docs/modes.md is the output of this command.
"""

import argparse
import functools
import time
from typing import Any

import jax
import numpy as np

from experiments import base, base_games
from wgan_jax import build
from wgan_jax.dispatch import starting_state
from wgan_jax.engine import Play, play_round
from wgan_jax.metrics.modes import mode_coverage
from wgan_jax.parallel import AXIS
from wgan_jax.sample import Sampler

ROUNDS_PER_DISPATCH, SAMPLES = 250, 10_000


def duel(objective: str = 'non_saturating', penalty: str = 'none', weight: float = 1.0, **changes: Any) -> Any:
  """The game of two; changes are keys of it by their full names, dots being double underscores."""
  config = base.get_config()
  config.game.update(objective=objective, n_critic=1)
  config.game.penalty.update(name=penalty, weight=weight)
  config.update_from_flattened_dict({name.replace('__', '.'): value for name, value in changes.items()})
  return config


def other(game: dict, **groups: Any) -> Any:
  """Another game, with the networks that it has more."""
  config = duel()
  config.game = game
  for name, group in groups.items():
    config[name] = group
  return config


def five(config: Any) -> Any:
  """The same with five critic updates in a round."""
  config.game.n_critic = 5
  return config


def recipes() -> dict[str, Any]:
  """{row: config}."""
  small = functools.partial(base.network, width=128, depth=2)
  clipped = duel('wasserstein', optimizer__critic_loss__clip_weights=0.1)
  for optimizer in clipped.optimizer.values():
    optimizer.name = 'rmsprop'
  divergences = {
    name: duel('f_gan', game__divergence=name, game__alternative=True)
    for name in ('kl', 'reverse_kl', 'pearson', 'neyman', 'squared_hellinger', 'jeffrey', 'jensen_shannon', 'gan')
  }
  alae = other(
    base_games.alae(),
    mapping=small(),
    encoder=small(),
    optimizer={f'{turn}_loss': base.optimizer() for turn in ('critic', 'generator', 'reconstruction')},
  )
  vae = other(base_games.vae(likelihood='gaussian', sigma=0.05), encoder=small())
  vae.optimizer = dict(negative_elbo=base.optimizer())
  infogan = other(base_games.infogan(categories=8, continuous=0), recognizer=small(depth=0))
  infogan.game.update(objective='non_saturating', n_critic=1)
  infogan.game.penalty.name = 'none'
  lecam = other(base_games.lecam())
  lecam.game.update(objective='hinge', n_critic=1)
  lecam.game.penalty.name = 'none'
  cramer, mmd = (five(other(base_games.of_vectors(name=name, features=16))) for name in ('cramer', 'mmd'))
  cramer.game.penalty.weight = mmd.game.penalty.weight = 0.1
  ebgan, began = (
    other(base_games.autoencoding(name=name, code=8, margin=1.0), decoder=small()) for name in ('ebgan', 'began')
  )
  feature_matching = duel(game__name='feature_matching')
  return {
    'minimax': duel('minimax'),
    'non_saturating': duel(),
    'lsgan': duel('least_squares'),
    'wgan (clip 0.1)': five(clipped),
    'wgan_gp': five(duel('wasserstein', 'gradient_penalty', 0.1)),
    'wgan_gp one-sided': five(duel('wasserstein', 'gradient_penalty', 0.1, game__penalty__sided='one')),
    'hinge + spectral norm': duel('hinge', critic__spectral_norm=True),
    'dragan': duel(penalty='dragan', weight=0.1),
    'non_saturating + r1': duel(penalty='r1', weight=0.1),
    'non_saturating + 0-gp': duel(penalty='zero_centered', weight=0.1),
    'r3gan': duel('relativistic', 'r1_r2', 0.1),
    'instance noise': duel(game__augment__name='instance_noise', game__augment__sigma=0.3),
    **{f'f-gan: {name}': config for name, config in divergences.items()},
    'lecam': lecam,
    'feature_matching': feature_matching,
    'infogan': infogan,
    'ebgan': ebgan,
    'began': began,
    'cramer': cramer,
    'mmd': mmd,
    'alae': alae,
    'vae': vae,
  }


def finish(config: Any, data: str, steps: int) -> Any:
  """What all rows have in common."""
  config.data.update(name=data, batch_size=64)
  config.prior.dim = 8
  for group in ('generator', 'critic'):
    config[group].update(width=128, depth=2)
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=1e-3, decay='linear', b1=0.5, b2=0.99 if optimizer.name == 'rmsprop' else 0.9)
  config.ema.decay = 0.999
  config.train.steps = steps
  return config


def many(play: Play, source: Any, seeds: int, steps: int) -> tuple[Any, np.ndarray]:
  """Trains all seeds in one program: (states [seeds], whether each stayed finite [seeds])."""

  def start(seed):
    return starting_state(play, source, seed, source.feed(0, 1).shape[1])()

  def alone(state, feed, key):
    # One device, which is an axis of length one.
    play_one = jax.vmap(lambda feed: play_round(play, state, feed, key), 1, axis_name=AXIS)
    return jax.tree.map(lambda x: x[0], play_one(feed[:, None]))

  def rounds(states, feed, keys):
    def one(carry, _):
      states, finite = carry
      states, metrics = jax.vmap(alone, (0, None, 0))(states, feed, keys)
      leaves = jax.tree.leaves((states.params, metrics))
      return (states, finite & functools.reduce(lambda a, x: a & finite_rows(x), leaves, True)), None

    return jax.lax.scan(one, (states, jax.numpy.ones(seeds, bool)), length=ROUNDS_PER_DISPATCH)[0]

  def finite_rows(x):
    return jax.numpy.isfinite(x).reshape(seeds, -1).all(axis=1)

  states = jax.jit(jax.vmap(start))(jax.numpy.arange(seeds))
  keys, finite = jax.vmap(jax.random.key)(jax.numpy.arange(seeds)), np.ones(seeds, bool)
  program = jax.jit(rounds, donate_argnums=0)
  feed = source.feed(0, sum(turn.repeats for turn in play.game.turns))
  for _ in range(-(-steps // ROUNDS_PER_DISPATCH)):
    states, good = program(states, feed, keys)
    finite &= np.asarray(good)
  return states, finite


def measure(config: Any, seeds: int) -> dict[str, np.ndarray]:
  """{score: [seeds]} of a row, and the seconds that it took."""
  began = time.time()
  source = build.build_source(config)
  play = build.build_play(config, source.shape)._replace(draw=source.draw)
  states, finite = many(play, source, seeds, config.train.steps)
  sampler = Sampler(play.game, 0, SAMPLES, classes=0)
  rows = []
  for i in range(seeds):
    fake, _ = sampler.draw(jax.tree.map(lambda x, i=i: x[i], states), SAMPLES)
    rows.append(dict(mode_coverage(source.density.centers, source.density.sigma, fake)))
  scores = {name: np.array([row[name] for row in rows]) for name in rows[0]}
  return {**scores, 'finite': finite, 'seconds': np.array(time.time() - began)}


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--only', default='', help='rows, separated by commas; all by default')
  parser.add_argument('--data', default='8gaussians', help='8gaussians, 25gaussians or 2gaussians')
  parser.add_argument('--seeds', type=int, default=10)
  parser.add_argument('--steps', type=int, default=10_000)
  options = parser.parse_args()
  rows = recipes()
  names = options.only.split(',') if options.only else list(rows)
  if unknown := set(names) - set(rows):
    parser.error(f'unknown rows {", ".join(sorted(unknown))}; known: {", ".join(rows)}')
  print('| objective | modes, mean (least) | share within 3 sigma, mean +- std | mode KL | not finite | seconds |')
  print('|---|---|---|---|---|---|')
  for name in names:
    s = measure(finish(rows[name], options.data, options.steps), options.seeds)
    modes, share = f'{s["modes"].mean():.1f} ({s["modes"].min():.0f})', s['hq_share']
    row = f'| {name} | {modes} | {share.mean():.3f} +- {share.std():.3f} | {s["mode_kl"].mean():.3f} |'
    print(f'{row} {np.sum(~s["finite"])} of {options.seeds} | {s["seconds"]:.0f} |', flush=True)


if __name__ == '__main__':
  main()
