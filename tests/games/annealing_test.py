"""A penalty whose weight falls with the critic's updates, which the game counts."""

import chex
import jax
import numpy as np
import optax
import pytest

from wgan_jax.engine import play_round, play_turn
from wgan_jax.penalties import gradient_penalty
from wgan_jax.schedules import cosine

KEY = jax.random.key(3)


@pytest.fixture(scope='module')
def plays(make_play):
  """Of a penalty as it is, and of one that is halved at the second update and gone at the third."""
  still = optax.sgd(0.0)
  return make_play(still, penalty=gradient_penalty(1.0)), make_play(
    still, penalty=gradient_penalty(1.0), annealing=cosine(1.0, 0.0, 2)
  )


def test_the_penalty_is_multiplied_by_what_the_updates_before_say(plays, make_feed, begin):
  batch = make_feed(8)
  whole, annealed = (begin(play, batch) for play in plays)
  one, other = (jax.jit(lambda state, p=play: play_turn(p, p.game.turns[0], state, batch, KEY)) for play in plays)
  assert set(annealed.collections) - set(whole.collections) == {'memory'}
  for update, share in enumerate((1.0, 0.5, 0.0, 0.0)):
    assert annealed.collections['memory'] == {'penalised': update}
    whole, expected = one(whole)
    annealed, found = other(annealed)
    np.testing.assert_allclose(found['penalty'], share * expected['penalty'], rtol=1e-5, atol=1e-7)
    loss = expected['critic_loss'] - (1 - share) * expected['penalty']
    np.testing.assert_allclose(found['critic_loss'], loss, rtol=1e-5, atol=1e-6)


def test_the_generators_turn_does_not_count(plays, make_feed, begin):
  play = plays[1]
  feed = make_feed(3, 8)
  state = begin(play, {'image': feed['image'][0]})
  after, _ = jax.jit(lambda state: play_round(play, state, feed, KEY))(state)
  chex.assert_trees_all_equal(after.collections['memory'], {'penalised': np.int32(2)})
