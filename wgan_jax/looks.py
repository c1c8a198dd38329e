"""The rounds after which a run is looked at: scored, and saved."""

from typing import Any, NamedTuple


class Looks(NamedTuple):
  """Before the first round, after the last, and whenever one of `every` divides the rounds played; steps: of all."""

  steps: int
  every: tuple[int, ...]

  @classmethod
  def of(cls, config: Any) -> 'Looks':
    """Those of a run, for its samples and for its checkpoints."""
    return cls(config.train.steps, (config.log.samples_every_steps, config.checkpoint.every_steps))

  def at(self, step: int) -> bool:
    """Whether there is one after `step` rounds."""
    return step == self.steps or any(step % n == 0 for n in self.every)

  def after(self, step: int) -> int:
    """The next one after `step` rounds."""
    return min(self.steps, *((step // n + 1) * n for n in self.every))

  def count(self) -> int:
    """How many a whole run has."""
    return len({self.steps}.union(*(range(0, self.steps + 1, n) for n in self.every)))
