"""A run that is looked at after the fact, sampled or evaluated, while it may go on training."""

import pathlib
import re
import sys
from typing import Any, NamedTuple

import jax

from wgan_jax import agreement, checkpoint_read, evaluators, hosts, remote, workdir
from wgan_jax.dispatch import starting_state
from wgan_jax.errors import UserError
from wgan_jax.prepare import Prepared, identity, prepare
from wgan_jax.progress import say
from wgan_jax.state import TrainState

# How keys begin that decide when a run stops and what it writes, and not what its networks or sources are.
FREE = ('train.', 'log.every_steps', 'log.samples_every_steps', 'log.n_samples', 'checkpoint.')


class Restored(NamedTuple):
  """folder: of the run, to write in. prepared: its data and game. step, state: of one of its checkpoints."""

  folder: pathlib.Path
  prepared: Prepared
  step: int
  state: TrainState


def restored(config: Any, path: str, which: str) -> Restored:
  """The run in the folder `path`, of which nothing is changed.

  Args:
    config: of the run.
    which: 'newest', 'best' by checkpoint.best, or the round of a checkpoint.

  Raises:
    UserError: when there is no run, none of this config, or no such checkpoint.
  """
  folder = remote.copy(path)
  checkpoints = remote.origin(folder) / 'checkpoints'
  if not hosts.told(checkpoints.is_dir):
    raise UserError(f'no checkpoint in {path}: train it first, {training_command(sys.argv)}')
  prepared = prepare(config)
  asked_for = identity(config, prepared.source)
  agreement.check_config(asked_for)
  hosts.told(lambda: workdir.opened(folder, asked_for, FREE) and None)
  fresh = starting_state(prepared.play, prepared.shown, config.seed, config.data.batch_size)

  def rank(scores):
    name = config.checkpoint.best or next(iter(scores), '')
    sign = 1 if name in evaluators.HIGHER_IS_BETTER else -1
    return sign * scores[name] if name in scores else float('-inf')

  like = jax.eval_shape(fresh)
  found = hosts.found(lambda: checkpoint_read.read(checkpoints, like, which, rank, say), like)
  if found is None:
    raise UserError(f'no checkpoint in {path} that can be read: train on, {training_command(sys.argv)}')
  return Restored(hosts.writable(folder), prepared, *found)


def training_command(argv: list[str]) -> str:
  """The command that trains what a command was to look at."""
  rest = re.sub(r'(?m)^--?(mode|config\.(sample|evaluate)\.[\w.]+)[=\n].*\n?', '', '\n'.join(argv[1:]))
  return ' '.join(['python launch.py', *rest.split('\n')]).strip()
