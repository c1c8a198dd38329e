"""Slurm: the jobs of a sweep as one array, submitted by submitit. See docs/slurm.md."""

import contextlib
import io
import os
import pathlib
import re
import shlex
import shutil
import sys
import uuid
from collections.abc import Sequence

import ml_collections
from etils import epath

from wgan_jax import remote
from wgan_jax.errors import UserError
from wgan_jax.progress import say
from wgan_jax.sweep.backends import slurm_flags, slurm_queue
from wgan_jax.sweep.units import Job

CODE = pathlib.Path(__file__).parents[3]  # where launch.py and the package lie


def options() -> ml_collections.ConfigDict:
  """The keys --slurm.KEY=; '' and 0 leave a thing to the cluster."""
  return ml_collections.ConfigDict(
    {
      'partition': '',
      'account': '',  # that pays
      'qos': '',
      'constraint': '',  # features of nodes
      'nodes': 1,  # of each job
      'tasks_per_node': 1,  # processes of JAX on each node: 1, which has all GPUs, or one for each GPU
      'gpus_per_node': 0,
      'gpu_type': '',  # a100
      'cpus_per_task': 0,
      'mem_gb': 0.0,  # on each node
      'time_min': 0,  # minutes; a job that takes longer saves in time, and goes on in its next start
      'signal_delay_s': 120,  # before its time is up, a job is asked to save
      'array_parallelism': 0,  # jobs at once; 0: all
      'setup': '',  # shell before a job starts: 'module load cuda; ulimit -n 4096'
      'extra': '',  # any other options of sbatch: '--mail-type=END --exclusive'
    }
  )


class Slurm:
  """A backend.

  Args:
    root: of the sweep, a folder that all nodes share.
    options: as `options()` has them.
  """

  def __init__(self, root: epath.PathLike, options: ml_collections.ConfigDict):
    if remote.is_remote(root):
      raise UserError(f'Slurm writes its logs into the folder of the sweep, which {root} is not: name a shared one')
    self._root, self._options = pathlib.Path(root).expanduser().resolve(), slurm_flags.checked(options)
    self._queue = slurm_queue.Queue(self._root)
    self.processes = options.nodes * options.tasks_per_node

  def submit(self, jobs: Sequence[Job], retries: int, dry_run: bool) -> None:
    """As in `Backend`; returns when all are in Slurm's queue."""
    commands = [self._command(job) for job in jobs]
    if dry_run:
      say(f'sbatch {shlex.join(slurm_flags.shown(self._options, len(jobs)))}')
      say(f'srun {shlex.join([*slurm_flags.of_srun(self._options), *commands[0]])}' + (' and so on' * bool(jobs[1:])))
      return
    name = f'{re.sub("[^a-z0-9]+", "-", self._root.name.lower())}-{uuid.uuid4().hex[:8]}'
    executor = self._executor(name, len(jobs))
    # Before Slurm has them: jobs that it knew and we did not could start a second time.
    self._queue.remember(name, jobs)
    try:
      ids = self._send(executor, jobs, commands, retries)
    except UserError:
      self._queue.forget(name)
      raise
    self._queue.remember(name, jobs, ids)
    one = ids[0].partition('_')[0]
    many = f'{len(ids)} jobs to Slurm, as {ids[0]} ... {ids[-1]}' if ids[1:] else f'a job to Slurm, as {one}'
    say(f'submitted {many}; what unit {jobs[0].units[0].number} says goes to {jobs[0].units[0].folder(self._root)}/log')
    say(f'see how far it is by --status, or squeue --jobs={one}; end it by --cancel, or scancel {one}')

  def status(self, jobs: Sequence[Job]) -> dict[int, str]:
    """As in `Backend`."""
    wanted = {unit.number for job in jobs for unit in job.units}
    alive = self._queue.alive()
    return {number: word for numbers, word in alive.values() for number in numbers if number in wanted}

  def cancel(self, jobs: Sequence[Job]) -> None:
    """As in `Backend`."""
    wanted = {unit.number for job in jobs for unit in job.units}
    ids = [job for job, (numbers, _) in self._queue.alive().items() if wanted & {*numbers}]
    if ids:
      slurm_queue.asked('scancel', *ids)
      say(f'cancelled {", ".join(ids)}')

  def _command(self, job):
    several = [f'--num_processes={self.processes}'] if self.processes > 1 else []
    return [sys.executable, f'{CODE / "launch.py"}', *job.arguments, *several]

  def _executor(self, name, n):
    try:
      import submitit  # which those who have no Slurm need not have
    except ImportError as error:
      raise UserError("--backend=slurm needs submitit: pip install -e '.[slurm]'") from error
    if missing := [command for command in ('sbatch', 'srun', 'squeue') if not shutil.which(command)]:
      raise UserError(f'no {missing[0]} on this machine: start the sweep where your cluster takes jobs from')
    options = self._options
    executor = submitit.SlurmExecutor(self._root / 'slurm')
    executor.update_parameters(
      job_name=name,
      time=None,
      wckey=None,
      stderr_to_stdout=True,
      array_parallelism=options.array_parallelism or n,
      srun_args=slurm_flags.of_srun(options),
      setup=[options.setup],
      additional_parameters=slurm_flags.of_sbatch(options),
    )
    return executor

  def _send(self, executor, jobs, commands, retries):
    """Submits; returns Slurm's ids of the jobs."""
    import cloudpickle
    from submitit.core.utils import FailedJobError, FailedSubmissionError

    from wgan_jax.sweep.backends import slurm_worker

    gpus = self._options.gpus_per_node // self._options.tasks_per_node
    tasks = [
      slurm_worker.Task(command, f'{job.units[0].folder(self._root)}', retries, gpus)
      for job, command in zip(jobs, commands, strict=True)
    ]
    cloudpickle.register_pickle_by_value(slurm_worker)  # see there
    try:
      # What sbatch says of a refusal submitit prints too.
      with _outside_of_jobs(), contextlib.redirect_stderr(io.StringIO()):
        return [job.job_id for job in executor.map_array(slurm_worker.work, tasks)]
    except (FailedJobError, FailedSubmissionError) as error:
      said = re.findall(r'(?m)^sbatch: (?:error: )?(.+)$', f'{error}') or [f'{error}'.splitlines()[0]]
      raise UserError(f'Slurm refuses the jobs: {"; ".join(said)}') from error


@contextlib.contextmanager
def _outside_of_jobs():
  """Inside, sbatch sees nothing of a job that this process is itself part of."""
  hidden = [x for x in os.environ if x.startswith('SLURM_') and x != 'SLURM_CONF' and 'SLURM_JOB_ID' in os.environ]
  kept = {name: os.environ.pop(name) for name in hidden}
  try:
    yield
  finally:
    os.environ.update(kept)
