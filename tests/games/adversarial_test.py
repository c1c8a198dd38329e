import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from wgan_jax.engine import play_round, play_turn
from wgan_jax.objectives import Objective, wasserstein
from wgan_jax.penalties import gradient_penalty, no_penalty

KEY = jax.random.key(7)


class Label(nn.Module):
  """Sees nothing but the label: (anything, label [B]) -> [B] or, as a generator, [B, 2]."""

  shape: tuple[int, ...] = ()

  @nn.compact
  def __call__(self, x, label, *, train):
    del train
    assert x.shape[0] == label.shape[0]
    scale = self.param('scale', nn.initializers.ones, ())
    return scale * jnp.broadcast_to(label.reshape(-1, *(1,) * len(self.shape)), (label.size, *self.shape)).astype(float)


@pytest.fixture(scope='module')
def one_turn(make_play, make_feed, begin):
  """(state before, state after) of one turn of the tiny game: 0 is the critic's, 1 the generator's."""

  def play(index, **fields):
    play = make_play(optax.sgd(1e-2), **fields)
    batch = make_feed(8)
    before = begin(play, batch)
    turn = jax.jit(lambda state, batch: play_turn(play, play.game.turns[index], state, batch, KEY))
    return before, turn(before, batch)[0]

  return play


def assert_all_move(before, after):
  for old, new in zip(jax.tree.leaves(before), jax.tree.leaves(after), strict=True):
    assert old.size == 1 or jnp.max(jnp.abs(old - new)) > 1e-6, old


@pytest.mark.parametrize('index, learns, stays', [(0, 'critic', 'generator'), (1, 'generator', 'critic')])
def test_a_turn_moves_what_it_learns_and_nothing_else(one_turn, index, learns, stays):
  before, after = one_turn(index)
  assert_all_move(before.params[learns]['Dense_0']['kernel'], after.params[learns]['Dense_0']['kernel'])
  chex.assert_trees_all_equal(after.params[stays], before.params[stays])
  for name, tree in before.collections.items():
    if learns in tree:
      assert_all_move(tree[learns], after.collections[name][learns])
    if stays in tree:
      chex.assert_trees_all_equal(after.collections[name][stays], tree[stays])
  assert int(after.step) == int(before.step) == 0


def test_a_penalty_moves_no_statistics_and_no_spectral_vectors(one_turn):
  _, penalised = one_turn(0, penalty=gradient_penalty(10.0))
  _, free = one_turn(0, penalty=no_penalty())
  chex.assert_trees_all_close(penalised.collections, free.collections, rtol=1e-6, atol=1e-7)
  assert_all_move(penalised.params['critic']['Dense_0'], free.params['critic']['Dense_0'])


@pytest.mark.parametrize('index, name', [(0, 'critic_loss'), (1, 'generator_loss')])
def test_a_turn_lowers_its_own_loss(make_play, make_feed, begin, index, name):
  play, batch = make_play(optax.sgd(1e-3)), make_feed(8)
  turn = jax.jit(lambda state: play_turn(play, play.game.turns[index], state, batch, KEY))
  state, first = turn(begin(play, batch))
  # The spectral vectors turn beneath the loss; put them back, so that only what was learned differs.
  _, second = turn(state.replace(collections=begin(play, batch).collections))
  assert second[name] < first[name]


def test_n_critic_repeats_are_turns_one_by_one_on_fresh_minibatches(make_play, make_feed, begin):
  # A prior that ignores its keys and no penalty: nothing is drawn, so that the keys of the two ways do not matter.
  # The generator's half looks at real logits too, so that it matters which minibatch its turn gets.
  objective = Objective(wasserstein().critic, lambda real, fake: jnp.tanh(real - fake))
  constant = {'prior': lambda keys: jnp.sin(jnp.arange(3.0 * len(keys))).reshape(-1, 3), 'penalty': no_penalty()}
  play = make_play(objective=objective, n_critic=3, **constant)
  feed = make_feed(4, 8)
  state = begin(play, {'image': feed['image'][0]})
  together, told = jax.jit(lambda state: play_round(play, state, feed, KEY))(state)
  turn = jax.jit(lambda state, batch, i: play_turn(play, play.game.turns[i], state, batch, KEY), static_argnums=2)
  last = {}
  for minibatch, index in zip(feed['image'], (0, 0, 0, 1), strict=True):
    state, metrics = turn(state, {'image': minibatch}, index)
    last.update(metrics)
  chex.assert_trees_all_close(together.params, state.params, rtol=1e-5, atol=1e-6)
  chex.assert_trees_all_close(together.collections, state.collections, rtol=1e-5, atol=1e-6)
  chex.assert_trees_all_close(told, last, rtol=1e-4, atol=1e-6)


def test_losses_and_metrics_are_the_means_of_their_formulas(make_play):
  # Critic: the label itself. Generator: the label, twice. So each loss is known by hand.
  # The penalty sees real samples (5), generated ones (the label) and a critic that knows the label.
  def penalty(critic, real, fake, keys):
    return real[:, 0] + fake[:, 0] * critic(fake)

  game = make_play(generator=Label((2,)), critic=Label(), penalty=penalty).game
  batch = {'image': jnp.full((4, 2), 5.0), 'label': jnp.array([1, 2, 3, 6])}
  variables = game.init(KEY, batch)
  loss, metrics = game.apply(variables, batch, method='critic_loss', rngs={'params': KEY})
  chex.assert_trees_all_close((loss, metrics), (17.5, {'w1_estimate': 0.0, 'penalty': 17.5}))
  loss, metrics = game.apply(variables, batch, method='generator_loss', rngs={'params': KEY})
  chex.assert_trees_all_close((loss, metrics), (-3.0, {}))


def test_networks_train_in_the_losses_and_neither_in_penalties_nor_in_sampling(make_play):
  seen = []

  class Generator(nn.Module):
    def __call__(self, z, label=None, *, train):
      seen.append(('G', train))
      return jnp.zeros((len(z), 2))

  class Critic(nn.Module):
    def __call__(self, x, label=None, *, train):
      seen.append(('C', train))
      return jnp.zeros(len(x))

  game = make_play(generator=Generator(), critic=Critic(), penalty=lambda critic, real, fake, keys: critic(fake)).game
  calls = {
    'critic_loss': [('G', True), ('C', True), ('C', True), ('C', False)],
    'generator_loss': [('C', True), ('G', True), ('C', True)],
  }
  for loss, expected in calls.items():
    seen.clear()
    game.apply({}, {'image': jnp.zeros((4, 2))}, method=loss, rngs={'params': KEY})
    assert seen == expected
  seen.clear()
  game.apply({}, 3, method='sample', rngs={'params': KEY})
  assert seen == [('G', False)]


def test_the_generators_turn_draws_as_many_fakes_per_real_as_asked(make_play):
  shapes = []
  objective = Objective(wasserstein().critic, lambda real, fake: shapes.append((real.shape, fake.shape)) or -fake)
  game = make_play(
    generator=Label((2,)), critic=Label(), penalty=no_penalty(), objective=objective, fakes_per_real=3
  ).game
  batch = {'image': jnp.zeros((2, 2)), 'label': jnp.array([1, 4])}
  variables = game.init(KEY, batch)
  loss, _ = game.apply(variables, batch, method='generator_loss', rngs={'params': KEY})
  assert shapes[-1] == ((6,), (6,))
  assert loss == -2.5


def test_the_critics_loss_has_no_gradient_for_the_generator(make_play, make_feed, begin):
  play, batch = make_play(), make_feed(8)
  variables = begin(play, batch).variables()
  options = {'method': 'critic_loss', 'rngs': {'params': KEY}, 'mutable': ['batch_stats', 'spectral']}

  def loss(params):
    return play.game.apply({**variables, 'params': params}, batch, **options)[0][0]

  gradients = jax.jit(jax.grad(loss))(variables['params'])
  assert optax.tree.norm(gradients['generator']) == 0 < optax.tree.norm(gradients['critic'])


def test_sampling_learns_nothing_and_each_sample_is_its_own(make_play, make_feed, begin):
  play = make_play()
  variables = begin(play, make_feed(8)).variables()

  def draw(n):
    return play.game.apply(variables, n, method='sample', rngs={'params': KEY}, mutable=['batch_stats', 'spectral'])

  (many, moved), (few, _) = draw(6), draw(2)
  chex.assert_shape(many, (6, 2))
  chex.assert_trees_all_close(many[:2], few, rtol=1e-6)
  chex.assert_trees_all_equal(moved, {name: variables[name] for name in moved})
  assert len(np.unique(many, axis=0)) == 6
