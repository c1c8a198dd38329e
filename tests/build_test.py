import importlib
import pathlib

import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from experiments import base, mnist_wgan, sngan_cifar, toy_wgan_gp
from wgan_jax import build, priors
from wgan_jax.networks import norms

SHAPES = {
  'imagenet2012': (128, 128, 3),
  'digits': (8, 8, 1),
  'mnist': (28, 28, 1),
  'stacked_mnist': (28, 28, 3),
  'fashion_mnist': (28, 28, 1),
  'cifar10': (32, 32, 3),
}
SHAPES['folder:celeba'] = SHAPES['folder:lsun'] = (64, 64, 3)
EXPERIMENTS = sorted(f.stem for f in pathlib.Path('experiments').glob('*.py') if not f.stem.startswith('base'))


@pytest.mark.parametrize('name', EXPERIMENTS)
def test_every_experiment_builds_and_tells_what_it_is(name):
  module = importlib.import_module(f'experiments.{name}')
  config = module.get_config()
  config.lock()
  sources = priors.normal(2) if config.source.name else None
  play = build.build_play(config, SHAPES.get(config.data.name, (2,)), 10, sources)
  assert play.optimizers.keys() == {turn.loss for turn in play.game.turns}
  assert f'--config=experiments/{name}.py' in module.__doc__


def test_the_game_is_what_the_config_says():
  config = mnist_wgan.get_config()
  config.game.warmup.repeats = 100
  game = build.build_play(config, (28, 28, 1)).game
  assert [turn.repeats for turn in game.turns_at(0)] == [100, 1]
  assert [turn.repeats for turn in game.turns_at(26)] == [5, 1]
  assert game.critic.kernel_size == (4, 4)
  assert isinstance(game.critic.norm(), norms.BatchNorm)
  assert game.objective.value == 'w1_estimate'


def test_spectral_norm_is_on_every_layer_of_the_critic_alone():
  play = build.build_play(sngan_cifar.get_config(), (32, 32, 3))
  game = play.game.clone(axis_name=None)
  batch = {'image': jax.ShapeDtypeStruct((2, 32, 32, 3), 'float32')}
  shapes = jax.eval_shape(game.init, jax.random.key(0), batch)
  assert shapes['spectral'].keys() == {'critic'}
  kernels = [path for path, _ in jax.tree.leaves_with_path(shapes['params']['critic']) if 'kernel' in f'{path}']
  assert 2 * len(kernels) == len(jax.tree.leaves(shapes['spectral'])) == 22


@pytest.mark.parametrize('name', ['acgan', 'alae', 'cramer', 'ebgan', 'vae'])
def test_what_is_generated_by_label_is_scored_for_it(name):
  config = importlib.import_module(f'experiments.{name}_digits').get_config()
  config.generator.conditioning = 'concatenate'
  assert build.build_play(config, (8, 8, 1), 10).game.asks == 'label'


@pytest.mark.parametrize('prior', ['normal', 'uniform'])
def test_what_lies_between_codes_is_likely_to_be_a_code(prior):
  config = importlib.import_module('experiments.began_digits').get_config()
  config.prior.update(name=prior, dim=50)
  game = build.build_play(config, (8, 8, 1)).game
  start, end = jnp.split(game.prior(jax.random.split(jax.random.key(0), 400)), 2)
  path = game.between(start, end, 5)
  chex.assert_shape(path, (200, 5, 50))
  # Of normal codes the squares have a mean of 1 all along; in a cube all numbers stay below 1.
  inside = {'normal': np.abs(np.mean(path**2, axis=(0, 2)) - 1).max() < 0.1, 'uniform': np.abs(path).max() <= 1}
  assert inside[prior]


def test_infogans_codes_have_straight_lines_between_them():
  config = importlib.import_module('experiments.infogan_digits').get_config()
  assert build.build_play(config, (8, 8, 1), 10).game.between is priors.lines


def test_small_sets_live_on_the_device_and_large_ones_are_streamed():
  config = base.get_config()
  config.data.name = 'digits'
  assert build.build_source(config).resident['image'].shape == (1797, 8, 8, 1)
  config.data.resident_mebibytes = 0
  assert build.build_source(config).resident is None


def test_clipping_comes_last_so_that_weights_end_inside():
  optimizer = build.build_play(mnist_wgan.get_config(), (28, 28, 1)).optimizers['critic_loss']
  params = {'w': jax.numpy.array([0.5, -0.01, 0.0])}
  update, _ = optimizer.update({'w': jax.numpy.array([1.0, 1.0, 1.0])}, optimizer.init(params), params)
  # The first step of RMSProp is the rate over the root of 1 - decay: 5e-4, against the gradient.
  chex.assert_trees_all_close(
    optax.apply_updates(params, update), {'w': jax.numpy.array([0.01, -0.01, -5e-4])}, atol=1e-7
  )


def test_a_linear_decay_ends_at_zero_with_the_last_update():
  config = toy_wgan_gp.get_config()
  config.train.steps = 10
  for loss, updates in {'critic_loss': 50, 'generator_loss': 10}.items():
    optimizer = build.build_play(config, (2,)).optimizers[loss]
    params = {'w': jax.numpy.ones(1)}
    state, sizes = optimizer.init(params), []
    for _ in range(updates + 1):
      update, state = optimizer.update({'w': jax.numpy.ones(1)}, state, params)
      sizes.append(abs(float(update['w'][0])))
    assert sizes[0] == pytest.approx(2e-3, rel=1e-3)
    assert sizes[updates // 2] == pytest.approx(1e-3, rel=1e-3)
    assert sizes[updates - 1] > 0 and sizes[updates] == 0
