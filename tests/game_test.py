import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
import pytest

from wgan_jax.game import Game, Turn, frozen
from wgan_jax.networks import layers, norms, spectral

X = jax.random.normal(jax.random.key(0), (6, 3))


class Network(nn.Module):
  """x [B, 3] -> [B], with batch statistics and a spectral vector."""

  @nn.compact
  def __call__(self, x, label=None, *, train):
    h = layers.Dense(4, reparameterize=spectral.spectral_norm, train=train)(x)
    return jnp.sum(jnp.tanh(norms.BatchNorm()(h, label, train=train)), axis=1)


class Duel(Game):
  """A game whose first loss is plain and whose second sees its network frozen."""

  network: nn.Module

  @property
  def turns(self):
    return Turn('plain', ('network',)), Turn('cold', ('network',))

  def plain(self, x):
    return jnp.sum(self.network(x, train=True) ** 2)

  def eager(self, x):
    return jnp.sum(self.network(x, train=False) ** 2)

  def cold(self, x):
    return jnp.sum(frozen(self.network)(x) ** 2)

  def slope(self, x):
    critic = frozen(self.network)
    return jnp.sum(jax.grad(lambda x: jnp.sum(critic(x)))(x) ** 2)


GAME = Duel(network=Network())
VARIABLES = GAME.init(jax.random.key(1), X)
# Initialisation leaves the spectral vector where power iteration no longer moves it; turn it away, so that it could.
VARIABLES['spectral'] = jax.tree.map(lambda u: jnp.ones(u.shape) / jnp.sqrt(u.size), VARIABLES['spectral'])


def play(method, params=VARIABLES['params']):
  return GAME.apply({**VARIABLES, 'params': params}, X, method=method, mutable=['batch_stats', 'spectral'])


@pytest.mark.parametrize('method', ['cold', 'slope'])
def test_frozen_moves_no_statistics(method):
  before = {name: tree for name, tree in VARIABLES.items() if name != 'params'}
  chex.assert_trees_all_equal(play(method)[1], before)


def test_a_training_call_moves_every_statistic():
  _, moved = play('plain')
  for name, tree in moved.items():
    for old, new in zip(jax.tree.leaves(VARIABLES[name]), jax.tree.leaves(tree), strict=True):
      assert jnp.max(jnp.abs(old - new)) > 1e-3, name


def test_frozen_computes_what_the_network_does_without_training():
  chex.assert_trees_all_close(play('cold')[0], play('eager')[0], rtol=1e-6)
  assert abs(play('cold')[0] - play('plain')[0]) > 1e-3


def test_gradients_reach_the_parameters_through_frozen():
  cold, eager = (jax.grad(lambda p, m=m: play(m, p)[0])(VARIABLES['params']) for m in ('cold', 'eager'))
  chex.assert_trees_all_close(cold, eager, rtol=1e-5)
  assert jnp.max(jnp.abs(cold['network']['Dense_0']['kernel'])) > 1e-3


def test_a_gradient_inside_a_loss_may_be_differentiated_again():
  gradient = jax.grad(lambda p: play('slope', p)[0])(VARIABLES['params'])
  assert jnp.max(jnp.abs(gradient['network']['Dense_0']['kernel'])) > 1e-3


def test_calling_a_game_plays_every_loss_of_its_turns():
  losses, _ = GAME.apply(VARIABLES, X, mutable=['batch_stats', 'spectral'])
  assert set(losses) == {'plain', 'cold'}


def test_a_game_must_say_its_turns_and_how_it_samples():
  with pytest.raises(NotImplementedError):
    _ = Game().turns
  with pytest.raises(NotImplementedError):
    Game().latent(1)
  with pytest.raises(NotImplementedError):
    Game().generate(X)


def test_rounds_are_all_alike_unless_a_game_says_otherwise():
  assert GAME.turns_at(0) == GAME.turns_at(1000) == GAME.turns


def test_updates_played_before_a_round_are_its_turns_repeats_so_often():
  assert GAME.played_before(3) == {'plain': 3, 'cold': 3}
