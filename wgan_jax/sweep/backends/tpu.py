"""TPU slices, and machines of clouds, by SkyPilot: each job of a sweep is a managed job, which it starts again itself.

SkyPilot lives in an environment of its own: only its command `sky` is called. See docs/tpu.md.
"""

import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence

import ml_collections
from etils import epath

from wgan_jax import remote, workdir
from wgan_jax.errors import UserError
from wgan_jax.progress import say
from wgan_jax.sweep.backends import QUEUED, RUNNING, sky_task
from wgan_jax.sweep.units import Job

FILE = 'tpu.json'
# SkyPilot's words of jobs that will go on by themselves.
ALIVE = {'PENDING': QUEUED, 'SUBMITTED': QUEUED, 'STARTING': QUEUED, 'RECOVERING': QUEUED}
ALIVE |= {'RUNNING': RUNNING, 'WINDING_DOWN': RUNNING}
NOTHING = 'No in-progress managed jobs'  # what the queue says, as an error, where nothing ever ran or all is over


def options() -> ml_collections.ConfigDict:
  """The keys --tpu.KEY=."""
  return ml_collections.ConfigDict(
    {
      'type': 'tpu-v5litepod-16',  # a slice (v5litepod is v5e; tpu-v6e-8, tpu-v4-32, ...), or GPUs of a machine: A100:8
      'hosts': 0,  # machines: of GPUs, 1 for 0; of a slice 0 means as many as its type says
      'runtime': '',  # software of TPU hosts; '' takes the one for the type
      'spot': True,  # cheaper machines that may be taken away at any time; the job then goes on elsewhere
      'infra': '',  # where: gcp/us-central1, gcp/us-central1/us-central1-a, k8s/CONTEXT, aws; '' leaves it to SkyPilot
      'workdir': '.',  # the folder of the code, which is copied to every host, but for what git ignores
      'mounts': '',  # more folders, THERE=HERE,...: ~/tensorflow_datasets=gs://bucket/tfds
      'setup': '',  # shell lines that install everything on a fresh host; '' has uv do so, into ~/wgan_jax
      'python': '~/wgan_jax/bin/python',  # there, after `setup`
      'sky': 'sky',  # SkyPilot's command here: /home/me/sky/bin/sky
    }
  )


class SkyPilot:
  """A backend.

  Args:
    root: of the sweep; a bucket, as hosts of clouds see no folder of this machine.
    options: as `options()` has them.
  """

  def __init__(self, root: epath.PathLike, options: ml_collections.ConfigDict):
    self._root, self._options, self.processes = epath.Path(root), options, sky_task.hosts(options) or 1
    self._sky = os.path.expanduser(options.sky)
    self._remote = remote.is_remote(root)
    whole = f'{root}' if self._remote else f'{pathlib.Path(root).expanduser().resolve()}'
    # Of letters, digits and - alone; cut before the digest, which tells apart what is called alike.
    plain = re.sub('[^a-z0-9]+', '-', self._root.name.lower()).strip('-')[:20].strip('-')
    self._name = f'wgan-{plain}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}'

  def submit(self, jobs: Sequence[Job], retries: int, dry_run: bool) -> None:
    """As in `Backend`; returns when all are in SkyPilot's queue."""
    if not (self._remote or dry_run):
      raise UserError(f'hosts of a cloud do not see {self._root}: choose a bucket, --workdir=gs://BUCKET/NAME')
    if not (dry_run or shutil.which(self._sky)):
      raise self._missing()
    folder = pathlib.Path('runs', 'sky', self._name) if self._remote else pathlib.Path(self._root, 'sky').expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    commands = [self._written(job, folder, retries) for job in jobs]  # all before the first one costs anything
    for n, (job, command) in enumerate(zip(jobs, commands, strict=True)):
      say(shlex.join(command))
      if dry_run:
        continue
      self._remember(job)
      if self._call(command).returncode:
        raise UserError(
          f'SkyPilot did not take the job {self._name_of(job)}, {n} were submitted before it: see above; '
          'the same command submits the rest'
        )

  def status(self, jobs: Sequence[Job]) -> dict[int, str]:
    """As in `Backend`; of jobs that were never submitted from here SkyPilot is not asked."""
    wanted = {unit.number for job in jobs for unit in job.units}
    alive = self._alive()
    return {unit: word for units, word in alive.values() for unit in units if unit in wanted}

  def cancel(self, jobs: Sequence[Job]) -> None:
    """As in `Backend`."""
    wanted = {unit.number for job in jobs for unit in job.units}
    for name, (units, _) in self._alive().items():
      if wanted & {*units}:
        command = [self._sky, 'jobs', 'cancel', '-y', '-n', name]
        say(shlex.join(command))
        if self._call(command).returncode:
          raise UserError(f'SkyPilot did not cancel {name}: see above; the same command goes on with it')

  def _written(self, job, folder, retries):
    """Writes the YAML of a job. Returns the command that submits it."""
    name = self._name_of(job)
    file = folder / f'{name}.yaml'
    file.write_text(sky_task.text(sky_task.content(job, name, self._options, retries)))
    return [self._sky, 'jobs', 'launch', '-d', '-y', '-n', name, f'{file}']

  def _name_of(self, job):
    return f'{self._name}-{job.name}'

  def _remember(self, job):
    """Before it is submitted: a job that SkyPilot knows and we do not could start a second time."""
    about = {'units': [unit.number for unit in job.units], 'submitted': workdir.now()}
    workdir.write_json(self._root / FILE, {**self._remembered(), self._name_of(job): about})

  def _remembered(self):
    """{name of a job: about it} of all that were ever submitted."""
    file = self._root / FILE
    try:
      return json.loads(file.read_text()) if file.exists() else {}
    except ValueError as error:
      raise UserError(f'{file} is damaged: cancel what `sky jobs queue` shows, and remove the file') from error

  def _alive(self):
    """{name: (numbers of its units, word)} of our jobs that are queued or running."""
    remembered = self._remembered()
    if not remembered:
      return {}
    answer = self._call([self._sky, 'jobs', 'queue', '--skip-finished', '--all', '-o', 'json'], asked=True)
    if answer.returncode and NOTHING in answer.stderr:
      return {}
    rows = re.search(r'(?ms)^\[.*', answer.stdout)  # after anything else that SkyPilot has to say
    if answer.returncode or not rows:
      lines = f'{answer.stderr}{answer.stdout}'.strip().splitlines() or ['no answer']
      raise UserError(f'SkyPilot does not tell its queue: {lines[-1]}')
    words = {row['job_name']: row['status'] for row in json.loads(rows[0])}
    return {
      name: (about['units'], ALIVE[words[name]]) for name, about in remembered.items() if words.get(name) in ALIVE
    }

  def _call(self, command, asked=False):
    """Runs SkyPilot's command. asked: whether what it says is read, and not shown."""
    # Starting its server, of its own, takes it half a minute now and then: whoever waits sees what it is doing.
    environment = {**os.environ, 'SKYPILOT_DISABLE_USAGE_COLLECTION': '1'}
    try:
      return subprocess.run(command, env=environment, capture_output=asked, text=True, stdin=subprocess.DEVNULL)
    except OSError as error:
      raise self._missing() from error

  def _missing(self):
    return UserError(
      f'no command {self._sky}: install SkyPilot in an environment of its own (docs/tpu.md), and say where it is by '
      '--tpu.sky=FOLDER/bin/sky'
    )
