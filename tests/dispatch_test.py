import jax
import numpy as np
import pytest

from wgan_jax.data.source import Source
from wgan_jax.dispatch import Dispatcher, pick_devices, starting_state
from wgan_jax.errors import UserError
from wgan_jax.games.adversarial import Warmup
from wgan_jax.parallel import AXIS, everywhere


def test_devices_share_a_batch_evenly_or_say_what_would():
  assert len(pick_devices(0, 16)) == 8
  assert len(pick_devices(3, 9)) == 3
  with pytest.raises(UserError, match=r'10 does not divide over 8 devices: .*batch_size=16, .*train.devices=5'):
    pick_devices(0, 10)
  with pytest.raises(UserError, match=r'train.devices=9, but this machine has 8'):
    pick_devices(9, 9)


def test_micro_batches_share_what_a_device_has_or_say_what_would_do():
  assert len(pick_devices(2, 24, 4)) == 2
  with pytest.raises(UserError, match=r'12 samples on a device .* 8 micro-batches: .*batch_size=32, .*accumulate=6'):
    pick_devices(2, 24, 8)
  with pytest.raises(UserError, match=r'10 does not divide over 4 devices: .*batch_size=12, .*train.devices=2'):
    pick_devices(4, 10, 3)


def test_minibatches_follow_one_another_through_long_and_short_rounds(make_play, make_feed):
  """Warm-up rounds take more of them; none is skipped and none seen twice, however rounds are dispatched."""
  asked = []

  def feed(first, count, share=(0, 1)):
    asked.extend(range(first, first + count))
    return make_feed(count, 4)

  play = make_play(warmup=Warmup(repeats=5, first_rounds=2, every=4), axis_name=AXIS)
  play = play._replace(draw=lambda resident, minibatch, keys: minibatch)
  source, devices = Source((2,), feed, play.draw), jax.local_devices()[:2]
  state = everywhere(jax.jit(starting_state(play, source, 0, 2))(), devices)
  asked.clear()
  dispatcher, step = Dispatcher(play, source, 0, devices, capacity=3), 0
  lengths = []
  while step < 9:
    n = dispatcher.alike(step, 9 - step)
    state, history = dispatcher(state, step, n)
    assert {len(values) for values in history.values()} == {n}
    lengths.append(n)
    step += n
  # Rounds 0, 1, 4 and 8 are long; at most three go together.
  assert lengths == [2, 2, 1, 3, 1]
  assert asked == list(range(4 * (5 + 1) + 5 * (2 + 1)))
  assert int(state.step) == 9


def test_a_round_that_is_not_finite_is_the_last_one(make_play, make_feed):
  def feed(first, count, share=(0, 1)):
    minibatches = make_feed(count, 4)
    minibatches['image'][(np.arange(first, first + count) >= 6)] = np.nan
    return minibatches

  play = make_play(axis_name=AXIS)
  source, devices = Source((2,), feed, play.draw), jax.local_devices()[:1]
  state = everywhere(jax.jit(starting_state(play, source, 0, 4))(), devices)
  _, history = Dispatcher(play, source, 0, devices, capacity=5)(state, 0, 5)
  assert np.isfinite(history['critic_loss']).tolist() == [True, True, False]
