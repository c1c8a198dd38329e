"""Networks that cannot be made, or not as asked, are refused in one line, and following it makes them."""

import importlib
import re

import jax
import jax.numpy as jnp
import pytest

from wgan_jax import build
from wgan_jax.build_networks import Networks
from wgan_jax.errors import UserError

DIGITS = (8, 8, 1)
CASES = [
  ('biggan_cifar', {'generator.attention': 4}, (32, 32, 3), 'generator.attention=4 is the side of no feature map'),
  ('biggan_cifar', {'critic.attention': 32}, (32, 32, 3), r'critic.attention=32 .* set one of \[16, 8\], or 0'),
  ('biggan_digits', {'generator.attention': 1}, DIGITS, r'set one of \[8, 4, 2\], or 0'),
  ('sngan_cifar', {'critic.attention': 3}, (48, 48, 3), r'set one of \[24, 12, 6\], or 0'),
  (
    'biggan_digits',
    {},
    (2,),
    'generator.name=mlp and --config.generator.attention=0 and --config.generator.skip=False',
  ),
  ('biggan_digits', {}, (1024, 1024, 3), 'for at most 512 pixels: set --config.data.size=512'),
  ('sngan_cifar', {}, (200, 200, 3), 'for at most 128 pixels: set --config.data.size=128'),
  ('biggan_digits', {'critic.skip': True}, DIGITS, 'are for generators: set --config.critic.skip=False'),
  ('biggan_digits', {'critic.norm': 'modulated_batch'}, DIGITS, 'are for generators: set --config.critic.norm=none'),
  ('biggan_digits', {'generator.norm': 'batch'}, DIGITS, 'set --config.generator.norm=modulated_batch'),
  ('biggan_digits', {'generator.conditioning': 'embedded'}, DIGITS, 'set --config.generator.conditioning=shared'),
  ('biggan_digits', {'prior.dim': 30}, DIGITS, 'cuts z into 4 chunks, .* set --config.prior.dim=32'),
  ('biggan_digits', {'generator.name': 'biggan_deep', 'generator.depth': 0}, DIGITS, 'needs a depth of 1 at least'),
  ('resnet101_wgan_gp', {'generator.width': 1}, (16, 16, 3), 'needs a width of 2 at least'),
  ('r3gan_networks_digits', {'critic.spectral_norm': True}, DIGITS, 'begin at zero: set --config.critic.spectral_norm'),
  ('r3gan_networks_digits', {'generator.equalized': True}, DIGITS, 'begin at zero: set --config.generator.equalized'),
  ('gan_digits', {'generator.remat': True}, DIGITS, 'no blocks to compute anew: set --config.generator.remat=False'),
  ('gan_digits', {'generator.skip': True}, DIGITS, 'generator.name=mlp has no skip: set --config.generator.skip=False'),
  ('gan_digits', {'critic.equalized': True, 'critic.init': 'glorot'}, DIGITS, 'has kernels of its own kind'),
]


@pytest.mark.parametrize('experiment, changes, shape, line', CASES)
def test_what_cannot_be_made_is_one_line(experiment, changes, shape, line):
  config = importlib.import_module(f'experiments.{experiment}').get_config()
  config.update_from_flattened_dict(changes)
  with pytest.raises(UserError) as caught:
    build.build_play(config, shape, 10)
  assert re.search(line, f'{caught.value}') and '\n' not in f'{caught.value}'


@pytest.mark.parametrize('group, sides', [('generator', (32, 16, 8)), ('critic', (16, 8))])
def test_attention_is_built_wherever_it_may_be_asked_for(group, sides):
  for side in sides:
    config = importlib.import_module('experiments.biggan_cifar').get_config()
    config[group].update(width=8, attention=side)
    network = getattr(Networks(config, (32, 32, 3), 10), group)()
    x = jnp.zeros((1, 80) if group == 'generator' else (1, 32, 32, 3))
    initial = jax.eval_shape(lambda x=x, n=network: n.init(jax.random.key(0), x, jnp.zeros(1, int), train=True))
    assert 'SelfAttention_0' in initial['params'].get('network', initial['params'])


@pytest.mark.parametrize('name', ['mlp', 'dcgan', 'infogan', 'began', 'resnet', 'biggan_deep', 'progressive', 'r3gan'])
def test_a_gated_pair_keeps_the_number_of_samples(name):
  config = importlib.import_module('experiments.gan_digits').get_config()
  for group in ('generator', 'critic'):
    config[group].update(name=name, width=8, activation='gated', depth=1)
  networks = Networks(config, (16, 16, 1), 10)
  images = jax.eval_shape(
    lambda: networks.generator().init_with_output(jax.random.key(0), jnp.zeros((4, config.prior.dim)), train=True)[0]
  )
  initial = jax.vmap(
    lambda key: networks.critic().init_with_output(key, jnp.zeros(images.shape), train=True)[0], axis_name='batch'
  )
  assert images.shape == (4, 16, 16, 1)
  assert jax.eval_shape(initial, jax.random.key(0)[None]).shape == (1, 4)
