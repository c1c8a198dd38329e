"""This machine: slots, in each of which one process at a time plays a job."""

import pathlib
import time
from collections.abc import Sequence

import ml_collections
import psutil
from etils import epath

from wgan_jax import lock, remote
from wgan_jax.errors import UserError
from wgan_jax.progress import say
from wgan_jax.sweep.backends import QUEUED, RUNNING, devices, journal, live, tether
from wgan_jax.sweep.backends.slots import PAUSE, Ear, Slots
from wgan_jax.sweep.units import Job

LAUNCH = pathlib.Path(__file__).parents[3] / 'launch.py'
KILLED_WITHIN = 10.0  # seconds, in which a launcher that works has killed what did not end by itself


def options() -> ml_collections.ConfigDict:
  """Its keys."""
  return ml_collections.ConfigDict(
    {
      'parallel': 1,  # slots
      'grace': 60.0,  # seconds that a process has to save and end, before it is killed
    }
  )


class Local:
  """A backend. Jobs run from the folder that the sweep was started in, and say what they say into `log` in the folder
  of their first unit.

  Args:
    root: of the sweep.
    options: as `options()` has them.
    launch: launch.py.
  """

  processes = 1

  def __init__(self, root: epath.PathLike, options: ml_collections.ConfigDict, launch: pathlib.Path = LAUNCH):
    if remote.is_remote(root):
      raise UserError(f'--backend=local works in a folder of this machine, which {root} is not: name one')
    self._root, self._options, self._launch = pathlib.Path(root).expanduser(), options, launch

  def submit(self, jobs: Sequence[Job], retries: int, dry_run: bool) -> None:
    """As in `Backend`; returns when all have ended, or a signal came and those that ran have saved."""
    slots = max(1, min(self._options.parallel, len(jobs)))
    places = devices.places(slots)
    if dry_run:
      for i, place in enumerate(places):
        said = ' '.join(f'{name}={value}' for name, value in place.environment.items())
        say(f'slot {i} of {slots} on this machine: {said or "all devices"}')
      return
    with Ear() as ear, live.watch(self._root, jobs) as watch:
      journal.unmark(self._root, jobs)
      self._outlive([*journal.read(self._root).processes], ear)
      if ear.heard:
        return
      journal.write(self._root, {}, _numbers(jobs))
      Slots(self._root, places, self._launch, retries, self._options.grace, watch).play(jobs, ear)
      journal.close(self._root)

  def status(self, jobs: Sequence[Job]) -> dict[int, str]:
    """As in `Backend`. What a sweep that was killed left behind is ending, and has to be submitted again."""
    known = journal.read(self._root)
    started = {number for numbers in known.processes.values() for number in numbers}
    held = {unit.number for job in jobs for unit in job.units if lock.taken(unit.folder(self._root), lock.RUN)}
    running = held | started if known.launcher else held - started
    words = {**dict.fromkeys(known.queued, QUEUED), **dict.fromkeys(running, RUNNING)}
    return {number: words[number] for number in _numbers(jobs) if number in words}

  def cancel(self, jobs: Sequence[Job]) -> None:
    """As in `Backend`: asks the process that runs the sweep, and where there is none ends what it left behind."""
    wanted = {*_numbers(jobs)}
    known = journal.read(self._root)
    if known.launcher:
      journal.mark(self._root, jobs)
      self._wait_until_cancelled(wanted)
    with Ear() as ear:
      left = journal.read(self._root).processes
      self._outlive([process for process, numbers in left.items() if wanted & {*numbers}], ear)
    if others := [job.name for job in jobs if any(lock.taken(unit.folder(self._root), lock.RUN) for unit in job.units)]:
      say(f'{", ".join(others)}: trained by a process that no sweep started, which goes on')

  def _wait_until_cancelled(self, wanted):
    until = time.monotonic() + self._options.grace + KILLED_WITHIN
    while (known := journal.read(self._root)).launcher and time.monotonic() < until:
      if not wanted & {*known.queued, *(number for numbers in known.processes.values() for number in numbers)}:
        return
      time.sleep(PAUSE)

  def _outlive(self, processes: Sequence[psutil.Process], ear: Ear) -> None:
    """Waits for processes of a sweep that is no more, which were asked to save and end, and kills them in the end."""
    if processes:
      say(f'waits for {len(processes)} of an earlier start to save and end')
    if not tether.WATCHES:  # else they were asked already, and asked again would end without having saved
      for process in processes:
        _signal(process.terminate)
    until = time.monotonic() + self._options.grace
    while not ear.heard and (processes := [process for process in processes if _lives(process)]):
      if time.monotonic() > until:
        for process in processes:
          _signal(process.kill)
      time.sleep(PAUSE)


def _numbers(jobs):
  return [unit.number for job in jobs for unit in job.units]


def _signal(send):
  try:
    send()
  except psutil.Error:  # it has ended
    return


def _lives(process):
  try:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
  except psutil.Error:
    return False
