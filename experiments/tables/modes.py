"""Which objectives find all modes: ten seeds of each, trained side by side in one program, as a table.

    python -m experiments.tables.modes [--only='wgan_gp,f-gan: kl'] [--data=25gaussians] [--seeds=10] [--steps=10000]

Every row is the same pair of MLPs, batch and number of rounds on points in the plane; only what its name says differs.
The table kept in docs/modes.md is the output of this command.
"""

import argparse
import time
from typing import Any

import jax
import numpy as np

from experiments.tables.recipes import recipes
from wgan_jax import build
from wgan_jax.diagnose import all_finite
from wgan_jax.metrics.modes import mode_coverage
from wgan_jax.pack import of_several
from wgan_jax.sample import Sampler
from wgan_jax.state import TrainState

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
  config.train.update(steps=steps, rounds_per_dispatch=ROUNDS_PER_DISPATCH)
  return config


def many(config: Any, seeds: int) -> tuple[Any, list[TrainState], np.ndarray]:
  """Trains all seeds in one program: (the game, the state of each, whether each stayed finite [seeds])."""
  configs = [config.copy_and_resolve_references() for _ in range(seeds)]
  for seed, own in enumerate(configs):
    own.seed = seed
  made, dispatcher = of_several(configs, jax.local_devices()[:seeds])
  fresh = dispatcher.fresh(config.data.batch_size)
  state, step, finite = dispatcher.gathered([fresh(i) for i in range(seeds)]), 0, np.ones(seeds, bool)
  while step < config.train.steps and finite.any():
    n = dispatcher.alike(step, config.train.steps - step)
    state, histories = dispatcher.play(state, step, [n if good else 0 for good in finite])
    for i in np.flatnonzero(finite):
      finite[i] = len(next(iter(histories[i].values()))) == n
    step += n
  states = dispatcher.each(state)
  return made[0].play.game, states, finite & [all_finite(of_one) for of_one in states]


def measure(config: Any, seeds: int) -> dict[str, np.ndarray]:
  """{score: [seeds]} of a row, and the seconds that it took."""
  began = time.time()
  game, states, finite = many(config, seeds)
  density, sampler, rows = build.build_source(config).density, Sampler(game, 0, SAMPLES, classes=0), []
  for state in states:
    fake, _ = sampler.draw(state, SAMPLES)
    rows.append(dict(mode_coverage(density.centers, density.sigma, fake)))
  scores = {name: np.array([row[name] for row in rows]) for name in rows[0]}
  return {**scores, 'finite': finite, 'seconds': np.array(time.time() - began)}


def main(argv: list[str] | None = None) -> None:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--only', default='', help='rows, separated by commas; all by default')
  parser.add_argument('--data', default='8gaussians', choices=['8gaussians', '25gaussians', '2gaussians'])
  parser.add_argument('--seeds', type=int, default=10)
  parser.add_argument('--steps', type=int, default=10_000)
  options = parser.parse_args(argv)
  if options.seeds < 1 or options.steps < 1:
    parser.error('--seeds and --steps must be 1 or more')
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
