"""Reading a checkpoint of a run that may go on writing there."""

import pathlib
from collections.abc import Callable
from typing import Any

from wgan_jax.checkpoint import about_of, first_line, manager_in, state_of
from wgan_jax.errors import UserError


def read(
  folder: pathlib.Path, like: Any, which: str, rank: Callable[[dict[str, float]], float], report: Callable[[str], None]
) -> tuple[int, Any] | None:
  """(step, state) of a checkpoint, for looking at: nothing in the folder changes, and a run may go on writing there.

  Args:
    folder: of `Checkpoints`.
    like: as in `Checkpoints.restore`.
    which: 'newest', 'best', or the step of one. Where the newest or best cannot be read, the next is taken.
    rank: scores -> how good they are, minus infinity where they do not tell.
    report: takes a line for people.

  Returns:
    None where there is none that can be read.

  Raises:
    UserError: when there is no such step, or it was saved by other code.
  """
  if not folder.is_dir():
    return None
  with manager_in(folder, read_only=True, create=False) as manager:
    abouts = {
      step: about
      for step in sorted(manager.all_steps(), reverse=True)
      for about in _try(step, report, about_of, manager, step, like)
    }
    order = {'newest': [*abouts], 'best': sorted(abouts, key=lambda step: rank(abouts[step]['scores']), reverse=True)}
    if which not in order and which not in map(str, abouts):
      there = ', '.join(map(str, reversed(abouts))) or 'none'
      raise UserError(f'no checkpoint {which} in {folder}: name newest, best or one of those there ({there})')
    for step in order[which] if which in order else [int(which)]:
      for state in _try(step, report, state_of, manager, step, like, abouts[step]):
        return step, state
    if which not in order:
      others = ', '.join(str(step) for step in abouts if str(step) != which) or 'none'
      raise UserError(f'checkpoint {which} in {folder} is torn: name newest, best or another ({others})')
  return None


def _try(step, report, call, *arguments):
  """[what `call` returns], or [] where it finds that a file is torn, or was removed by the run meanwhile."""
  try:
    return [call(*arguments)]
  except UserError:
    raise
  except Exception as error:  # a torn file fails in any layer below, each with errors of its own
    report(f'checkpoint {step} cannot be read ({first_line(error)}): passed over')
    return []
