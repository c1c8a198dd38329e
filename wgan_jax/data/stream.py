"""Streaming a set that does not fit on the device, with grain: decoded by threads, ahead of the training."""

from typing import Any

import grain
import numpy as np

from wgan_jax.data.source import Order


class Stream:
  """The feed of a streamed set: a pure function of (first, count), with an iterator underneath.

  Calls that follow one another find their minibatches decoded already; any other call merely starts a new iterator
  where it points, so that a resumed run sees what an uninterrupted one would.

  Args:
    examples: random access to dicts of arrays, all of one shape.
    batch_size: B.
    seed: of the order, which is the one that the same set has when it lives on the device.
  """

  def __init__(self, examples: Any, batch_size: int, seed: int, threads: int = 16, ahead: int = 64):
    self._examples, self._batch_size = examples, batch_size
    self._order = Order(len(examples), seed)
    self._options = grain.ReadOptions(num_threads=threads, prefetch_buffer_size=ahead)
    self._next, self._iterator = None, None

  def __call__(self, first: int, count: int) -> dict[str, np.ndarray]:
    """Minibatches first .. first + count - 1: a dict of arrays [count, B, ...]."""
    if first != self._next:
      self._iterator = iter(self._minibatches(first))
    self._next = first + count
    minibatches = [next(self._iterator) for _ in range(count)]
    return {name: np.stack([m[name] for m in minibatches]) for name in minibatches[0]}

  def _minibatches(self, first):
    endless = 1 << 62
    places = grain.MapDataset.range(first * self._batch_size, endless)
    examples = places.map(lambda place: self._examples[self._order[place : place + 1][0]])
    return examples.batch(self._batch_size).to_iter_dataset(self._options)
