"""Which objectives find all modes: ten seeds of each, trained side by side in one program, as a table.

    python -m experiments.tables.modes [--only='wgan_gp,f-gan: kl'] [--data=25gaussians] [--seeds=10] [--steps=10000]

Every row is the same pair of MLPs, batch and number of rounds on points in the plane; only what its name says differs.
The table kept in docs/modes.md is the output of this command.
"""

import argparse
import functools
import time
from typing import Any

import jax
import numpy as np

from experiments.tables.recipes import recipes
from wgan_jax import build
from wgan_jax.dispatch import starting_state
from wgan_jax.engine import Play, play_round
from wgan_jax.metrics.modes import mode_coverage
from wgan_jax.parallel import AXIS
from wgan_jax.sample import Sampler

ROUNDS_PER_DISPATCH, SAMPLES = 250, 10_000


def finish(config: Any, data: str, steps: int) -> Any:
  """What all rows have in common."""
  config.data.update(name=data, batch_size=64)
  config.prior.dim = 2
  for group in ('generator', 'critic'):
    config[group].update(width=64, depth=3)
  for optimizer in config.optimizer.values():
    optimizer.update(decay='linear', b1=0.5, b2=0.99 if optimizer.name == 'rmsprop' else 0.9)
  config.ema.decay = 0.99  # longer ones blur a generator that circles
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


def main(argv: list[str] | None = None) -> None:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--only', default='', help='rows, separated by commas; all by default')
  parser.add_argument('--data', default='8gaussians', choices=['8gaussians', '25gaussians', '2gaussians'])
  parser.add_argument('--seeds', type=int, default=10)
  parser.add_argument('--steps', type=int, default=10_000)
  options = parser.parse_args(argv)
  if options.seeds < 1 or options.steps < 1 or options.steps % ROUNDS_PER_DISPATCH:
    parser.error(f'--seeds must be 1 or more, and --steps a multiple of {ROUNDS_PER_DISPATCH}')
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
