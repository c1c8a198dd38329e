import importlib
import pathlib

import chex
import jax
import optax
import pytest

from experiments import base, cifar_sngan, mnist_wgan, toy_wgan_gp
from wgan_jax import build, priors
from wgan_jax.errors import UserError
from wgan_jax.networks import norms

SHAPES = {'digits': (8, 8, 1), 'mnist': (28, 28, 1), 'fashion_mnist': (28, 28, 1), 'cifar10': (32, 32, 3)}
SHAPES['folder:celeba'] = (64, 64, 3)
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
  play = build.build_play(cifar_sngan.get_config(), (32, 32, 3))
  game = play.game.clone(axis_name=None)
  batch = {'image': jax.ShapeDtypeStruct((2, 32, 32, 3), 'float32')}
  shapes = jax.eval_shape(game.init, jax.random.key(0), batch)
  assert shapes['spectral'].keys() == {'critic'}
  kernels = [path for path, _ in jax.tree.leaves_with_path(shapes['params']['critic']) if 'kernel' in f'{path}']
  assert 2 * len(kernels) == len(jax.tree.leaves(shapes['spectral'])) == 22


@pytest.mark.parametrize(
  'key, value, line',
  [
    ('game.name', 'chess', "unknown game.name 'chess'; known: acgan, adversarial, alae, began, cramer, cyclegan"),
    ('game.objective', 'mse', "unknown game.objective 'mse'; known: f_gan, hinge, least_squares, minimax, non_saturat"),
    ('game.penalty.name', 'r3', "unknown game.penalty.name 'r3'"),
    ('prior.name', 'cauchy', "unknown prior.name 'cauchy'; known: normal, uniform"),
    ('generator.name', 'unet', "unknown generator.name 'unet'; known: began, dcgan, infogan, mlp, resnet"),
    ('critic.norm', 'group', "unknown critic.norm 'group'; known: batch, conditional_batch, instance, layer, none"),
    ('critic.norm', 'batch', 'a penalty needs a critic without batch normalisation'),
    ('generator.name', 'resnet', 'a resnet works on images, these data are points: set --config.generator.name=mlp'),
  ],
)
def test_a_wrong_name_is_refused_with_the_known_ones(key, value, line):
  config = toy_wgan_gp.get_config()
  config.update_from_flattened_dict({key: value})
  with pytest.raises(UserError) as caught:
    build.build_play(config, (2,))
  assert line in f'{caught.value}'


@pytest.mark.parametrize(
  'changes, line',
  [
    ({'game.name': 'ebgan'}, 'game ebgan needs --config.game.code, which this experiment lacks'),
    ({'game.name': 'vae'}, 'game vae needs --config.game.likelihood, which this experiment lacks'),
    ({'game.name': 'lecam'}, 'game lecam needs --config.game.lecam, which this experiment lacks'),
    ({'game.name': 'infogan'}, 'game infogan needs --config.game.infogan'),
    ({'game.name': 'cyclegan'}, 'name the first by --config.source.name='),
    ({'game.name': 'acgan'}, 'ACGAN asks for classes: set --config.generator.conditioning=concatenate'),
    ({'game.objective': 'f_gan', 'game.divergence': 'tv'}, "unknown game.divergence 'tv'; known: gan, jeffrey"),
    ({'game.augment.name': 'mixup'}, "unknown game.augment.name 'mixup'; known: ada, diffaug, instance_noise, none"),
    ({'game.augment.name': 'ada'}, 'ada changes images, these data are points'),
    ({'game.penalty.consistency': 1.0}, 'consistency regularisation shifts images, these data are points'),
    ({'critic.conditioning': 'attention'}, "unknown critic.conditioning 'attention'; known: concatenate, none, proj"),
    ({'generator.activation': 'gelu'}, "unknown generator.activation 'gelu'; known: elu, leaky_relu, relu, tanh"),
    ({'generator.norm': 'instance'}, 'instance normalisation needs images inside, an mlp has none'),
    ({'generator.conditioning': 'concatenate'}, 'these data have no labels: set --config.generator.conditioning=none'),
  ],
)
def test_what_does_not_go_together_is_one_line(changes, line):
  config = toy_wgan_gp.get_config()
  config.update_from_flattened_dict(changes)
  with pytest.raises(UserError) as caught:
    build.build_play(config, (2,))
  assert line in f'{caught.value}' and '\n' not in f'{caught.value}'


@pytest.mark.parametrize(
  'name, group', [('cramer', 'critic'), ('mmd', 'critic'), ('alae', 'encoder'), ('gan', 'critic')]
)
def test_batch_statistics_and_penalties_do_not_go_together(name, group):
  config = importlib.import_module(f'experiments.{name}_digits').get_config()
  config[group].norm = 'batch'
  config.game.penalty.name = 'r1'
  with pytest.raises(UserError, match=f'a penalty needs a {group} without batch normalisation'):
    build.build_play(config, (8, 8, 1), 10)


@pytest.mark.parametrize('name', ['mmd', 'ebgan'])
def test_games_of_pairs_need_two_samples(name):
  config = importlib.import_module(f'experiments.{name}_digits').get_config()
  config.data.batch_size = 1
  with pytest.raises(UserError, match=r'set --config.data.batch_size=2 or more'):
    build.build_play(config, (8, 8, 1), 10)


def test_projection_is_for_critics():
  config = importlib.import_module('experiments.gan_digits').get_config()
  config.generator.conditioning = 'projection'
  with pytest.raises(UserError, match=r'projection is for critics'):
    build.build_play(config, (8, 8, 1), 10)


def test_ada_is_refused_where_there_are_no_logits():
  config = importlib.import_module('experiments.ebgan_digits').get_config()
  config.game.augment.name = 'ada'
  with pytest.raises(UserError, match=r'ada reads logits, which this critic has none of'):
    build.build_play(config, (8, 8, 1))


def test_a_resnet_says_which_size_would_do():
  config = base.get_config()
  config.generator.name = 'resnet'
  with pytest.raises(UserError, match=r'multiples of 8, not 28x28: set --config.data.size=32'):
    build.build_play(config, (28, 28, 1))


@pytest.mark.parametrize('name', ['', '26gaussians'])
def test_unknown_data_are_refused_with_the_known_ones(name, tmp_path):
  config = base.get_config()
  config.data.update(name=name, dir=str(tmp_path))
  with pytest.raises(UserError, match=r'names no data|known: 2gaussians, 8gaussians, 25gaussians, swissroll, digits'):
    build.build_source(config)


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


@pytest.mark.parametrize('name, side, line', [('dcgan', 4, 'a dcgan needs 5 pixels or more'), ('resnet', 4, 'of 8')])
def test_images_too_small_for_an_architecture_are_one_line(name, side, line):
  config = base.get_config()
  config.generator.name = config.critic.name = name
  with pytest.raises(UserError, match=line):
    build.build_play(config, (side, side, 3))


def test_a_wrong_pool_is_told_even_where_nothing_is_pooled():
  config = toy_wgan_gp.get_config()
  config.critic.pool = 'max'
  with pytest.raises(UserError, match=r"unknown critic.pool 'max'; known: mean, sum"):
    build.build_play(config, (2,))


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
