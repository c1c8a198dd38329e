"""Units that one program trains: those of a sweep by their numbers, or a run's own by --config.replicas=N."""

import pathlib
from collections.abc import Callable, Sequence
from typing import Any

from etils import epath

from wgan_jax import hosts, lock, remote, status, workdir
from wgan_jax.errors import UserError
from wgan_jax.pack import train_together
from wgan_jax.progress import say
from wgan_jax.sweep import packs, results, unit_numbers, units
from wgan_jax.sweep.expand import config_of, flags_of
from wgan_jax.sweep.units import Unit

SEEDS = 'replicas'  # the name of a sweep over nothing but seeds


def train_units(path: str, said: str) -> int:
  """`--together=3-5`: trains these units of the sweep in the folder `path`.

  Returns:
    The exit status, as `train_together` does.

  Raises:
    UserError: when there are no such units, or they do not fit into one program.
  """
  _check_alone()
  root = epath.Path(path).expanduser()
  remote.check(root)
  there = units.frozen(root)
  if there is None:
    raise UserError(f'no sweep in {root} whose units could be trained: start one by --sweep=')
  wanted = [there[0][number] for number in unit_numbers.parse(said, len(there[0]), 'together')]
  fitting = packs.groups(wanted, len(wanted))
  if len(fitting) > 1:
    parts = ' and '.join(f'--together={unit_numbers.text(unit.number for unit in pack)}' for pack in fitting)
    raise UserError(f'units {said} differ in more than numbers, and are no one program: train {parts}')
  return _train(root, wanted)


def train_replicas(config: Any, path: str, experiment: str, shared: dict[str, Any]) -> int:
  """`--config.replicas=N`: trains N seeds of a config in the folder `path`, a sweep without a scheduler.

  Args:
    config: of the first seed.
    experiment: what --config= is given. shared: keys that were overridden.

  Returns:
    The exit status, as `train_together` does.

  Raises:
    UserError: when the folder is of other runs.
  """
  _check_alone()
  root = epath.Path(path).expanduser()
  remote.check(root)
  units.check(root)
  made, shared = _seeds(config, experiment, shared)
  facts = {'experiment': experiment, 'sweep': SEEDS, 'shared': shared, **workdir.circumstances()}
  with lock.held(root, lock.SWEEP):
    there = units.frozen(root)
    known = there is not None and [unit.arguments for unit in there[0]] == [unit.arguments for unit in made]
    if there and not known and units.begun(root, there[0]):
      raise UserError(f'{root} holds other runs than these {len(made)}: choose another --workdir=')
    code = _train(root, made, lambda: known or units.freeze(root, made, facts))
    results.write(root)
  say(f'{root / results.HTML}')
  return code


def _check_alone():
  """Before a folder is touched, and in every process alike."""
  if hosts.several():
    raise UserError(
      f'runs are trained side by side by one process, and here are {hosts.share()[1]}: start one alone '
      '(--num_processes=1), or leave out --config.replicas= or --pack='
    )


def look_at_replicas(
  act: Callable[[Any, str], int], config: Any, path: str, experiment: str, shared: dict[str, Any]
) -> int:
  """The same seeds, trained before, one after another. act: on (config, folder) of each; the rest as `train_replicas`.

  Returns:
    The exit status: 0.

  Raises:
    UserError: after all, when some could not be looked at.
  """
  root, wrong = epath.Path(path).expanduser(), {}
  for unit in _seeds(config, experiment, shared)[0]:
    try:
      act(config_of(unit.arguments), f'{unit.folder(root)}')
    except UserError as error:
      wrong.setdefault(f'{error}', []).append(unit.number)
  if units.frozen(root):
    results.write(root)
  if wrong:
    raise UserError('; '.join(f'units {unit_numbers.text(of)}: {what}' for what, of in wrong.items()))
  return 0


def default_folder(config: Any, folder: pathlib.Path) -> str:
  """Where replicas go by default, beside the `folder` of a single run; that itself of any other config."""
  return f'{folder}-{SEEDS}' if many(config) else f'{folder}'


def many(config: Any) -> bool:
  """Whether a config asks for replicas, which figures of lectures never do."""
  return config.get(SEEDS, 1) > 1


def _seeds(config, experiment, shared):
  """(units, the overrides that they share) of replicas."""
  shared = {key: value for key, value in shared.items() if key not in ('seed', 'replicas')}
  overrides = [{'seed': config.seed + i} for i in range(config.replicas)]
  made = [Unit(i, own, [f'--config={experiment}', *flags_of({**shared, **own})]) for i, own in enumerate(overrides)]
  return made, shared


def _train(root: epath.Path, wanted: Sequence[Unit], claim: Callable[[], Any] = lambda: None) -> int:
  if all(status.read(unit.folder(root)).get('state') == status.DONE for unit in wanted):
    say(f'units {unit_numbers.text(unit.number for unit in wanted)} of {root} are done')
    return status.EXIT[status.DONE]
  # All of them again, also where some are done and have nothing to play: bits depend on who is beside whom.
  return train_together([config_of(unit.arguments) for unit in wanted], [unit.folder(root) for unit in wanted], claim)
