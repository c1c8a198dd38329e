"""A game that is played in memory, from look to look, for figures that watch it."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np

from wgan_jax import parallel
from wgan_jax.dispatch import Dispatcher, pick_devices, starting_state
from wgan_jax.errors import UserError
from wgan_jax.prepare import Prepared, prepare
from wgan_jax.progress import steps
from wgan_jax.sample import Sampler
from wgan_jax.state import TrainState
from wgan_jax.watching.judge import Judge


class Stage(NamedTuple):
  """A look at a game.

  step: rounds played. state: of then, on the host.
  history: what each round since the look before says, metric by metric, [rounds].
  """

  step: int
  state: TrainState
  history: dict[str, np.ndarray]


def with_fields(prepared: Prepared, **fields: Any) -> Prepared:
  """The same with these fields of the game, its networks among them, in the place of what a config can name."""
  return prepared._replace(play=prepared.play._replace(game=prepared.play.game.clone(**fields)))


class Training:
  """What an experiment's config describes, ready to be played.

  source, play, real: as `prepare` makes them. sampler: draws with moving averages. judge: the critic as a function.

  Args:
    config: of the experiment.
    prepared: what `prepare` made of it, where that was changed since.
  """

  def __init__(self, config: Any, prepared: Prepared | None = None):
    self._config = config
    self.source, self.play, self.real, self._shown = prepared or prepare(config)
    self._devices = pick_devices(config.train.devices, config.data.batch_size, config.train.accumulate)
    size = config.data.batch_size // (len(self._devices) * self.play.accumulate)
    self._fresh = jax.jit(starting_state(self.play, self._shown, config.seed, size))
    self.sampler = Sampler(self.play.game, config.seed, config.data.batch_size, self.source.classes, self._devices)
    self.judge = Judge(self.play.game, self.sampler, config.data.batch_size, self._devices)

  @property
  def like(self) -> TrainState:
    """Shapes and types of a state."""
    return jax.eval_shape(self._fresh)

  def stages(self, rounds: Sequence[int], what: str, start: TrainState | None = None) -> Iterator[Stage]:
    """Plays on from `start`, of round 0 by default, and stops to be looked at after each of `rounds`, which rise.

    Args:
      what: the bar says is being played.

    Raises:
      UserError: where a round is not finite.
    """
    state = parallel.everywhere(start or self._fresh(), self._devices)
    capacity = min(self._config.train.rounds_per_dispatch, max([1, *rounds]))
    dispatch = Dispatcher(self.play, self._shown, self._config.seed, self._devices, capacity)
    step, since = int(state.step), []
    if step in rounds:
      yield Stage(step, jax.device_get(state), {})
    pieces = list(self._pieces(dispatch, step, rounds))
    for n in steps(pieces, what, len(pieces)):
      state, history = dispatch(state, step, n)
      played = len(next(iter(history.values())))
      step, since = step + played, [*since, history]
      if played < n or not all(np.isfinite(values[-1]) for values in history.values()):
        raise UserError(f'{what}: not finite in round {step:,}; learn more slowly')
      if step in rounds:
        # A copy: the next round overwrites what was donated.
        yield Stage(step, jax.tree.map(np.array, jax.device_get(state)), _joined(since))
        since = []

  @staticmethod
  def _pieces(dispatch, step, rounds):
    for last in rounds:
      while step < last:
        n = dispatch.alike(step, last - step)
        yield n
        step += n


def _joined(histories):
  return {name: np.concatenate([h[name] for h in histories if name in h]) for name in histories[-1]}
