"""The growing game: who is told the level and keeps it, what is sampled and what data it is played with."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments import progressive_digits
from wgan_jax import build
from wgan_jax.dispatch import starting_state
from wgan_jax.errors import UserError
from wgan_jax.parallel import AXIS
from wgan_jax.sampling import neighbours

WRAPPED = {
  'game.augment.name': 'instance_noise',
  'critic.conditioning': 'concatenate',
  'generator.conditioning': 'concatenate',
}
KEY = jax.random.key(2)


def make(changes):
  """A play on digits that grows from 8 images to 24, and its source."""
  config = progressive_digits.get_config()
  small = {'width': 2, 'minibatch_group': 2}
  for group in (config.generator, config.critic):
    group.update(small)
  config.game.penalty.update(name='none', drift=0.0)
  config.update_from_flattened_dict({'data.batch_size': 4, 'game.growth.stable': 8, 'game.growth.fade': 16, **changes})
  source = build.build_source(config)
  play = build.build_play(config, source.shape, source.classes)
  source = play.game.curriculum(source)
  return play._replace(draw=source.draw), source


def level_of(memory, network):
  tree = memory[network]
  while 'level' not in tree:
    tree = tree['network']
  return float(tree['level'])


def test_a_loss_sets_the_level_of_both_networks_inside_of_all_that_wraps_them():
  play, source = make(WRAPPED)
  fresh = starting_state(play, source, 0, 4)
  batch = {'image': jnp.zeros((4, 8, 8, 1)), 'label': jnp.arange(4), 'level': jnp.full(4, 0.3)}
  variables = jax.jit(fresh)().variables()
  assert level_of(variables['memory'], 'generator') == level_of(variables['memory'], 'critic') == 0
  for loss in ('critic_loss', 'generator_loss'):
    options = {'method': loss, 'rngs': {'params': KEY}, 'mutable': [name for name in variables if name != 'params']}
    apply = jax.vmap(lambda batch, options=options: play.game.apply(variables, batch, **options), axis_name=AXIS)
    (_, metrics), moved = jax.tree.map(lambda x: x[0], jax.jit(apply)(jax.tree.map(lambda x: x[None], batch)))
    levels = [level_of(moved['memory'], network) for network in ('generator', 'critic')]
    np.testing.assert_allclose(levels, 0.3, rtol=1e-6)
    np.testing.assert_allclose(metrics.get('level', 0.3), 0.3, rtol=1e-6)
    assert ('level' in metrics) == (loss == 'critic_loss')


@pytest.mark.parametrize('n_critic, levels', [(1, [0, 0, 0, 0, 0, 0.125, 0.25]), (3, [0, 0, 0, 0.0625, 0.25, 0.4375])])
def test_only_what_the_critic_learns_from_counts_as_shown(n_critic, levels):
  _, source = make({'game.n_critic': n_critic})
  # Of 1 + n_critic minibatches of four, n_critic count: a half, or three quarters.
  np.testing.assert_allclose(source.feed(0, len(levels))['level'][:, 0], levels)


def test_samples_are_of_the_generators_level_and_clipped():
  play, source = make({})
  state = starting_state(play, source, 0, 4)()
  game, variables = play.game.clone(axis_name=None), state.variables()
  bias = variables['params']['generator']['image_4x4']['Conv_0']
  bias['kernel'], bias['bias'] = 3 * bias['kernel'], jnp.full(1, 0.5)
  sample = jax.jit(lambda variables: game.apply(variables, 20, method='sample', rngs={'params': KEY}))
  images = np.asarray(sample(variables))
  np.testing.assert_array_equal(images, np.kron(images[:, ::2, ::2], np.ones((1, 2, 2, 1))))
  assert images.max() == 1 and images.min() >= -1
  asked = jax.eval_shape(lambda z: game.apply(variables, z, train=True, method='generate'), jnp.zeros((3, 32)))
  assert asked.shape == (3, 8, 8, 1)
  variables['memory']['generator']['level'] = jnp.float32(1)
  finer = np.asarray(sample(variables))
  assert np.abs(finer - np.kron(finer[:, ::2, ::2], np.ones((1, 2, 2, 1)))).max() > 0.01


def test_what_the_critic_finds_can_be_asked_for_where_no_devices_share_a_batch():
  play, source = make({'critic.minibatch_group': 4})
  variables, batch = starting_state(play, source, 0, 4)().variables(), {'image': np.zeros((3, 8, 8, 1), np.float32)}
  name, space = neighbours.features(play.game.clone(axis_name=None), variables, batch)
  assert (name, space(batch).shape) == ('critic', (3, 2))


@pytest.mark.parametrize('group', ['generator', 'critic'])
def test_networks_that_do_not_grow_are_told(group):
  with pytest.raises(UserError, match=f'mlp does not grow: set --config.{group}.name=progressive'):
    make({f'{group}.name': 'mlp'})


def test_an_equalised_learning_rate_goes_with_no_other_kernels():
  for change in ({'critic.spectral_norm': True}, {'critic.init': 'dcgan'}):
    with pytest.raises(UserError, match=r'leave --config.critic.spectral_norm and .init alone'):
      make(change)
