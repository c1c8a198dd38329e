"""Rounds per second of many toy GANs in one program, against a loop of the same runs one after another.

    python -m experiments.benchmarks.replicas [--most=1024] [--recipe=non_saturating] [--repeats=3]

Every run is a pair of MLPs of 3 x 64 units on 8 Gaussians, batch 64, in a recipe of experiments/tables/recipes.py.
Runs in one program and runs one after another take turns, so that what slows the machine down slows both; of each the
best of the repeats counts. `whole` compares the time from the config to the last round of short runs, with what a start
costs (data, tracing, compiling, the first state): N starts, of which one is measured, against a single one.

Measured on two cores of an Intel Xeon that were busy with other work too, jax 0.10.2, 2026-11-26, default arguments:
1, 4, 16 and 64 runs make 2,304, 3,235, 2,526 and 2,974 rounds/s in one program and 2,771, 2,949, 3,124 and 3,226 in a
loop, 0.8 to 1.1 times as many; whole runs of 1,000 rounds are 0.5, 2.3, 5.0 and 13.8 times as fast. On a CPU such a
round is bound by arithmetic when it is played alone already, at about a third of the rate of large products of
matrices, so what one program saves there are the starts. Not yet measured on an accelerator.
"""

import argparse
import os
import time

import jax
import numpy as np

from experiments.tables.modes import finish
from experiments.tables.recipes import recipes
from wgan_jax.dispatch import Dispatcher, starting_state
from wgan_jax.pack import of_several
from wgan_jax.parallel import everywhere

ROUNDS, WHOLE = 50, 1_000  # of a dispatch, of a short run
HEAD = 'runs', 'one program, rounds/s', 'a loop, rounds/s', 'ratio', f'whole, {WHOLE:,} rounds each: ratio'


def config_of(recipe, seed):
  config = finish(recipes()[recipe], '8gaussians', 10_000)
  config.seed = seed
  config.train.rounds_per_dispatch = ROUNDS
  return config


class Many:
  """N runs in one program."""

  def __init__(self, recipe: str, n: int):
    began = time.perf_counter()
    configs = [config_of(recipe, seed) for seed in range(n)]
    devices = jax.local_devices()[:n]
    _, self._dispatcher = of_several(configs, devices)
    fresh = self._dispatcher.fresh(configs[0].data.batch_size)
    self._n, self._state = n, self._dispatcher.gathered([fresh(i) for i in range(n)])
    self.rounds()
    self.seconds_to_start = time.perf_counter() - began

  def rounds(self) -> None:
    """Plays a dispatch of each."""
    self._state, _ = self._dispatcher.play(self._state, 0, [ROUNDS] * self._n)


class One:
  """A run by itself, on one device."""

  def __init__(self, recipe: str):
    began = time.perf_counter()
    config, devices = config_of(recipe, 0), jax.local_devices()[:1]
    made = of_several([config], devices)[0][0]
    state = jax.jit(starting_state(made.play, made.shown, 0, config.data.batch_size))()
    self._state = everywhere(state, devices)
    self._dispatcher = Dispatcher(made.play, made.shown, 0, devices, ROUNDS)
    self.rounds()
    self.seconds_to_start = time.perf_counter() - began

  def rounds(self) -> None:
    """Plays a dispatch."""
    self._state, _ = self._dispatcher(self._state, 0, ROUNDS)


def timed(run) -> float:
  """Seconds."""
  began = time.perf_counter()
  run()
  return time.perf_counter() - began


def row(recipe: str, n: int, repeats: int) -> list[str]:
  """One line of the table."""
  many, one, turns = Many(recipe, n), One(recipe), max(1, min(n, 8))
  times = [(timed(many.rounds), min(timed(one.rounds) for _ in range(turns))) for _ in range(repeats)]
  of_many, of_one = (min(column) for column in zip(*times, strict=True))
  dispatches = WHOLE // ROUNDS
  whole = n * (one.seconds_to_start + dispatches * of_one) / (many.seconds_to_start + dispatches * of_many)
  together, loop = n * ROUNDS / of_many, ROUNDS / of_one
  return [f'{n:,}', f'{together:,.0f}', f'{loop:,.0f}', f'{together / loop:.2f}', f'{whole:.1f}']


def main(argv: list[str] | None = None) -> None:
  parser = argparse.ArgumentParser(description='Rounds per second of many toy GANs in one program.')
  parser.add_argument('--most', type=int, default=64, help='runs in one program, at most')
  parser.add_argument('--recipe', default='non_saturating', choices=list(recipes()))
  parser.add_argument('--repeats', type=int, default=3)
  asked = parser.parse_args(argv)
  cores = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
  device = jax.local_devices()[0]
  print(
    f'{jax.local_device_count()} x {device.device_kind}, {cores} CPU cores, jax {jax.__version__}; {asked.recipe}\n'
  )
  print(f'| {" | ".join(HEAD)} |\n|{"---|" * len(HEAD)}')
  for n in (int(n) for n in 4 ** np.arange(6) if n <= asked.most):
    print(f'| {" | ".join(row(asked.recipe, n, asked.repeats))} |', flush=True)


if __name__ == '__main__':
  main()
