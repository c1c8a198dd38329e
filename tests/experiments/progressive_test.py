"""The recipe for CIFAR-10, and a turn of it at its real size, which is traced and not computed."""

import functools

import chex
import jax
import jax.numpy as jnp

from experiments import progressive_cifar
from wgan_jax import build, config
from wgan_jax.engine import initial_state, play_turn

RECIPE = {
  'data.batch_size': 16,
  'prior.dim': 128,
  'generator.width': 128,
  'critic.width': 128,
  'game.growth.stable': 400_000,
  'game.growth.fade': 400_000,
  'game.n_critic': 1,
  'game.penalty.name': 'gradient_penalty',
  'game.penalty.target': 750.0,
  'game.penalty.drift': 1e-3,
  'optimizer.critic_loss.learning_rate': 1e-3,
  'optimizer.generator_loss.b1': 0.0,
  'optimizer.generator_loss.b2': 0.99,
  'ema.decay': 0.999,
}


def test_it_is_the_papers_recipe():
  found = config.flat(progressive_cifar.get_config())
  assert {key: found[key] for key in RECIPE} == RECIPE
  assert found['game.penalty.weight'] * found['game.penalty.target'] ** 2 == 10
  assert found['train.steps'] * found['data.batch_size'] == 20_000_000


def test_a_turn_at_its_real_size_leaves_a_state_of_the_same_shapes():
  play = build.build_play(progressive_cifar.get_config(), (32, 32, 3))
  batch = {'image': jnp.zeros((16, 32, 32, 3)), 'level': jnp.zeros(16)}

  @functools.partial(jax.vmap, axis_name='batch')
  def turn(batch):
    before = initial_state(play, batch, jax.random.key(0))
    return before, play_turn(play, play.game.turns[0], before, batch, jax.random.key(1))[0]

  before, after = jax.eval_shape(turn, jax.tree.map(lambda x: x[None], batch))
  chex.assert_trees_all_equal_shapes_and_dtypes(after, before)
  for network in ('generator', 'critic'):
    assert set(before.params[network]) >= {'4x4', '8x8', '16x16', '32x32'}
