import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from wgan_jax.engine import play_round, play_rounds, play_turn
from wgan_jax.networks.mlp import MlpCritic, MlpGenerator

KEY = jax.random.key(5)


@pytest.fixture(scope='module')
def play(make_play):
  """Its draw adds noise from the keys and from resident data, so that both have to arrive."""

  def draw(resident, minibatch, keys):
    return {'image': minibatch['image'] + resident + 0.1 * jax.vmap(lambda k: jax.random.normal(k, (2,)))(keys)}

  return make_play(ema_decay=0.8, ema_start=3)._replace(draw=draw)


@pytest.fixture(scope='module')
def feed(make_feed):
  return make_feed(6, 3, 8)


@pytest.fixture(scope='module')
def state(play, feed, begin):
  return begin(play, {'image': feed['image'][0, 0]})


@pytest.fixture(scope='module')
def one(play):
  return jax.jit(lambda state, feed, key=KEY: play_round(play, state, feed, key, jnp.float32(0.5)))


@pytest.fixture(scope='module')
def many(play):
  return jax.jit(lambda state, feed, n: play_rounds(play, state, feed, KEY, n, jnp.float32(0.5)))


@pytest.fixture(scope='module')
def history(one, state, feed):
  """[(state, metrics)] of six rounds, called one by one."""
  rounds = []
  for i in range(6):
    rounds.append(one(rounds[-1][0] if rounds else state, jax.tree.map(lambda x, i=i: x[i], feed)))
  return rounds


def test_rounds_in_one_program_are_rounds_one_by_one(many, history, state, feed):
  end, metrics, played = many(state, feed, 6)
  assert played == end.step == 6
  chex.assert_trees_all_close(end, history[-1][0], rtol=1e-4, atol=1e-5)
  stacked = jax.tree.map(lambda *x: jnp.stack(x), *(m for _, m in history))
  chex.assert_trees_all_close(metrics, stacked, rtol=1e-4, atol=1e-5)


def test_bits_do_not_depend_on_where_a_run_is_cut(many, state, feed):
  whole, metrics, _ = many(state, feed, 6)
  first, metrics_of_2, _ = many(state, feed, 2)
  rest, metrics_of_4, _ = many(first, jax.tree.map(lambda x: np.roll(x, -2, axis=0), feed), 4)
  chex.assert_trees_all_equal(whole, rest)
  cut = jax.tree.map(lambda a, b: jnp.concatenate([a[:2], b[:4]]), metrics_of_2, metrics_of_4)
  chex.assert_trees_all_equal(metrics, cut)


def test_rounds_end_with_the_first_that_is_not_finite(many, state, feed):
  broken = {'image': feed['image'].copy()}
  broken['image'][2, 1] = np.nan
  end, metrics, played = many(state, broken, 6)
  assert played == end.step == 3
  for values in jax.tree.leaves(metrics):
    assert np.isfinite(values[:2]).all() and (values[3:] == 0).all()
  assert np.isnan(metrics['critic_loss'][2])


def test_rounds_end_with_the_first_that_leaves_a_parameter_not_finite(make_play, make_feed, begin):
  # The loss and its gradient are finite still: only the update is too large.
  play = make_play()
  play.optimizers['generator_loss'] = optax.chain(optax.scale(-1e30), optax.scale(1e30))
  feed = make_feed(4, 3, 8)
  state = begin(play, {'image': feed['image'][0, 0]})
  end, metrics, played = jax.jit(lambda state, feed: play_rounds(play, state, feed, KEY, 4))(state, feed)
  assert played == end.step
  assert not all(np.isfinite(x).all() for x in jax.tree.leaves(end.params))
  assert all(np.isfinite(values[:played]).all() for values in jax.tree.leaves(metrics)) and played < 4


def test_fewer_rounds_than_the_feed_holds_leave_the_rest_alone(many, history, state, feed):
  end, metrics, played = many(state, feed, 2)
  assert played == end.step == 2
  chex.assert_trees_all_close(end.params, history[1][0].params, rtol=1e-4, atol=1e-5)
  assert (metrics['critic_loss'][2:] == 0).all()


def test_averages_follow_the_generator_from_their_start_on(history, state):
  average = jax.tree.map(np.float64, {'params': state.params, 'batch_stats': state.collections['batch_stats']})
  average = {name: {'generator': tree['generator']} for name, tree in average.items()}
  chex.assert_trees_all_equal(jax.tree.map(np.float64, state.ema), average)
  for step, (state, _) in enumerate(history, start=1):
    now = {'params': state.params, 'batch_stats': state.collections['batch_stats']}
    decay = 0 if step < 3 else 0.8
    now = {name: {'generator': tree['generator']} for name, tree in now.items()}
    average = jax.tree.map(lambda a, x, d=decay: d * a + (1 - d) * np.float64(x), average, now)
    chex.assert_trees_all_close(state.ema, jax.tree.map(np.float32, average), rtol=1e-5, atol=1e-6)


def test_metrics_are_losses_values_and_gradient_norms_by_name(history):
  assert set(history[0][1]) == {
    'critic_loss',
    'w1_estimate',
    'penalty',
    'generator_loss',
    'gradient_norm/critic_loss/critic',
    'gradient_norm/generator_loss/generator',
  }
  for name, value in history[0][1].items():
    chex.assert_shape(value, ())
    assert name == 'w1_estimate' or value != 0


def test_gradient_norm_is_how_far_plain_descent_goes(make_play, make_feed, begin):
  play, batch = make_play(optax.sgd(0.5)), make_feed(8)
  before = begin(play, batch)
  after, metrics = jax.jit(lambda state: play_turn(play, play.game.turns[0], state, batch, KEY))(before)
  moved = jax.tree.leaves(jax.tree.map(lambda a, b: np.sum((a - b) ** 2.0), before.params, after.params))
  np.testing.assert_allclose(metrics['gradient_norm/critic_loss/critic'], 2 * np.sqrt(sum(moved)), rtol=1e-5)


def test_a_round_is_a_pure_function_of_state_feed_and_key(one, history, state, feed):
  minibatches = jax.tree.map(lambda x: x[0], feed)
  chex.assert_trees_all_equal(one(state, minibatches), history[0])
  other = one(state, minibatches, jax.random.key(6))
  later = one(state.replace(step=jnp.int32(1)), minibatches)
  for different in (other, later):
    assert different[1]['critic_loss'] != history[0][1]['critic_loss']


def test_a_feed_of_another_length_than_the_turns_is_an_error(play, state, feed):
  with pytest.raises(AssertionError, match='3'):
    play_round(play, state, {'image': feed['image'][0, :2]}, KEY, jnp.float32(0.5))


def test_seeds_under_vmap_are_runs_of_their_own(play, one, begin, feed):
  minibatches = jax.tree.map(lambda x: x[0], feed)
  states = [begin(play, {'image': minibatches['image'][0]}, seed) for seed in (1, 2)]
  keys = jax.random.split(KEY)
  alone = [one(state, minibatches, key) for state, key in zip(states, keys, strict=True)]

  def stack(*trees):
    return jax.tree.map(lambda *x: jnp.stack(x), *trees)

  together = jax.vmap(one, (0, None, 0))(stack(*states), minibatches, keys)
  chex.assert_trees_all_close(together, stack(*alone), rtol=1e-4, atol=1e-5)


def test_compiling_changes_nothing(make_play, make_feed, begin):
  play = make_play(generator=MlpGenerator((2,), 4, 1), critic=MlpCritic(4, 1), n_critic=1)
  feed = make_feed(2, 8)
  state = begin(play, {'image': feed['image'][0]})
  compiled = jax.jit(lambda state: play_round(play, state, feed, KEY))(state)
  with jax.disable_jit():
    bare = play_round(play, state, feed, KEY)
  chex.assert_trees_all_close(bare, compiled, rtol=1e-4, atol=1e-6)


def test_turns_given_are_the_turns_played(play, state, feed):
  feed, turns = {'image': feed['image'][0, :1]}, play.game.turns[1:]
  end, metrics = jax.jit(lambda state: play_round(play, state, feed, KEY, jnp.float32(0.5), turns))(state)
  assert set(metrics) == {'generator_loss', 'gradient_norm/generator_loss/generator'}
  chex.assert_trees_all_equal(end.params['critic'], state.params['critic'])
