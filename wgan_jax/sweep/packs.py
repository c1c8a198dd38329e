"""Which units can be trained in one program: those that differ in numbers alone, of which no shape is made."""

import fnmatch
from collections.abc import Sequence
from typing import Any

from wgan_jax.config import flat
from wgan_jax.sweep.expand import config_of
from wgan_jax.sweep.units import Unit

PACKABLE = (  # keys, or patterns of them
  'seed',
  'optimizer.*.learning_rate',
  'optimizer.*.last_rate',
  'optimizer.*.b1',
  'optimizer.*.b2',
  'optimizer.*.epsilon',
  'optimizer.*.clip_weights',
  'optimizer.*.orthogonal',
  'game.penalty.weight',
  'game.penalty.target',
  'game.penalty.drift',
  'game.penalty.scale',
  'ema.decay',
)
NOTHING_AT_ZERO = ('optimizer.*.clip_weights', 'optimizer.*.orthogonal', 'game.penalty.drift')  # not even computed


def groups(units: Sequence[Unit], most: int) -> list[tuple[Unit, ...]]:
  """The units in groups of at most so many that one program can train; in their order, as are the groups' first."""
  alike = {}
  for unit in units:
    alike.setdefault(program_of(config_of(unit.arguments)), []).append(unit)
  packs = [tuple(of[i : i + most]) for of in alike.values() for i in range(0, len(of), most)]
  return sorted(packs, key=lambda pack: units.index(pack[0]))


def program_of(config: Any) -> tuple[str, ...]:
  """What the configs of one program have in common."""
  kinds = []
  for key, value in flat(config).items():
    if not _matches(key, PACKABLE):
      kinds.append(f'{key}={value!r}')
    elif _matches(key, NOTHING_AT_ZERO):
      kinds.append(f'{key}: {bool(value)}')
  # A set that is translated is a part of the program.
  return (*kinds, f'{config.seed if config.source.name else ""}')


def _matches(key, patterns):
  return any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)
