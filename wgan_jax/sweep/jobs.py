"""What backends start: each unit by itself, or several that one program trains side by side."""

from collections.abc import Sequence

from etils import epath

from wgan_jax.sweep import packs, unit_numbers
from wgan_jax.sweep.units import Job, Unit

LOOKED_AT = 64  # units, for a hint


def jobs_of(root: epath.Path, units: Sequence[Unit], most: int) -> list[Job]:
  """Jobs of at most so many units each, in which all of these are."""
  groups = packs.groups(units, most) if most > 1 else [(unit,) for unit in units]
  return [_job(root, group) for group in groups]


def largest(units: Sequence[Unit]) -> int:
  """How many of the first few could be trained together."""
  few = units[:LOOKED_AT]
  return max((len(group) for group in packs.groups(few, len(few))), default=0) if len(few) > 1 else len(few)


def _job(root, group):
  if len(group) == 1:
    return Job(group, [*group[0].arguments, f'--workdir={group[0].folder(root)}'])
  together = unit_numbers.text(unit.number for unit in group)
  return Job(tuple(group), [group[0].arguments[0], f'--workdir={root}', f'--together={together}'])
