"""Which units one program can train side by side."""

from collections.abc import Sequence

from wgan_jax.sweep.units import Unit


def groups(units: Sequence[Unit], most: int) -> list[tuple[Unit, ...]]:
  """All of the units, in groups of at most so many that fit together: none do yet."""
  del most
  return [(unit,) for unit in units]
