"""Training a run from wherever it stands to its end."""

import shutil
from typing import Any

import jax
import numpy as np

from wgan_jax import evaluators, hosts, parallel, remote, status, summary, watching, workdir
from wgan_jax.clock import Clock
from wgan_jax.dispatch import Dispatcher, pick_devices, starting_state
from wgan_jax.looks import Looks
from wgan_jax.member import Member
from wgan_jax.prepare import identity, prepare
from wgan_jax.progress import Progress, say
from wgan_jax.state import TrainState
from wgan_jax.stop import Stop, Stopped

SECONDS_PER_DISPATCH = 1.0  # how long a signal or a new line of progress may wait


def train(config: Any, path: str) -> int:
  """Trains what `config` says in the folder `path`, going on from where that folder stands.

  Returns:
    The exit status of `status.DONE`, or of `status.PREEMPTED` when a signal asked to stop and everything is saved.
  """
  made = prepare(config)
  play, devices = made.play, pick_devices(config.train.devices, config.data.batch_size, config.train.accumulate)
  size = config.data.batch_size // (len(devices) * play.accumulate)
  fresh = jax.jit(starting_state(play, made.shown, config.seed, size))
  jax.eval_shape(fresh)  # which calls every loss: what one refuses is told before a folder is claimed
  if play.game.asks:  # more, for a classifier to learn from
    n = max(config.log.n_evaluate, config.log.n_classifier)
    made = made._replace(real=evaluators.real_samples(made.source, n))
  held_out = watching.held_out_samples(config, play.game)
  clock = Clock()
  with workdir.claimed(path, identity(config, made.source)) as folder, status.failures(folder), Stop() as stop:
    with clock.measure('set-up'):
      member = Member(config, made, held_out, folder, devices, clock)
      state = parallel.everywhere(member.restore(jax.eval_shape(fresh)) or fresh(), devices)
    capacity = min(config.train.rounds_per_dispatch, config.train.steps)
    dispatcher = Dispatcher(play, made.shown, config.seed, devices, capacity)
    member.start(int(state.step), devices)
    say(_headline(member, made, state, devices))
    if member.step == 0:
      of = play.game, made.shown, config.data.batch_size
      say(summary.parameter_tables(*of, depth=0, width=shutil.get_terminal_size((120, 24)).columns))
    Run(member, state, dispatcher, clock).loop(stop)
  if not member.done:
    say(f'{stop.asked()}: saved at round {member.step:,}; the same command goes on from there')
    return status.EXIT[status.PREEMPTED]
  say(f'done: {remote.origin(folder) / "report.html"}')
  return status.EXIT[status.DONE]


def _headline(member, made, state, devices):
  sizes = [f'{name} {sum(x.size for x in jax.tree.leaves(tree)):,}' for name, tree in state.params.items()]
  return (
    f'{member.config.data.name} ({"x".join(map(str, made.shown.shape))}) on {len(devices)} x {devices[0].device_kind}; '
    f'parameters: {", ".join(sizes)}; '
    f'round {member.step:,} of {member.config.train.steps:,} in {remote.origin(member.folder)}'
  )


class Run:
  """Plays the rounds of a member, and has it look at itself in between.

  Args:
    member: that has started.
    state: that it stands at.
    dispatcher: plays its rounds.
    clock: tells where the time goes.
  """

  def __init__(self, member: Member, state: TrainState, dispatcher: Dispatcher, clock: Clock):
    config = member.config
    self._member, self._state, self._dispatcher, self._clock = member, state, dispatcher, clock
    self._steps, self._looks = config.train.steps, Looks.of(config)
    self._progress = Progress(member.step, self._steps, dispatcher.minibatches * config.data.batch_size)

  def loop(self, stop: Stop) -> None:
    """Plays what is left, or until `stop` is asked for, and leaves everything on disk."""
    member = self._member
    try:
      while not (member.done or stop.asked()):
        if self._looks.at(member.step) and not member.looked:
          member.look(self._state)
        else:
          self._play_some()
    except Stopped:  # while it looked, which the next start does anew
      pass
    finally:
      self._progress.close()
    member.finish(self._state)

  def _play_some(self) -> None:
    step = self._member.step
    n = min(self._looks.after(step) - step, self._clock.rounds_in(SECONDS_PER_DISPATCH))
    n = self._dispatcher.alike(step, int(hosts.agreed(np.int32(n))))
    compiled = self._dispatcher.compiled(step)
    with self._clock.rounds(n, compiled):
      self._state, history = self._dispatcher(self._state, step, n)
    metrics = self._member.record(history, self._state)
    if not compiled:
      self._progress.restart_clock(self._member.step)
    self._progress.update(self._member.step, metrics)
