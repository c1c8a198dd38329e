"""Games with a memory of their own, which travels with the statistics of the networks."""

import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax

from wgan_jax.engine import Play, initial_state, play_round, play_rounds
from wgan_jax.game import Game, Turn
from wgan_jax.parallel import AXIS, cut, everywhere, over_devices

KEY, DEVICES = jax.random.key(5), jax.devices()[:8]


class Diary(Game):
  """Writes down what it draws in every update, and what came of the keys that `draw` got."""

  network: nn.Module = nn.Dense(1)

  def setup(self):
    self.diary = self.variable('memory', 'diary', jnp.zeros, (5, 3))
    self.count = self.variable('memory', 'count', jnp.zeros, (), jnp.int32)

  @property
  def turns(self):
    return Turn('first', ('network',), 3), Turn('second', ('network',), 2)

  @property
  def averaged(self):
    return ()

  def first(self, batch):
    if not self.is_initializing():
      drawn = jnp.stack([batch['image'][0, 0], batch['image'][1, 0], jax.random.normal(self.make_rng('latent'))])
      self.diary.value, self.count.value = self.diary.value.at[self.count.value].set(drawn), self.count.value + 1
    return jnp.sum(self.network(batch['image']) ** 2), {}

  second = first


def test_no_two_updates_of_a_round_and_no_two_samples_share_a_key():
  def draw(resident, minibatch, keys):
    return {'image': minibatch['image'] + jax.vmap(lambda key: jax.random.normal(key, (3,)))(keys)}

  play = Play(Diary(), {'first': optax.sgd(0.1), 'second': optax.sgd(0.1)}, draw)
  feed = {'image': jnp.zeros((5, 2, 3))}
  state = initial_state(play, {'image': feed['image'][0]}, KEY)
  state, _ = jax.jit(lambda state: play_round(play, state, feed, KEY))(state)
  memory = state.collections['memory']
  assert memory['count'] == 5
  assert len(np.unique(memory['diary'])) == 15


class Remembering(Game):
  """Remembers the mean of the images it saw, and how many updates there were."""

  network: nn.Module = nn.Dense(1)

  def setup(self):
    self.mean = self.variable('memory', 'mean', jnp.zeros, ())
    self.count = self.variable('memory', 'count', jnp.zeros, (), jnp.int32)

  @property
  def turns(self):
    return (Turn('loss', ('network',)),)

  @property
  def averaged(self):
    return ()

  def loss(self, batch):
    self.mean.value, self.count.value = jnp.mean(batch['image']), self.count.value + 1
    return jnp.sum(self.network(batch['image'])), {}


def test_a_games_own_memory_is_averaged_over_devices_and_its_counts_stay_counts():
  play = Play(Remembering(axis_name=AXIS), {'loss': optax.sgd(0.1)})
  images = np.random.default_rng(0).normal(size=(2, 1, 16, 3)).astype(np.float32)
  state = initial_state(play, {'image': images[0, 0]}, KEY)
  before = int(state.collections['memory']['count'])
  program = over_devices(functools.partial(play_rounds, play), DEVICES)
  state, _, _ = program(everywhere(state, DEVICES), cut({'image': images}, DEVICES), KEY, 2, None)
  memory = jax.device_get(state.collections['memory'])
  np.testing.assert_allclose(memory['mean'], images[1].mean(), rtol=1e-5)
  assert memory['count'] == before + 2 and memory['count'].dtype == np.int32
