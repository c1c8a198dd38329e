"""The one exception for what a user can mend: launch.py prints it as a single line."""


class UserError(Exception):
  """Says in one line what was wrong and what would be right."""


def unknown(kind: str, name: str, known) -> UserError:
  """A name that nothing answers to, with the names that would."""
  return UserError(f'unknown {kind} {name!r}; known: {", ".join(sorted(known))}')
