"""What Slurm's commands are told of the keys of the backend."""

import math
import shlex
from typing import Any

import ml_collections

from wgan_jax.errors import UserError

# Keys that are options of sbatch; those that are '' or 0 are left to the cluster.
FLAGS = {
  'partition': 'partition',
  'account': 'account',
  'qos': 'qos',
  'constraint': 'constraint',
  'nodes': 'nodes',
  'tasks_per_node': 'ntasks-per-node',
  'gpus_per_node': 'gpus-per-node',
  'cpus_per_task': 'cpus-per-task',
  'time_min': 'time',
}
# A process that ends must not take those with it that are about to save, or to ask for another start.
SRUN = ['--kill-on-bad-exit=0', '--wait=0']


def checked(options: ml_collections.ConfigDict) -> ml_collections.ConfigDict:
  """The options, if jobs can be made of them.

  Raises:
    UserError: if not.
  """
  for key, value in options.items():
    if isinstance(value, (int, float)) and not 0 <= value < math.inf:
      raise UserError(f'--slurm.{key}={value} should be a positive number, or 0 for what the cluster has by itself')
  if options.nodes < 1 or options.tasks_per_node < 1:
    raise UserError('--slurm.nodes and --slurm.tasks_per_node are at least 1')
  if options.gpu_type and not options.gpus_per_node:
    raise UserError(f'--slurm.gpu_type={options.gpu_type} goes with a number of them: --slurm.gpus_per_node=1')
  if options.gpus_per_node % options.tasks_per_node:
    n, tasks = options.gpus_per_node, options.tasks_per_node
    raise UserError(f'{n} GPUs do not divide among {tasks} processes: --slurm.tasks_per_node={n}, or 1, would')
  try:
    shlex.split(options.extra)
  except ValueError as error:
    raise UserError(f'--slurm.extra={options.extra} is no part of a command line: {error}') from error
  return options


def of_sbatch(options: ml_collections.ConfigDict) -> dict[str, Any]:
  """{option of sbatch: value, or True where it takes none}."""
  flags = {flag: options[key] for key, flag in FLAGS.items() if options[key]}
  if options.gpus_per_node and options.gpu_type:
    flags['gpus-per-node'] = f'{options.gpu_type}:{options.gpus_per_node}'
  if options.mem_gb:
    flags['mem'] = f'{round(options.mem_gb * 1024)}M'
  flags |= {'signal': f'TERM@{options.signal_delay_s}', 'requeue': True}
  for option in shlex.split(options.extra):
    key, given, value = option.lstrip('-').partition('=')
    flags[key] = value if given else True
  return flags


def of_srun(options: ml_collections.ConfigDict) -> list[str]:
  """Options of srun, which does not take over from sbatch how many cores a task has."""
  return [*SRUN, *([f'--cpus-per-task={options.cpus_per_task}'] if options.cpus_per_task else [])]


def shown(options: ml_collections.ConfigDict, n: int) -> list[str]:
  """What sbatch is told of an array of n jobs, as on a command line."""
  at_once = f'%{options.array_parallelism}' if options.array_parallelism else ''
  flags = [f'--{key}' + ('' if value is True else f'={value}') for key, value in of_sbatch(options).items()]
  return [f'--array=0-{n - 1}{at_once}', *flags]
