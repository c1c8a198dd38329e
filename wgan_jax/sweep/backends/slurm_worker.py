"""What a task of a Slurm job does: it starts the job's command line, and tells Slurm what came of it.

A job that leaves by itself is over for Slurm, also one that was preempted and has saved: its process 0 has to ask for
another start. Slurm then starts the same job again, about two minutes later.

It is sent to the tasks as it is (pickled by value), and needs nothing of this package: a task that had to import JAX
before it listens for signals would be deaf to them for as long.
"""

import logging
import os
import pathlib
import re
import signal
import subprocess
import sys
from typing import NamedTuple

import submitit

from wgan_jax import status

PREEMPTED = status.EXIT[status.PREEMPTED]
LOG = logging.getLogger('submitit')


class Task(NamedTuple):
  """What every process of a job is told.

  command: that it starts.
  folder: of the run, which gets its `log`; of processes but the first, `log.1` and so on.
  retries: how often it is started again after one.
  gpus: of each process; 0 where there are none.
  """

  command: list[str]
  folder: str
  retries: int
  gpus: int


def work(task: Task) -> None:
  """Runs a task to its end; returns where that is a success, and leaves by SystemExit with the exit status elsewhere.

  A return would have submitit write down a success.
  """
  here = submitit.JobEnvironment()
  code = _run(task, here)
  if code == 0:
    return
  if here.global_rank == 0 and (code == PREEMPTED or _may_fail_again(task, here, code)):
    _requeue(here.job_id)
  sys.exit(code)


def _run(task, here):
  """The exit status of the command, 128 + n of one that signal n ended."""
  asked, child = False, None

  def pass_on(number, frame):
    nonlocal asked
    del number, frame
    # Once is enough: of a second one a run would only take note again.
    if child is not None and not asked and _for_this_process_alone():
      child.terminate()
    asked = True

  signal.signal(signal.SIGTERM, pass_on)
  log = pathlib.Path(task.folder) / ('log' if here.global_rank == 0 else f'log.{here.global_rank}')
  log.parent.mkdir(parents=True, exist_ok=True)
  with log.open('ab') as file:
    environment = _environment(task.gpus, here)
    if asked:
      return PREEMPTED
    child = subprocess.Popen(task.command, env=environment, stdout=file, stderr=subprocess.STDOUT)
    if asked and _for_this_process_alone():  # in that very moment
      child.terminate()
    code = child.wait()
  if asked and code == -signal.SIGTERM:  # which came before the run could take it, and there was nothing to save yet
    return PREEMPTED
  return code if code >= 0 else 128 - code


def _environment(gpus, here):
  """Tells JAX of the other processes of the job, and which GPUs of the node are this one's."""
  environment = {**os.environ}
  if here.num_tasks == 1:
    environment.pop('SLURM_STEP_NODELIST', None)  # by which it knows Slurm: it would set out to meet itself
  if gpus:  # by itself it would take one for each process of a node, however many there are
    environment['JAX_LOCAL_DEVICE_IDS'] = ','.join(str(here.local_rank * gpus + i) for i in range(gpus))
  return environment


def _for_this_process_alone():
  """Whether a signal that Slurm sends to a task does not reach what the task started: so it is with cgroups."""
  tracking = re.search(r'(?m)^ProctrackType\s*=\s*(\S+)', _asked('scontrol', 'show', 'config'))
  return bool(tracking) and tracking[1] == 'proctrack/cgroup'


def _may_fail_again(task, here, code):
  """Writes a failure down; whether the job may be started again all the same."""
  file = here.paths.folder / f'{here.job_id}_failures.txt'
  with file.open('a') as lines:
    lines.write(f'exit status {code}\n')
  return len(file.read_text().splitlines()) <= task.retries


def _requeue(job):
  """Has Slurm start the job again, if it is one that is wanted: SIGTERM also comes to those that were cancelled."""
  state = _asked('squeue', '--noheader', '--format=%T', f'--jobs={job}').strip()
  if state != 'RUNNING':
    LOG.warning(f'job {job} is {state or "gone"}: it is not started again')
    return
  _asked('scontrol', 'requeue', job)


def _asked(*command):
  """What one of Slurm's commands answers, nothing where it fails, which is told."""
  done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
  if done.returncode:
    LOG.warning(f'{" ".join(command)}: {done.stderr.strip()}')
  return '' if done.returncode else done.stdout
