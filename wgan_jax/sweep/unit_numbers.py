"""Some units of a sweep, as people say it: 0,3-5."""

import itertools
from collections.abc import Iterable

from wgan_jax.errors import UserError


def parse(said: str, n: int, flag: str) -> list[int]:
  """The numbers in '0,3-5', in order and each once.

  n: units that there are, numbered from 0. flag: that says it, for messages.

  Raises:
    UserError: for anything else, and for a unit that there is not.
  """
  numbers = set()
  for part in said.split(','):
    ends = [end.strip() for end in part.split('-')]
    if not (all(end.isdecimal() for end in ends) and len(ends) <= 2):
      raise UserError(
        f'--{flag}={said}: {part!r} is neither a number nor two such as 3-5; an example is --{flag}=0,3-5'
      )
    first, last = int(ends[0]), int(ends[-1])
    if first > last:
      raise UserError(f'--{flag}={said}: {part!r} goes backwards; say {last}-{first}')
    if last >= n:
      raise UserError(f'--{flag}={said}: there is no unit {last}; they go from 0 to {n - 1}')
    numbers.update(range(first, last + 1))
  return sorted(numbers)


def text(numbers: Iterable[int]) -> str:
  """'0,3-5' of 0, 3, 4 and 5, which are in order."""
  # Numbers that follow one another differ by as much from their places.
  runs = itertools.groupby(enumerate(numbers), key=lambda placed: placed[1] - placed[0])
  parts = [[number for _, number in run] for _, run in runs]
  return ','.join(f'{part[0]}-{part[-1]}' if len(part) > 1 else f'{part[0]}' for part in parts)
