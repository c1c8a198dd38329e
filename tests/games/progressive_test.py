"""The growing game: who is told the level and keeps it, what is sampled and what data it is played with."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments import progressive_digits
from wgan_jax import build
from wgan_jax.dispatch import Dispatcher, starting_state
from wgan_jax.errors import UserError
from wgan_jax.parallel import everywhere

WRAPPED = {
  'game.augment.name': 'instance_noise',
  'critic.conditioning': 'concatenate',
  'generator.conditioning': 'concatenate',
  'generator.norm': 'conditional_batch',
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


def level_of(state, network):
  tree = state.collections['memory'][network]
  while 'level' not in tree:
    tree = tree['network']
  return float(tree['level'])


def test_networks_keep_the_level_of_their_last_turn_as_images_go_by_on_devices_too():
  play, source = make(WRAPPED)
  state = jax.device_get(starting_state(play, source, 0, 2)())
  assert level_of(state, 'generator') == level_of(state, 'critic') == 0
  devices = jax.devices()[:2]
  state, metrics = Dispatcher(play, source, 0, devices, 8)(everywhere(state, devices), 0, 4)
  # Of each round's two minibatches of four the critic learns from one: 12 and 14 images before those of round 3.
  np.testing.assert_allclose(metrics['level'], [0, 0, 0, 0.25])
  np.testing.assert_allclose([level_of(state, 'critic'), level_of(state, 'generator')], [0.25, 0.375])


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
  variables['memory']['generator']['level'] = jnp.float32(1)
  finer = np.asarray(sample(variables))
  assert np.abs(finer - np.kron(finer[:, ::2, ::2], np.ones((1, 2, 2, 1)))).max() > 0.01


@pytest.mark.parametrize('group', ['generator', 'critic'])
def test_networks_that_do_not_grow_are_told(group):
  with pytest.raises(UserError, match=f'mlp does not grow: set --config.{group}.name=progressive'):
    make({f'{group}.name': 'mlp'})


def test_an_equalised_learning_rate_goes_with_no_other_kernels():
  for change in ({'critic.spectral_norm': True}, {'critic.init': 'dcgan'}):
    with pytest.raises(UserError, match=r'leave --config.critic.spectral_norm and .init alone'):
      make(change)
