"""The one exception for what a user can mend: launch.py prints it as a single line."""

from collections.abc import Mapping
from typing import Any


class UserError(Exception):
  """Says in one line what was wrong and what would be right."""


def unknown(kind: str, name: str, known) -> UserError:
  """A name that nothing answers to, with the names that would."""
  return UserError(f'unknown {kind} {name!r}; known: {", ".join(sorted(known))}')


def look_up(kind: str, table: Mapping[str, Any], name: str) -> Any:
  """What a literal table holds under a name that a user gave.

  Raises:
    UserError: with the known names, when it holds nothing.
  """
  if name not in table:
    raise unknown(kind, name, table)
  return table[name]
