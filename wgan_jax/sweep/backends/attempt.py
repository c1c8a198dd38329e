"""A process that plays a job, and what its end means."""

import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time

from wgan_jax import status
from wgan_jax.sweep import states
from wgan_jax.sweep.backends.devices import Place
from wgan_jax.sweep.units import Job

TETHER = pathlib.Path(__file__).with_name('tether.py')
OF_A_JOB = 'SLURM_STEP_NODELIST'  # by which JAX knows Slurm: a sweep inside of a job is of one process all the same
NEVER = float('inf')


class Attempt:
  """Starts at once, in a session of its own, so that Ctrl-C reaches it only through us; ends when this process does.

  Args:
    job: that is played.
    place: where.
    root: of the sweep.
    launch: launch.py.
  """

  def __init__(self, job: Job, place: Place, root: pathlib.Path, launch: pathlib.Path):
    self.job, self.place, self.asked_to_end, self._killed_at = job, place, False, NEVER
    self._folders = [unit.folder(root) for unit in job.units]
    for folder in self._folders:
      folder.mkdir(parents=True, exist_ok=True)
    self._before = [(status.read(folder).get('step') or 0, _written(folder)) for folder in self._folders]
    command, self.log = [sys.executable, f'{launch}', *job.arguments], self._folders[0] / 'log'
    with self.log.open('ab') as log:
      gap = '\n' if log.tell() else ''  # after an earlier start
      log.write(f'{gap}$ {shlex.join(["python", "launch.py", *job.arguments])}\n'.encode())
      self._from = log.tell()
      log.flush()
      self._process = subprocess.Popen(
        [sys.executable, '-I', '-S', f'{TETHER}', f'{os.getpid()}', *command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env={**{name: value for name, value in os.environ.items() if name != OF_A_JOB}, **place.environment},
        start_new_session=True,
      )

  @property
  def pid(self) -> int:
    """Of the process."""
    return self._process.pid

  def end(self, grace: float) -> None:
    """Asks it to save and end, and kills it when it has not after so many seconds."""
    if not self.asked_to_end:
      self.asked_to_end = True
      self._process.terminate()
    self._killed_at = min(self._killed_at, time.monotonic() + grace)

  def poll(self) -> int | None:
    """Its exit status, negative for a signal, None while it runs."""
    code = self._process.poll()
    if code is None and time.monotonic() >= self._killed_at:
      # With what it may have started; it waits for no signal any more once JAX listens for them.
      os.killpg(self.pid, signal.SIGKILL)
      code = self._process.wait()
    return code

  def advanced(self) -> bool:
    """Whether a unit has played more rounds than before."""
    before = [step for step, _ in self._before]
    return any((status.read(f).get('step') or 0) > step for f, step in zip(self._folders, before, strict=True))

  def failed(self, why: str) -> str:
    """Says so in the status.json of units that could not say it themselves.

    Returns why the first of them failed, and of several which that is.

    why: what ended the process, in a few words.
    """
    said = self._last_words()
    message = f'{why}: {said}' if said else why
    for folder, (_, written) in zip(self._folders, self._before, strict=True):
      told = status.read(folder)
      by_itself = told.get('state') == status.FAILED and _written(folder) != written
      if told.get('state') == status.DONE or by_itself:
        continue
      facts = {name: value for name, value in told.items() if name not in ('state', 'date')}
      status.write(folder, status.FAILED, **{**facts, 'message': message})
    of = {f.name: said['message'] for f in self._folders if (said := status.read(f)).get('state') == status.FAILED}
    first, message = next(iter(of.items()), ('', message))
    return f'{first}: {message}' if first and len(self._folders) > 1 else message

  def _last_words(self):
    with self.log.open('rb') as log:
      log.seek(max(self._from, log.seek(0, 2) - 4096))
      return states.last_line(log.read()).removeprefix('error: ')


def _written(folder: pathlib.Path) -> int:
  """When a run said something of itself, 0 where it never did."""
  file = folder / 'status.json'
  return os.stat(file).st_mtime_ns if file.exists() else 0


def ending(code: int) -> str:
  """What an exit status says, for people."""
  if code >= 0:
    return f'exit status {code}'
  name = signal.Signals(-code).name
  return f'{name} (was there too little memory?)' if -code == signal.SIGKILL else name
