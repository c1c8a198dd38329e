import numpy as np
import pytest

from wgan_jax.data.source import Order


def test_each_epoch_shows_every_sample_once():
  places = Order(13, seed=0)[0 : 13 * 5]
  assert places.dtype == np.int32
  np.testing.assert_array_equal(np.sort(places.reshape(5, 13), axis=1), np.tile(np.arange(13), (5, 1)))


def test_each_epoch_is_shuffled_anew():
  epochs = Order(13, seed=0)[0 : 13 * 5].reshape(5, 13)
  assert len(np.unique(epochs, axis=0)) == 5
  assert not any((epoch == np.arange(13)).all() for epoch in epochs)


def test_an_order_is_a_function_of_its_seed():
  np.testing.assert_array_equal(Order(50, seed=4)[0:120], Order(50, seed=4)[0:120])
  assert (Order(50, seed=4)[0:120] != Order(50, seed=5)[0:120]).any()


@pytest.mark.parametrize('start, stop', [(0, 1), (5, 13), (12, 14), (20, 50), (39, 40), (64, 65)])
def test_a_slice_is_a_piece_of_the_whole(start, stop):
  whole = Order(13, seed=0)[0:65]
  fresh = Order(13, seed=0)
  np.testing.assert_array_equal(fresh[start:stop], whole[start:stop])


def test_slices_may_be_asked_for_in_any_sequence():
  order = Order(13, seed=0)
  late, early = order[40:60], order[0:20]
  np.testing.assert_array_equal(early, Order(13, seed=0)[0:20])
  np.testing.assert_array_equal(late, Order(13, seed=0)[40:60])


def test_every_sample_is_as_likely_at_every_place():
  # The mean of 2,000 draws of 0..9 has a standard deviation of 2.87 / sqrt(2000) = 0.064.
  means = np.mean([Order(10, seed)[0:10] for seed in range(2000)], axis=0)
  np.testing.assert_allclose(means, 4.5, atol=5 * 0.064)
