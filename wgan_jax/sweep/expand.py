"""From an experiment's file to the units of its sweep, whose keys, values and names are checked before one starts."""

import importlib.util
import pathlib
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ml_collections
import numpy as np
from absl import flags
from ml_collections import config_flags

from wgan_jax import config, progress
from wgan_jax.build_names import check_names
from wgan_jax.errors import UserError
from wgan_jax.sweep.units import Unit

ARGUMENT = 'config'  # stands among the overrides of a unit for what its get_config() is given
PLAIN = bool, int, float, str  # what can be said on a command line, and in tuples


def config_of(arguments: Sequence[str]) -> ml_collections.ConfigDict:
  """The config of another command line, checked: of ['--config=experiments/toy_wgan.py', '--config.seed=3', ...].

  Raises:
    UserError: for anything that may be mistyped, and for flags other than --config and its keys.
  """
  argv, values = ['launch.py', *arguments], flags.FlagValues()
  config_flags.DEFINE_config_file('config', lock_config=True, flag_values=values, sys_argv=argv)
  config.parse(argv, values)
  return values.config


def flags_of(overrides: dict[str, Any]) -> list[str]:
  """['--config.seed=3', ...]: the arguments that override keys."""
  return [f'--config.{key}={_text(value)}' for key, value in overrides.items()]


def expand(experiment: str, shared: dict[str, Any], name: str) -> list[Unit]:
  """The units of a sweep.

  experiment: what --config= is given. shared: overrides that every unit has. name: of the sweep; main is `sweep(add)`
    in the experiment's file, and any other NAME is `sweep_NAME(add)`.

  Raises:
    UserError: when there is no such sweep, or a unit has an unknown key or name, a value that no run could have, is not
      what its command line makes of it, or is there twice. What only the data or networks themselves can refuse, a
      unit's own start does.
  """
  if config.LECTURE in config_of([f'--config={experiment}']):
    raise UserError('figures of a lecture are drawn, not trained: there are no sweeps of them')
  added = _added(experiment.partition(':')[0], name)
  units, known = [], {}
  for number, overrides in enumerate(progress.steps(added, 'units checked', len(added))):
    try:
      unit, resolved = _unit(number, experiment, shared, overrides)
    except UserError as error:
      raise UserError(f'unit {number} of --sweep={name}: {error}') from error
    if (same := known.setdefault(repr(resolved), number)) != number:
      raise UserError(f'units {same} and {number} of --sweep={name} are the same run: {" ".join(unit.arguments)}')
    units.append(unit)
  return units


def _unit(number, experiment, shared, overrides):
  """A unit, and its config by full key."""
  overrides = {key: _plain(key, value) for key, value in overrides.items()}
  keys = {key: value for key, value in overrides.items() if key != ARGUMENT}
  if ARGUMENT in overrides:
    if ':' in experiment:
      raise UserError(f'it is {experiment.partition(":")[0]}:{overrides[ARGUMENT]}: leave out the : of --config=')
    experiment = f'{experiment}:{overrides[ARGUMENT]}'
  if twice := sorted({*shared} & {*keys}):
    raise UserError(f'the sweep itself says what {", ".join(twice)} is: leave out --config.{twice[0]}')
  arguments = [f'--config={experiment}', *flags_of(shared), *flags_of(keys)]
  made = config_of(arguments)
  check_names(made)
  resolved = config.flat(made)
  if resolved.get('replicas', 1) > 1:
    raise UserError('replicas are of a single run: leave out --config.replicas, add(seed=...) and say --pack=N')
  for key, value in keys.items():
    read = resolved[key]
    if repr(read) != repr(value):  # which tells 1 from 1.0 and True, in tuples too
      raise UserError(f'--config.{key}={_text(value)} is read as {read!r}: add that, not {value!r}')
  return Unit(number, overrides, arguments), resolved


def _plain(key, value):
  """A value in Python's own types."""
  if isinstance(value, np.generic):
    value = value.item()
  if type(value) is tuple:
    return tuple(_plain(key, part) for part in value)
  if type(value) not in PLAIN:
    kinds = ', '.join(kind.__name__ for kind in PLAIN)
    raise UserError(f'{key} is of type {type(value).__name__}; a command line can say {kinds} or a tuple of them')
  if type(value) is str and len(value.splitlines()) > 1:
    raise UserError(f'{key} is {value!r}, of several lines; a command line has one')
  return value


def _text(value):
  """What a flag says for a value."""
  if isinstance(value, bool):
    return f'{value}'.lower()
  return value if isinstance(value, str) else repr(value)


def _added(file: str, name: str) -> list[dict[str, Any]]:
  """The overrides of every unit, in order, as the experiment's file adds them."""
  sweeps = _sweeps(file)
  if name not in sweeps:
    known = f'it has {", ".join(sweeps)}' if sweeps else 'write `def sweep(add): ...` into it, for --sweep=main'
    raise UserError(f'{file} has no sweep {name!r}; {known}')
  added = []

  def add(argument: str | None = None, /, **overrides: Any) -> None:
    """Adds a unit. argument: of its get_config(), if that takes one."""
    if not (argument is None or isinstance(argument, str)):
      raise UserError(f"add takes keys by their names, add(**{{'game.n_critic': 5}}), not {argument!r}")
    added.append(overrides if argument is None else {ARGUMENT: argument, **overrides})

  try:
    sweeps[name](add)
  except UserError as error:
    raise UserError(f'--sweep={name} of {file}: {error}') from error
  except Exception as error:  # the file is a program: anything may go wrong in it
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if _same(frame.filename, file)]
    where = f', line {lines[-1]}' if lines else ''
    message = ' '.join(f'{error}'.split())
    raise UserError(f'--sweep={name} of {file}{where}: {type(error).__name__}: {message}') from error
  if not added:
    raise UserError(f'--sweep={name} of {file} adds no units')
  return added


def _same(one, other):
  return pathlib.Path(one).resolve() == pathlib.Path(other).resolve()


def _sweeps(file: str) -> dict[str, Callable[[Callable], Iterable | None]]:
  """{name: function} of the sweeps in an experiment's file, which can be loaded."""
  spec = importlib.util.spec_from_file_location(f'{pathlib.Path(file).stem}_with_sweeps', file)
  module = importlib.util.module_from_spec(spec)
  spec.loader.exec_module(module)
  functions = {name: f for name, f in vars(module).items() if callable(f)}
  main = {'main': functions['sweep']} if 'sweep' in functions else {}
  return {**main, **{name.removeprefix('sweep_'): functions[name] for name in functions if name.startswith('sweep_')}}
