"""Slots: so many jobs at once, each again as its exit status asks for, until none is left or a signal comes."""

import collections
import dataclasses
import pathlib
import signal
import time
from collections.abc import Sequence

from wgan_jax import lock, status
from wgan_jax.sweep.backends import journal
from wgan_jax.sweep.backends.attempt import Attempt, ending
from wgan_jax.sweep.backends.devices import Place
from wgan_jax.sweep.backends.live import CANCELLED, Watch
from wgan_jax.sweep.units import Job

PAUSE = 0.1  # seconds between two looks at the processes
STANDSTILLS = 5  # preemptions in a row without a round played, after which a job counts as failed


class Ear:
  """While entered, counts the signals that ask this process to end, which it then does by itself."""

  SIGNALS = (signal.SIGTERM, signal.SIGINT)

  def __init__(self):
    self.heard = []

  def __enter__(self) -> 'Ear':
    self._before = {number: signal.signal(number, self._note) for number in self.SIGNALS}
    return self

  def __exit__(self, *exception) -> None:
    for number, handler in self._before.items():
      signal.signal(number, handler)

  def _note(self, number, frame):
    del frame
    self.heard.append(signal.Signals(number).name)


@dataclasses.dataclass
class Work:
  """A job on its way. failures, standstills: of its processes so far, the latter in a row."""

  job: Job
  failures: int = 0
  standstills: int = 0


class Slots:
  """Args:
  root: of the sweep.
  places: one for each slot.
  launch: launch.py.
  retries: how often a failed job starts again.
  grace: seconds that a process has to save and end.
  watch: is told what happens.
  """

  def __init__(
    self, root: pathlib.Path, places: Sequence[Place], launch: pathlib.Path, retries: int, grace: float, watch: Watch
  ):
    self._root, self._free, self._launch, self._retries = root, [*places], launch, retries
    self._grace, self._watch = grace, watch
    self._waiting, self._running = collections.deque(), {}  # {attempt: work}
    self._stopping = 0  # signals that were acted on

  def play(self, jobs: Sequence[Job], ear: Ear) -> None:
    """Returns when all jobs have ended, or those that ran have after a signal."""
    self._waiting.extend(map(Work, jobs))
    try:
      while self._running or (self._waiting and not ear.heard):
        self._listen(ear)
        self._drop_cancelled()
        if not ear.heard:
          self._fill()
        self._reap()
        self._watch.look()
        time.sleep(PAUSE)
    finally:
      for attempt in self._running:  # after an error here
        attempt.end(self._grace)

  def _listen(self, ear):
    if len(ear.heard) == self._stopping:
      return
    first, self._stopping = self._stopping == 0, len(ear.heard)
    if not first and ear.heard[-1] != signal.SIGINT.name:  # schedulers ask more than once
      return
    if self._running:
      told = 'save and end; Ctrl-C ends them at once' if first else 'end at once'
      self._watch.say(f'{ear.heard[-1]}: {len(self._running)} running {told}')
    for attempt in self._running:
      attempt.end(self._grace if first else 0)

  def _drop_cancelled(self):
    for attempt in self._running:
      if not attempt.asked_to_end and journal.marked(self._root, attempt.job):
        self._watch.ended(attempt.job, CANCELLED, 'it saves and ends')
        attempt.end(self._grace)
    for work in [work for work in self._waiting if journal.marked(self._root, work.job)]:
      self._waiting.remove(work)
      self._watch.ended(work.job, CANCELLED)
      self._write_down()

  def _fill(self):
    """Starts what can be started. Folders that others train in are waited for."""
    for work in [*self._waiting]:
      if not self._free:
        return
      folders = [unit.folder(self._root) for unit in work.job.units]
      if any(lock.taken(folder, lock.RUN) for folder in folders):
        self._watch.held_up(work.job)
        continue
      self._waiting.remove(work)
      if all(status.read(folder).get('state') == status.DONE for folder in folders):  # by whoever held the lock
        self._watch.ended(work.job, status.DONE)
        continue
      attempt = Attempt(work.job, self._free.pop(0), self._root, self._launch)
      self._running[attempt] = work
      self._watch.started(work.job, attempt.place.name)
      self._write_down()

  def _reap(self):
    for attempt, work in [*self._running.items()]:
      if (code := attempt.poll()) is None:
        continue
      del self._running[attempt]
      self._free.append(attempt.place)
      self._judge(attempt, work, code)
      self._write_down()

  def _judge(self, attempt, work, code):
    """What becomes of a job whose process ended."""
    if code == status.EXIT[status.DONE]:
      self._watch.ended(work.job, status.DONE)
    elif attempt.asked_to_end:
      self._watch.ended(work.job, status.PREEMPTED, '' if code == status.EXIT[status.PREEMPTED] else ending(code))
    elif code == status.EXIT[status.PREEMPTED]:
      work.standstills = 0 if attempt.advanced() else work.standstills + 1
      if work.standstills < STANDSTILLS:
        self._watch.ended(work.job, status.PREEMPTED, 'it starts again')
        self._waiting.appendleft(work)
      else:
        work.standstills = 0
        self._fail(attempt, work, f'preempted {STANDSTILLS} times without a round played')
    else:
      self._fail(attempt, work, ending(code))

  def _fail(self, attempt, work, why):
    message = attempt.failed(why)
    work.failures += 1
    again = work.failures <= self._retries
    tries = f'; it starts again ({work.failures} of {self._retries})' if again else ''
    self._watch.ended(work.job, status.FAILED, f'{message}; see {attempt.log}{tries}')
    if again:
      self._waiting.append(work)

  def _write_down(self):
    running = {attempt.pid: [unit.number for unit in attempt.job.units] for attempt in self._running}
    journal.write(self._root, running, [unit.number for work in self._waiting for unit in work.job.units])
