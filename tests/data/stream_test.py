import chex
import numpy as np
import pytest

from wgan_jax.data.source import Order
from wgan_jax.data.stream import Stream


class Squares:
  """Random access to {'image': [i, i * i]}, with a note of what was read."""

  def __init__(self, n):
    self._n, self.read = n, []

  def __len__(self):
    return self._n

  def __getitem__(self, i):
    assert 0 <= i < self._n
    self.read.append(int(i))
    return {'image': np.array([i, i * i])}


@pytest.fixture
def stream():
  return Stream(Squares(10), 3, seed=1, threads=2, ahead=4)


def test_minibatches_hold_the_samples_of_the_order(stream):
  feed = stream(0, 7)
  chex.assert_shape(feed['image'], (7, 3, 2))
  expected = Order(10, 1)[0:21].reshape(7, 3)
  np.testing.assert_array_equal(feed['image'], np.stack([expected, expected**2], axis=-1))


@pytest.mark.parametrize('first', [1, 2, 5, 100])
def test_a_stream_resumed_anywhere_gives_what_an_unbroken_one_does(stream, first):
  expected = Order(10, 1)[first * 3 : (first + 2) * 3].reshape(2, 3)
  np.testing.assert_array_equal(stream(first, 2)['image'][..., 0], expected)


def test_calls_in_a_row_are_one_call():
  whole = Stream(Squares(10), 3, seed=1)(0, 6)
  stream = Stream(Squares(10), 3, seed=1)
  parts = [stream(0, 1)['image'], stream(1, 3)['image'], stream(4, 2)['image']]
  np.testing.assert_array_equal(np.concatenate(parts), whole['image'])


def test_going_back_gives_the_same_again(stream):
  first = stream(0, 3)
  stream(3, 2)
  chex.assert_trees_all_equal(stream(0, 3), first)


def test_calls_in_a_row_read_nothing_twice():
  examples = Squares(1000)
  stream = Stream(examples, 3, seed=1, threads=1, ahead=1)
  for i in range(20):
    stream(i, 1)
  assert 60 <= len(examples.read) <= 60 + 3 * 4
  assert len(set(examples.read)) == len(examples.read)
