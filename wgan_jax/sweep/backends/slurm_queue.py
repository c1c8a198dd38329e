"""What Slurm knows of the jobs of a sweep. slurm.json in its folder says which ones these are."""

import json
import pathlib
import subprocess
from collections.abc import Sequence
from typing import Any

from wgan_jax import workdir
from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import QUEUED, RUNNING
from wgan_jax.sweep.units import Job

# What squeue calls jobs that are up; all others that it lists wait.
UP = ('RUNNING', 'COMPLETING')


class Queue:
  """The submissions of a sweep; each is an array, and has a name that no other jobs have.

  root: folder of the sweep.
  """

  def __init__(self, root: pathlib.Path):
    self._file = root / 'slurm.json'

  def remember(self, name: str, jobs: Sequence[Job], ids: Sequence[str] = ()) -> None:
    """Writes a submission down, before Slurm has it, and again when Slurm has given it ids."""
    about = {'submitted': workdir.now(), 'units': [[unit.number for unit in job.units] for job in jobs], 'ids': [*ids]}
    self._write({**self._submissions(), name: about})

  def forget(self, name: str) -> None:
    """Strikes out a submission that Slurm refused."""
    self._write({other: about for other, about in self._submissions().items() if other != name})

  def alive(self) -> dict[str, tuple[list[int], str]]:
    """{id: (numbers of its units, QUEUED or RUNNING)} of the jobs that Slurm is still going to do something for.

    Raises:
      UserError: when Slurm does not answer.
    """
    submissions = self._submissions()
    if not submissions:
      return {}
    # By name: Slurm may give an old id to another job, in the end.
    answer = asked('squeue', '--noheader', '--array', f'--name={",".join(submissions)}', '--format=%j %i %T')
    alive = {}
    for name, job, state in map(str.split, answer.splitlines()):
      index = int(job.partition('_')[2] or 0)
      alive[job] = submissions[name]['units'][index], RUNNING if state in UP else QUEUED
    return alive

  def _submissions(self) -> dict[str, Any]:
    try:
      return json.loads(self._file.read_text()) if self._file.exists() else {}
    except ValueError as error:
      raise UserError(f'{self._file} is damaged: cancel what squeue shows of the sweep, and remove the file') from error

  def _write(self, submissions):
    workdir.write_json(self._file, submissions)


def asked(*command: str) -> str:
  """What one of Slurm's commands answers.

  Raises:
    UserError: when there is no such command here, or it fails, in its own words.
  """
  try:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
  except OSError as error:
    raise UserError(f'no {command[0]} on this machine: start the sweep where your cluster takes jobs from') from error
  if done.returncode:
    raise UserError(f'{command[0]} fails: {" ".join(done.stderr.split())}')
  return done.stdout
