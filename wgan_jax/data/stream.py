"""Streaming a set that does not fit on the device, with grain: decoded by threads, ahead of the training."""

from typing import Any

import grain
import numpy as np

from wgan_jax.data.source import WHOLE, Order


class Stream:
  """The feed of a streamed set: a pure function of (first, count, share), with an iterator underneath.

  Calls that follow one another find their minibatches decoded already; any other call merely starts a new iterator
  where it points, so that a resumed run sees what an uninterrupted one would. Only the share is read.

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

  def __call__(self, first: int, count: int, share: tuple[int, int] = WHOLE) -> dict[str, np.ndarray]:
    """Of minibatches first .. first + count - 1, of each the i-th of n parts: a dict of arrays [count, B / n, ...]."""
    if (first, share) != self._next:
      self._iterator = iter(self._minibatches(first, share))
    self._next = first + count, share
    minibatches = [next(self._iterator) for _ in range(count)]
    return {name: np.stack([m[name] for m in minibatches]) for name in minibatches[0]}

  def _minibatches(self, first, share):
    (part, parts), endless = share, 1 << 62
    size = self._batch_size // parts

    def example(number):
      minibatch, row = divmod(number, size)
      place = minibatch * self._batch_size + part * size + row
      return self._examples[self._order[place : place + 1][0]]

    return grain.MapDataset.range(first * size, endless).map(example).batch(size).to_iter_dataset(self._options)
