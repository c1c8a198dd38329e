import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from wgan_jax.augmentations import Augmentation, ada, instance_noise
from wgan_jax.engine import Play, initial_state, play_round, play_turn
from wgan_jax.game import frozen
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.keys import sample_keys
from wgan_jax.networks.augmented import Augmented
from wgan_jax.networks.mlp import MlpCritic, MlpGenerator
from wgan_jax.objectives import wasserstein
from wgan_jax.parallel import AXIS, cut, everywhere, over_devices

KEY, DEVICES = jax.random.key(11), jax.devices()[:8]
X = jax.random.normal(jax.random.key(1), (6, 2))
# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})


def numbers(keys):
  """[B, 2] in [0, 1), straight from the keys, for compiling a generator of random numbers takes long."""
  return jax.random.key_data(keys) / 2.0**32


# Noise on points, whose strength the signs move by 0.1 in each update.
NOISE = Augmentation(lambda x, keys, strength: x + strength * numbers(keys), 0.5, ada(16, 0.0, 160).adapt)


class Adapting(Adversarial):
  """A game whose critic's turn adapts what the critic looks through, and penalises it behind the same noise."""

  def critic_loss(self, batch):
    real, key = batch['image'], self.make_rng('augment')
    fake = jax.lax.stop_gradient(self.generator(self.latent(real.shape[0]), train=True))
    real_logits, fake_logits = self.critic(real, train=True), self.critic(fake, train=True)
    self.critic.adapt(real_logits)
    critic = frozen(self.critic)
    penalty = jnp.mean(critic(real, rngs={'augment': key}) ** 2)
    metrics = {'sign': jnp.mean(jnp.sign(real_logits)), 'penalty': penalty}
    return jnp.mean(fake_logits) - jnp.mean(real_logits) + penalty, metrics


def play_on(axis_name):
  critic = Augmented(MlpCritic(8, 1), NOISE, axis_name)
  networks = {'generator': MlpGenerator((2,), 8, 1), 'critic': critic}
  game = Adapting(**networks, prior=numbers, objective=wasserstein(), n_critic=2, axis_name=axis_name)
  return Play(game, {turn.loss: optax.sgd(0.05) for turn in game.turns})


@pytest.fixture(scope='module')
def start():
  """The state of a game before its first round."""
  return quick(lambda key: initial_state(play_on(None), {'image': X}, key))(KEY)


@pytest.fixture(scope='module')
def turns():
  """(critic's turn, generator's turn), (state, batch, key) -> (state, metrics)."""
  play = play_on(None)
  return [quick(functools.partial(play_turn, play, turn)) for turn in play.game.turns]


def memory_of(state):
  return jax.device_get(state.collections['memory']['critic'])


@pytest.fixture(scope='module')
def bound():
  """(Augmented, its variables) around a network that hands its input back."""
  critic = Augmented(lambda x, label=None, *, train: (x, label, train), NOISE)
  return critic, critic.init(KEY, X, train=True)


def test_it_begins_at_the_initial_strength_and_nothing_moves_while_initialising(bound, start):
  expected = {'strength': jnp.float32(0.5), 'updates': jnp.int32(0), 'sign': jnp.float32(0)}
  chex.assert_trees_all_equal(bound[1]['memory'], expected)
  chex.assert_trees_all_equal(memory_of(start), expected)
  chex.assert_trees_all_equal_dtypes(memory_of(start), expected)


def test_it_passes_on_what_it_does_not_augment(bound):
  critic, variables = bound
  x, label, train = critic.apply(variables, X, 'label', train=False, rngs={'params': KEY})
  assert x is X and label == 'label' and train is False


@pytest.mark.parametrize('train, stream', [(True, 'params'), (True, 'augment'), (False, 'augment')])
def test_in_training_or_where_the_stream_is_given_it_augments_by_its_strength_of_now(bound, train, stream):
  critic, variables = bound
  variables = {'memory': {**variables['memory'], 'strength': jnp.float32(0.25)}}
  x, *_ = critic.apply(variables, X, train=train, rngs={stream: KEY})
  key = critic.apply(variables, method=lambda module: module.make_rng('augment'), rngs={stream: KEY})
  chex.assert_trees_all_close(x, NOISE.apply(X, sample_keys(key, 6), jnp.float32(0.25)), rtol=1e-6)


def adapt(variables, logits, mutable=('memory',), augmentation=NOISE):
  critic = Augmented(MlpCritic(8, 1), augmentation)
  _, moved = critic.apply(variables, logits, method='adapt', mutable=list(mutable))
  return {**variables, **moved}


def test_the_strength_follows_the_sign_of_the_update_before(bound):
  _, variables = bound
  first = adapt(variables, jnp.array([1.0, 2.0, 3.0, -1.0]))
  chex.assert_trees_all_equal(
    first['memory'], {'strength': jnp.float32(0.5), 'updates': jnp.int32(1), 'sign': jnp.float32(0.5)}
  )
  second = adapt(first, jnp.array([-4.0, -1.0]))['memory']
  np.testing.assert_allclose([second['strength'], second['updates'], second['sign']], [0.6, 2, -1], rtol=1e-6)


def test_noise_is_gone_after_so_many_updates(bound):
  _, variables = bound
  noise, strengths = instance_noise(sigma=0.8, updates=4), []
  for _ in range(5):
    variables = adapt(variables, jnp.ones(3), augmentation=noise)
    strengths.append(float(variables['memory']['strength']))
  np.testing.assert_allclose(strengths, [0.6, 0.4, 0.2, 0, 0], atol=1e-6)


def test_where_the_memory_may_not_move_it_stays(bound):
  _, variables = bound
  chex.assert_trees_all_equal(adapt(variables, jnp.ones(3), mutable=()), variables)


def test_the_memory_moves_in_the_critics_turns_only(start, turns):
  once, metrics = turns[0](start, {'image': X}, KEY)
  twice, _ = turns[0](once, {'image': X}, KEY)
  assert abs(metrics['sign']) > 0.1
  expected = {'strength': 0.5, 'updates': 1, 'sign': metrics['sign']}
  chex.assert_trees_all_close(memory_of(once), jax.tree.map(np.asarray, expected), rtol=1e-6)
  np.testing.assert_allclose(memory_of(twice)['strength'], 0.5 + 0.1 * np.sign(metrics['sign']), rtol=1e-6)
  after, _ = turns[1](twice, {'image': X}, KEY)
  chex.assert_trees_all_equal(memory_of(after), memory_of(twice))


def test_the_critic_in_a_game_sees_noise_in_both_turns_and_frozen_where_it_is_given_keys(start, turns):
  silent = {'memory': {'critic': {**memory_of(start), 'strength': jnp.float32(0)}}}
  for turn, names in zip(turns, (('critic_loss', 'penalty'), ('generator_loss',)), strict=True):
    (_, noisy), (_, clear) = (turn(s, {'image': X}, KEY) for s in (start, start.replace(collections=silent)))
    assert all(abs(noisy[name] - clear[name]) > 1e-4 for name in names)


def test_eight_devices_end_where_one_does(start, turns):
  batch = {'image': np.random.default_rng(0).normal(0.3, 1, (16, 2)).astype(np.float32)}
  play = play_on(AXIS)

  def program(state, feed, key, n, resident):
    return play_turn(play, play.game.turns[0], state, {'image': feed['image'][0, 0]}, key)

  many = over_devices(program, DEVICES)
  feed = cut({'image': batch['image'][None, None]}, DEVICES)
  one, eight = start, start
  for _ in range(3):
    one, _ = turns[0](one, batch, KEY)
    eight, _ = many(everywhere(eight, DEVICES), feed, KEY, 1, None)
  assert memory_of(eight)['updates'] == 3
  assert abs(memory_of(one)['strength'] - 0.5) > 0.15 and abs(memory_of(one)['sign']) < 1
  chex.assert_trees_all_close(eight, one, rtol=1e-5, atol=1e-5)


def test_it_plays_in_any_game_of_two(make_play, make_feed):
  play, feed = make_play(critic=Augmented(MlpCritic(8, 1), instance_noise())), make_feed(3, 8)
  before = jax.eval_shape(functools.partial(initial_state, play), {'image': feed['image'][0]}, KEY)
  after, _ = jax.eval_shape(functools.partial(play_round, play), before, feed, KEY)
  chex.assert_trees_all_equal_shapes_and_dtypes(after, before)
  assert set(before.params['critic']) == {'network'}
