"""A training that several figures look at: its states are kept, so that the first one trains and the others read."""

import pathlib
from typing import Any

from wgan_jax.checkpoint import Checkpoints
from wgan_jax.lecture.fingerprint import of_training
from wgan_jax.lecture.playing import Stage, Training
from wgan_jax.progress import say

DIGITS = 16  # of the fingerprint, which name a folder


def kept(config: Any, folder: pathlib.Path) -> tuple[Training, list[Stage]]:
  """What an experiment's config trains, and its states every checkpoint.every_steps and at the end, without history.

  What is in `folder` already, of this config and this code, is read; a training that was killed goes on from there, and
  what is torn is set aside and trained again, to the same bits.
  """
  training, home = Training(config), folder / of_training(config)[:DIGITS]
  rounds = [*range(0, config.train.steps, config.checkpoint.every_steps), config.train.steps]
  found = {n: state for n in rounds if (state := _store(home, n).restore(training.like, say))}
  missing = [n for n in rounds if n not in found]
  before = [n for n in found if n < min(missing, default=0)]
  start = found[before[-1]] if before else None
  for stage in training.stages(missing, f'{config.generator.name} on {config.data.name}', start) if missing else []:
    store = _store(home, stage.step)
    store.save(stage.step, stage.state, {})
    store.close()
    found[stage.step] = stage.state
  return training, [Stage(n, found[n], {}) for n in rounds]


def kept_of(config: Any, seed: int, rounds: int, folder: pathlib.Path) -> tuple[Training, list[Stage]]:
  """`kept` of an experiment's config, in which seed and number of rounds are set to what a figure asks for."""
  config.seed, config.train.steps = seed, rounds
  return kept(config, folder)


def _store(home, n):
  """A folder for each round, so that one can be written anew whatever came after it."""
  return Checkpoints(home / f'round-{n}', 1, '', True)
