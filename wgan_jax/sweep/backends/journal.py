"""What the local backend's processes know of one another, in files of the sweep's folder.

.local.json: the process that runs the sweep, those that it started, and the units that it will start.
.cancel/003: that process shall end unit 3, or not start it.
.lock in the folder of a run: held by whoever trains there.
"""

import json
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import psutil

from wgan_jax import workdir
from wgan_jax.sweep.units import Job

FILE, CANCEL = '.local.json', '.cancel'
CLOCK = 2.0  # seconds by which two processes may disagree on when a third one began


class Known(NamedTuple):
  """What .local.json says that is still so.

  launcher: runs the sweep, None where nothing does. processes: {process: numbers of its units}.
  queued: numbers of the units that the launcher will start.
  """

  launcher: psutil.Process | None
  processes: dict[psutil.Process, list[int]]
  queued: list[int]


def write(root: pathlib.Path, running: Mapping[int, Sequence[int]], queued: Iterable[int]) -> None:
  """Tells of this process. running: {process id: numbers of its units}."""
  processes = [{**said, 'units': [*units]} for pid, units in running.items() if (said := _identity(pid))]
  workdir.write_json(root / FILE, {'launcher': _identity(os.getpid()), 'processes': processes, 'queued': [*queued]})


def read(root: pathlib.Path) -> Known:
  """Nothing of it, where there is nothing that can be read."""
  try:
    said = json.loads((root / FILE).read_text())
    processes = {_alive(process): process['units'] for process in said['processes']}
    launcher, queued = _alive(said['launcher']), said['queued']
  except (OSError, ValueError, KeyError, TypeError):
    return Known(None, {}, [])
  processes.pop(None, None)
  return Known(launcher, processes, queued if launcher else [])


def close(root: pathlib.Path) -> None:
  """This process runs the sweep no more."""
  (root / FILE).unlink(missing_ok=True)


def mark(root: pathlib.Path, jobs: Iterable[Job]) -> None:
  """Asks the launcher to end jobs."""
  (root / CANCEL).mkdir(exist_ok=True)
  for name in _marks(jobs):
    (root / CANCEL / name).touch()


def unmark(root: pathlib.Path, jobs: Iterable[Job]) -> None:
  """Jobs are wanted (again)."""
  for name in _marks(jobs):
    (root / CANCEL / name).unlink(missing_ok=True)


def marked(root: pathlib.Path, job: Job) -> bool:
  """Whether a job shall end: any of its units."""
  return any((root / CANCEL / name).exists() for name in _marks([job]))


def _marks(jobs):
  return [f'{unit.number:03d}' for job in jobs for unit in job.units]


def _identity(pid: int) -> dict[str, Any] | None:
  try:
    return {'pid': pid, 'created': psutil.Process(pid).create_time()}
  except psutil.Error:
    return None


def _alive(said: Mapping[str, Any] | None) -> psutil.Process | None:
  """The process, unless it ended, and its number may be another's by now."""
  try:
    process = psutil.Process(said['pid']) if said else None
    same = process and abs(process.create_time() - said['created']) < CLOCK
    return process if same and process.status() != psutil.STATUS_ZOMBIE else None
  except psutil.Error:
    return None
