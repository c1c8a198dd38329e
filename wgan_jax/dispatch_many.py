"""Rounds of many runs in one program, side by side: `dispatch` with an axis more."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from wgan_jax import parallel
from wgan_jax.data.source import Source
from wgan_jax.dispatch import Dispatcher, starting_state
from wgan_jax.engine import Play, play_rounds
from wgan_jax.state import TrainState

Numbers = dict[str, Any]  # by full key of a config; of many runs, arrays [runs]


class DispatcherOfMany(Dispatcher):
  """Plays the rounds of runs that differ in their seeds and in numbers of their configs.

  Each has its own state, data, key and count of rounds, and ends with its own first round that is not finite while the
  others go on; what it plays is what it would play alone, but for rounding. Devices share the runs, not their batches.

  Args:
    play_of: numbers -> the game and how it is played; called with numbers that are traced.
    numbers: in which runs differ, each [runs].
    seeds: of the runs.
    sources: the data of each; all have the same `draw` and `resident`.
    devices: of this process.
    capacity: rounds in one dispatch, at most.
  """

  def __init__(
    self,
    play_of: Callable[[Numbers], Play],
    numbers: Numbers,
    seeds: Sequence[int],
    sources: Sequence[Source],
    devices: list[jax.Device],
    capacity: int,
  ):
    self._play, self._play_of = play_of({key: float(values[0]) for key, values in numbers.items()}), play_of
    self._numbers, self._seeds = numbers, np.asarray(seeds, np.int32)
    self._sources, self._devices, self.capacity = sources, devices, capacity
    self._resident = parallel.everywhere(sources[0].resident, devices)
    self._program, self._seen = functools.cache(self._build), set()

  def _build(self, turns):
    def program(state, feed, own, resident):
      n, seed, numbers = own
      return play_rounds(self._play_of(numbers), state, feed, jax.random.key(seed), n, resident, turns)

    return parallel.over_runs(program, self._devices)

  def fresh(self, size: int) -> Callable[[int], TrainState]:
    """What makes the state of round 0 of the i-th run, of a batch of `size` samples, by one program for all."""

    def make(seed, numbers):
      return starting_state(self._play_of(numbers), self._sources[0], seed, size)()

    make = jax.jit(make)
    return lambda i: make(self._seeds[i], {key: values[i] for key, values in self._numbers.items()})

  def gathered(self, states: Sequence[TrainState]) -> Any:
    """The states of all runs, as `play` takes them."""
    return parallel.shares(jax.tree.map(lambda *x: np.stack(x), *jax.device_get(states)), self._devices)

  def each(self, state: Any) -> list[TrainState]:
    """The state of each run, on the host."""
    state = jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), jax.device_get(state))
    return [jax.tree.map(lambda x, i=i: x[i], state) for i in range(len(self._seeds))]

  def play(self, state: Any, step: int, counts: Sequence[int]) -> tuple[Any, list[dict[str, np.ndarray]]]:
    """Plays so many rounds of each run, those from `step` on; fewer of one that is not finite.

    Args:
      state: of all, used up.
      counts: [runs]; those of a run that is not at `step` are 0.

    Returns:
      (state, of each run metrics by name, each [rounds played]).
    """
    turns = self._play.game.turns_at(step)
    self._seen.add(turns)
    own = np.asarray(counts, np.int32), self._seeds, self._numbers
    own, feed = parallel.shares((own, self._feed(step, turns, counts)), self._devices)
    # Runs that stand in for missing ones play nothing.
    own[0].reshape(-1)[len(counts) :] = 0
    state, history, played = self._program(turns)(state, feed, own, self._resident)
    history, played = jax.device_get((history, played))
    history = jax.tree.map(lambda x: x.reshape(-1, x.shape[-1]), history)
    ends = zip(range(len(counts)), played.reshape(-1), strict=False)
    return state, [{name: values[i, :end] for name, values in history.items()} for i, end in ends]

  def _feed(self, step, turns, counts):
    """[runs, capacity, minibatches, B, ...]; those that play nothing are given what others are."""
    minibatches, first = sum(turn.repeats for turn in turns), sum(self._play.game.played_before(step).values())
    of = zip(self._sources, counts, strict=True)
    feeds = [source.feed(first, n * minibatches) if n else None for source, n in of]
    there = next(feed for feed in feeds if feed is not None)
    padded = [
      jax.tree.map(lambda x: self._padded(x.reshape(-1, minibatches, *x.shape[1:])), there if feed is None else feed)
      for feed in feeds
    ]
    return jax.tree.map(lambda *x: np.stack(x), *padded)
