"""The flags of sweeps, and the places where their units can run."""

import functools
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from absl import flags
from ml_collections import ConfigDict, config_flags

from wgan_jax import config
from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import local, slurm, tpu

BACKENDS = {'local': local.Local, 'slurm': slurm.Slurm, 'tpu': tpu.SkyPilot}
ONE_PROCESS = {  # how those that can start several for a job start one
  'slurm': '--slurm.nodes=1 --slurm.tasks_per_node=1',
  'tpu': '--tpu.type=tpu-v5litepod-8, a slice of one host, or GPUs and --tpu.hosts=1',
}
KEYS = {'slurm': slurm.options, 'tpu': tpu.options}  # of those that have flags --NAME.KEY=
ACTS = 'status', 'cancel', 'dry_run'  # instead of starting units
GO_WITH_SWEEP = 'backend', 'parallel', 'retries', 'units', 'pack', *ACTS

flags.disclaim_key_flags()  # whoever calls `define` shows them in its --help


class Asked(NamedTuple):
  """What the flags say.

  sweep: its name. act: one of ACTS, or start. backend: None for the one that the sweep was started on. units: None for
  all of them. options: of every backend by its name.
  """

  sweep: str
  act: str
  backend: str | None
  retries: int
  units: str | None
  pack: int
  options: dict[str, ConfigDict]


def define(argv: Sequence[str], values: flags.FlagValues | None = None) -> None:
  """Adds the flags to those of this process, or to other ones. argv: where backends' keys are looked for.

  Raises:
    UserError: for a key that a backend does not have.
  """
  values = flags.FLAGS if values is None else values
  string, integer, boolean = (
    functools.partial(define, flag_values=values)
    for define in (flags.DEFINE_string, flags.DEFINE_integer, flags.DEFINE_boolean)
  )
  string('sweep', None, "Trains all units of the experiment's sweep(add), by --sweep=main, or of its sweep_NAME(add).")
  where = 'Where; local by default. The others have keys of their own, --slurm.KEY= and --tpu.KEY=: docs/sweeps.md.'
  flags.DEFINE_enum('backend', None, list(BACKENDS), where, flag_values=values)
  integer('parallel', 1, 'Units at once on this machine.', lower_bound=1)
  integer('retries', 0, 'How often a unit that fails is started again.', lower_bound=0)
  string('units', None, 'Some of the units, such as 0,3-5; all by default.')
  integer('pack', 1, 'At most so many units that differ in numbers alone are trained in one program.', lower_bound=1)
  string('together', None, 'Trains these units of the sweep in --workdir= in one program: 3-5.')
  boolean('status', False, 'Shows how the units of the sweep stand.')
  boolean('cancel', False, 'Ends what is queued or running of the sweep.')
  boolean('dry_run', False, 'Prints the commands of the units, and starts nothing.')
  for name, options in KEYS.items():
    _define_keys(name, options(), argv, values)


def asked(values: flags.FlagValues | None = None) -> Asked | None:
  """What parsed flags say, None without --sweep.

  Raises:
    UserError: when they do not go together.
  """
  values = flags.FLAGS if values is None else values
  present = [f'--{name}' for name in GO_WITH_SWEEP if values[name].present]
  if values.sweep is None:
    if present:
      raise UserError(f'{present[0]} is of a sweep: say which by --sweep=main, or leave it out')
    return None
  if values.mode != 'train':
    raise UserError(f'--sweep={values.sweep} trains: leave out --mode={values.mode}')
  acts = [act for act in ACTS if values[act].value]
  if len(acts) > 1:
    raise UserError(f'--{acts[0]} and --{acts[1]} are two different things: leave out one of them')
  options = {name: values[name].value for name in KEYS}
  options['local'] = local.options()
  options['local'].parallel = values.parallel
  act = acts[0] if acts else 'start'
  return Asked(values.sweep, act, values.backend, values.retries, values.units, values.pack, options)


def together(values: flags.FlagValues | None = None) -> str | None:
  """The units that --together= names, of parsed flags; None without it.

  Raises:
    UserError: when anything is said beside it that would come to nothing.
  """
  values = flags.FLAGS if values is None else values
  if values.together is None:
    return None
  others = [f'--{name}={values[name].value}' for name in ('sweep', 'mode') if values[name].present]
  others = [flag for flag in others if flag != '--mode=train'] + [f'--config.{key}' for key in shared(values)[1]]
  if others:
    raise UserError(f'--together={values.together} trains units as their sweep has them: leave out {others[0]}')
  return values.together


def shared(values: flags.FlagValues | None = None) -> tuple[str, dict[str, Any]]:
  """(what --config= was given, {full key: value} of the keys that were overridden), of parsed flags."""
  values = flags.FLAGS if values is None else values
  return config_flags.get_config_filename(values['config']), config_flags.get_override_values(values['config'])


def _define_keys(name, options, argv, values):
  known = config.flat(options)
  for argument in argv:
    # Before ml_collections looks for it, which would show a traceback.
    if (given := re.match(rf'--?(?:no)?{name}\.([^=]*)', argument)) and given[1] not in known:
      raise config.unknown_key(given[1], known, name)
  config_flags.DEFINE_config_dict(name, options, f'Keys of --backend={name}.', values, sys_argv=list(argv))
