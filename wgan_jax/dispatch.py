"""Rounds in dispatches: many rounds in one program on all devices, fed by the host."""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax import hosts, parallel
from wgan_jax.data.source import Source
from wgan_jax.engine import Play, initial_state, play_rounds
from wgan_jax.errors import UserError
from wgan_jax.game import Batch
from wgan_jax.keys import sample_keys
from wgan_jax.state import TrainState


def first_devices(wanted: int) -> list[jax.Device]:
  """The first `wanted` devices of this process; all of all processes for 0, which is all that several may say.

  Raises:
    UserError: when there are not so many.
  """
  there = hosts.all_devices()
  where = f'its {jax.process_count()} processes have' if hosts.several() else 'this machine has'
  if wanted > len(there) or (hosts.several() and wanted not in (0, len(there))):
    raise UserError(f'--config.train.devices={wanted}, but {where} {len(there)} ({there[0].device_kind})')
  return there[: wanted or None]


def pick_devices(wanted: int, batch_size: int, accumulate: int = 1) -> list[jax.Device]:
  """`first_devices`, which have to share a batch evenly.

  accumulate: micro-batches that each device cuts its share into, evenly too.

  Raises:
    UserError: when there are not so many, or the batch does not divide.
  """
  devices = first_devices(wanted)
  if batch_size % len(devices):
    n, pieces = len(devices), len(devices) * accumulate
    fitting = -(-batch_size // pieces) * pieces
    fewer = f', or use --config.train.devices={next(d for d in range(n, 0, -1) if batch_size % d == 0)}'
    raise UserError(
      f'a batch of {batch_size} does not divide over {n} devices: set --config.data.batch_size={fitting}'
      + ('' if hosts.several() else fewer)
    )
  share = batch_size // len(devices)
  if share % accumulate:
    fitting = -(-share // accumulate) * accumulate * len(devices)
    raise UserError(
      f'the {share} samples on a device do not divide into {accumulate} micro-batches: set '
      f'--config.data.batch_size={fitting}, or use --config.train.accumulate='
      f'{next(n for n in range(accumulate, 0, -1) if share % n == 0)}'
    )
  return devices


def drawn_shapes(source: Source, size: int) -> Batch:
  """Shapes and types of a batch of `size` samples."""
  minibatch = jax.tree.map(lambda x: x[0, :size], source.feed(0, 1))
  return jax.eval_shape(source.draw, source.resident, minibatch, sample_keys(jax.random.key(0), size))


def starting_state(play: Play, source: Source, seed: int, size: int) -> Callable[[], TrainState]:
  """What makes the state of round 0, of a batch of `size` samples: a pure function, for jit and eval_shape."""
  batch = drawn_shapes(source, size)

  def fresh(key):
    return initial_state(play, jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), batch), key)

  # Losses are called once, and some look along the axis of the devices: here it has the length 1.
  alone = jax.vmap(fresh, axis_name=parallel.AXIS)
  return lambda: jax.tree.map(lambda x: x[0], alone(jax.random.key(seed)[None]))


class Dispatcher:
  """Plays the rounds of a run; where they are cut into dispatches changes no bit of it.

  Args:
    play: the game and how it is played.
    source: the data.
    seed: of the run.
    devices: that share each batch.
    capacity: rounds in one dispatch, at most.
  """

  def __init__(self, play: Play, source: Source, seed: int, devices: list[jax.Device], capacity: int):
    self._play, self._source, self._devices, self.capacity = play, source, devices, capacity
    self._key, self._resident = parallel.everywhere((jax.random.key(seed), source.resident), devices)
    self._program, self._seen = functools.cache(self._build), set()

  def _build(self, turns):
    def program(state, feed, key, n, resident):
      return play_rounds(self._play, state, feed, key, n, resident, turns)

    return parallel.over_devices(program, self._devices)

  @property
  def minibatches(self) -> int:
    """Minibatches that a round takes."""
    return sum(turn.repeats for turn in self._play.game.turns)

  def compiled(self, step: int) -> bool:
    """Whether rounds like round `step` were played before by this process."""
    return self._play.game.turns_at(step) in self._seen

  def alike(self, step: int, n: int) -> int:
    """How many of the n rounds from `step` on can go into one dispatch, having the same turns."""
    turns = self._play.game.turns_at
    first = turns(step)
    return sum(1 for _ in itertools.takewhile(lambda s: turns(s) == first, range(step, step + min(n, self.capacity))))

  def __call__(self, state: Any, step: int, n: int) -> tuple[Any, dict[str, np.ndarray]]:
    """Plays rounds step .. step + n - 1, fewer where one is not finite.

    Returns:
      (state, metrics by name, each [rounds played]); the state given is used up.
    """
    game = self._play.game
    turns = game.turns_at(step)
    minibatches = sum(turn.repeats for turn in turns)
    self._seen.add(turns)
    first = sum(game.played_before(step).values())
    feed = self._source.feed(first, n * minibatches, hosts.share())
    feed = jax.tree.map(lambda x: self._padded(x.reshape(n, minibatches, *x.shape[1:])), feed)
    feed = parallel.cut(feed, self._devices)
    state, history, played = self._program(turns)(state, feed, self._key, np.int32(n), self._resident)
    # Waiting for the metrics also waits for the collectives, which must not queue on a CPU cut into devices.
    history, played = jax.device_get((history, played))
    return state, {name: values[:played] for name, values in history.items()}

  def play(self, state: Any, step: int, counts: Sequence[int]) -> tuple[Any, list[dict[str, np.ndarray]]]:
    """The same, of as many runs as there are counts: here one."""
    state, history = self(state, step, counts[0])
    return state, [history]

  def each(self, state: Any) -> list[TrainState]:
    """The state of each run."""
    return [state]

  def _padded(self, x):
    return np.concatenate([x, np.zeros((self.capacity - len(x), *x.shape[1:]), x.dtype)])
