"""Training a run from wherever it stands to its end."""

import shutil
from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import numpy as np

from wgan_jax import hosts, parallel, remote, status, summary, watching, workdir
from wgan_jax.clock import Clock
from wgan_jax.dispatch import Dispatcher, pick_devices, starting_state
from wgan_jax.errors import UserError
from wgan_jax.looks import Looks
from wgan_jax.member import Member
from wgan_jax.prepare import identity, prepare, prepare_scores
from wgan_jax.progress import Progress, say
from wgan_jax.scoring import Tools
from wgan_jax.stop import Stop, Stopped

SECONDS_PER_DISPATCH = 1.0  # how long a signal or a new line of progress may wait


def train(config: Any, path: str) -> int:
  """Trains what `config` says in the folder `path`, going on from where that folder stands.

  Returns:
    The exit status of `status.DONE`, or of `status.PREEMPTED` when a signal asked to stop and everything is saved.

  Raises:
    UserError: when that is not a run's folder, or `config` describes none.
  """
  if remote.holds(path, remote.UNITS):
    raise UserError(f'{path} holds many runs: choose another --workdir=, or add --sweep= or --config.replicas= again')
  made = prepare(config)
  play, devices = made.play, pick_devices(config.train.devices, config.data.batch_size, config.train.accumulate)
  size = config.data.batch_size // (len(devices) * play.accumulate)
  fresh = jax.jit(starting_state(play, made.shown, config.seed, size))
  jax.eval_shape(fresh)  # which calls every loss: what one refuses is told before a folder is claimed
  made = prepare_scores(config, made)
  held_out = watching.held_out_samples(config, play.game)
  clock = Clock()
  with workdir.claimed(path, identity(config, made.source)) as folder, status.failures(folder), Stop() as stop:
    with clock.measure('set-up'):
      member = Member(config, made, held_out, folder, Tools.of(config, play.game, made.shown, devices), clock)
      state = parallel.everywhere(member.restore(jax.eval_shape(fresh)) or fresh(), devices)
    capacity = min(config.train.rounds_per_dispatch, config.train.steps)
    dispatcher = Dispatcher(play, made.shown, config.seed, devices, capacity)
    of = play.game, made.shown, config.data.batch_size
    member.start(int(state.step), devices)
    say(_headline(member, made, state, devices))
    if member.step == 0:
      member.describe(summary.parameter_tables(*of, depth=1, width=180))
      say(summary.parameter_tables(*of, depth=0, width=shutil.get_terminal_size((120, 24)).columns))
    run = Run([member], state, dispatcher, clock)
    run.loop(stop)
    for error in run.failed.values():
      raise error
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
  """Plays the rounds of members, and has them look at themselves in between.

  Args:
    members: that have started; they look in the same rounds.
    state: that they stand at, as the dispatcher has it.
    dispatcher: plays their rounds.
    clock: tells where the time goes.

  Attributes:
    failed: {place among the members: what went wrong} of those that ended with an error of their own.
  """

  def __init__(self, members: Sequence[Member], state: Any, dispatcher: Dispatcher, clock: Clock):
    config = members[0].config
    self._members, self._state, self._dispatcher, self._clock = members, state, dispatcher, clock
    self._looks, self._each, self.failed = Looks.of(config), None, {}
    images = dispatcher.minibatches * config.data.batch_size
    self._progress = Progress(min(member.step for member in members), config.train.steps, images, len(members))

  def loop(self, stop: Stop) -> None:
    """Plays what is left, or until `stop` is asked for, and leaves everything on disk.

    Raises:
      Stopped: when a signal came while runs that are done were evaluated, which the next start does anew.
    """
    try:
      while (left := self._left()) and not stop.asked():
        looking = [i for i in left if self._looks.at(self._members[i].step) and not self._members[i].looked]
        for i in looking:
          self._attempt(i, self._members[i].look, self._state_of(i))
        if not looking:
          self._play_some(left)
    except Stopped:  # while it looked, which the next start does anew
      pass
    finally:
      self._progress.close()
    self._finish()

  def _finish(self) -> None:
    # All are saved before any takes its time over what can be had later: whoever asked to stop may not wait long.
    for i in self._whole():
      self._attempt(i, self._members[i].keep, self._state_of(i))
    for i in self._whole():
      self._attempt(i, self._members[i].close)
    for i in self._whole():
      self._attempt(i, self._members[i].report)
    try:
      for i in self._whole():
        self._attempt(i, self._members[i].conclude)
    except Stopped:
      for i in self._whole():
        self._members[i].interrupt()
      raise

  def _whole(self):
    return [i for i in range(len(self._members)) if i not in self.failed]

  def _left(self):
    return [i for i, member in enumerate(self._members) if i not in self.failed and not member.done]

  def _state_of(self, i):
    self._each = self._each or self._dispatcher.each(self._state)
    return self._each[i]

  def _attempt(self, i, act, *arguments):
    """What `act` returns; of a member that fails nothing, and the others go on."""
    member = self._members[i]
    try:
      with status.failures(member.folder):
        return act(*arguments)
    except Exception as error:
      self.failed[i] = error
      if len(self._members) > 1:
        left = len(self._members) - len(self.failed)
        say(f'{member.folder.name}: {status.reason(error)}; {left or "no"} other{"" if left == 1 else "s"} left')
        member.leave()
      return None

  def _play_some(self, left: list[int]) -> None:
    steps = [self._members[i].step for i in left]
    step = min(steps)
    # Those that are further wait for the others.
    until = min([self._looks.after(step), *(other for other in steps if other > step)])
    n = min(until - step, self._clock.rounds_in(SECONDS_PER_DISPATCH))
    n = self._dispatcher.alike(step, int(hosts.agreed(np.int32(n))))
    playing = [i for i in left if self._members[i].step == step]
    compiled = self._dispatcher.compiled(step)
    with self._clock.rounds(n, compiled):
      counts = [n * (i in playing) for i in range(len(self._members))]
      self._state, histories = self._dispatcher.play(self._state, step, counts)
    self._each = None
    metrics = [self._attempt(i, self._members[i].record, histories[i], partial(self._state_of, i)) for i in playing]
    if not compiled:
      self._progress.restart_clock(step + n)
    self._progress.update(step + n, [found for found in metrics if found])
