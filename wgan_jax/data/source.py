"""What training asks of data, and the order in which finite data are shown."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

WHOLE = 0, 1  # the share of who is alone


class Source(NamedTuple):
  """Data for training: the host feeds, the device draws.

  shape: of one sample, (H, W, C) for images, (2,) for points.
  feed: (first minibatch, count, share=WHOLE) -> tree of host arrays [count, B, ...], a pure function of its arguments
    and the seed. share: (i, n) for the i-th of n equal parts of each minibatch alone, [count, B / n, ...].
  draw: (resident, minibatch [B, ...], keys [B]) -> Batch, jitted inside the round.
  resident: a tree of arrays that stay on the device all along; None where nothing does.
  density: the exact density of toy data, None for images.
  classes: kinds of labels, 0 for none.
  size: samples there are, 0 where fresh ones are drawn without end.
  """

  shape: tuple[int, ...]
  feed: Callable[..., Any]
  draw: Callable
  resident: Any = None
  density: Any = None
  classes: int = 0
  size: int = 0

  def facts(self) -> dict[str, Any]:
    """What a run depends on and its config does not say, by key."""
    return {'data.found.shape': list(self.shape), 'data.found.samples': self.size, 'data.found.classes': self.classes}


def shared(minibatches: np.ndarray, share: tuple[int, int]) -> np.ndarray:
  """The i-th of n parts of each minibatch: [count, B, ...] -> [count, B / n, ...]."""
  i, n = share
  size = minibatches.shape[1] // n
  return minibatches[:, i * size : (i + 1) * size]


class Order:
  """An endless sequence of epochs over `size` samples, each freshly shuffled: every sample once before any twice."""

  def __init__(self, size: int, seed: int):
    self._size = size
    self._epoch = functools.lru_cache(maxsize=2)(lambda epoch: _permutation(size, seed, epoch))

  def __getitem__(self, span: slice) -> np.ndarray:
    """Indices [stop - start] int32 of the samples at these places of the sequence."""
    places = np.arange(span.start, span.stop)
    epochs = places // self._size
    chunks = [self._epoch(int(e))[places[epochs == e] % self._size] for e in np.unique(epochs)]
    return np.concatenate(chunks)


def _permutation(size: int, seed: int, epoch: int) -> np.ndarray:
  return np.random.Generator(np.random.Philox(key=[seed, epoch])).permutation(size).astype(np.int32)
