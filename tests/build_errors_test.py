"""What a config asks for and cannot have is told in one line that says what would be right."""

import importlib

import pytest

from experiments import base, toy_wgan_gp
from wgan_jax import build, priors
from wgan_jax.errors import UserError


@pytest.mark.parametrize(
  'key, value, line',
  [
    ('game.name', 'chess', "unknown game.name 'chess'; known: acgan, adversarial, alae, began, cramer, cyclegan"),
    ('game.objective', 'mse', "unknown game.objective 'mse'; known: f_gan, hinge, least_squares, minimax, non_saturat"),
    ('game.penalty.name', 'r3', "unknown game.penalty.name 'r3'"),
    ('prior.name', 'cauchy', "unknown prior.name 'cauchy'; known: normal, uniform"),
    ('generator.name', 'unet', "unknown generator.name 'unet'; known: began, biggan, biggan_deep, dcgan, infogan, mlp"),
    ('critic.norm', 'grup', "unknown critic.norm 'grup'; known: batch, conditional_batch, group, instance, layer, m"),
    ('critic.norm', 'batch', 'a penalty goes with no batch normalisation of the critic'),
    (
      'generator.name',
      'resnet',
      'generator.name=resnet is for images, these data are points: set --config.generator.name=mlp',
    ),
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
    ({'game.divergence': 'tv'}, "unknown game.divergence 'tv'; known: gan, jeffrey"),
    ({'game.penalty.name': 'dragan', 'game.penalty.noise': 'pink'}, "unknown game.penalty.noise 'pink'; known: normal"),
    ({'game.augment.name': 'mixup'}, "unknown game.augment.name 'mixup'; known: ada, diffaug, instance_noise, none"),
    ({'game.augment.name': 'ada'}, 'ada changes images, these data are points'),
    ({'game.penalty.consistency': 1.0}, 'consistency regularisation shifts images, these data are points'),
    (
      {'critic.conditioning': 'attention'},
      "unknown critic.conditioning 'attention'; known: concatenate, embedded, inn",
    ),
    (
      {'generator.activation': 'gelu'},
      "unknown generator.activation 'gelu'; known: default, elu, gated, leaky_relu, relu, tanh",
    ),
    (
      {'critic.activation': 'gated', 'critic.width': 9},
      'gated halves the channels, here of 9: set --config.critic.width=16',
    ),
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
  with pytest.raises(UserError, match=f'no batch normalisation of the {group}: set --config.{group}.norm=layer'):
    build.build_play(config, (8, 8, 1), 10)


@pytest.mark.parametrize('name', ['mmd', 'ebgan'])
def test_games_of_pairs_need_two_samples(name):
  config = importlib.import_module(f'experiments.{name}_digits').get_config()
  config.data.batch_size = 1
  with pytest.raises(UserError, match=r'set --config.data.batch_size=2 or more'):
    build.build_play(config, (8, 8, 1), 10)


@pytest.mark.parametrize(
  'experiment, changes, shape, line',
  [
    ('cyclegan_digits', {}, (2,), 'generator.name=translator is for images, these data are points: name image data'),
    ('gan_digits', {}, (8, 8, 1), 'game adversarial translates nothing: leave out --config.source.name'),
    ('cyclegan_digits', {'critic.norm': 'conditional_batch'}, (8, 8, 1), 'CycleGAN is told no labels'),
    ('cyclegan_digits', {'generator.conditioning': 'concatenate'}, (8, 8, 1), 'CycleGAN is told no labels'),
    ('ebgan_digits', {'critic.conditioning': 'projection'}, (8, 8, 1), 'projection makes logits, and critic none'),
    ('vae_digits', {'prior.name': 'uniform'}, (8, 8, 1), "a VAE's codes are normal: set --config.prior.name=normal"),
    ('vae_digits', {}, (2,), 'bernoulli is of pixels, these data are points: set --config.game.likelihood=gaussian'),
    ('infogan_digits', {'recognizer.name': 'dcgan'}, (8, 8, 1), 'a recognizer is an mlp that is told nothing'),
    ('acgan_digits', {'classifier.conditioning': 'concatenate'}, (8, 8, 1), 'a classifier is an mlp that is told noth'),
  ],
)
def test_what_a_game_makes_no_use_of_is_one_line(experiment, changes, shape, line):
  config = importlib.import_module(f'experiments.{experiment}').get_config()
  config.update_from_flattened_dict(changes)
  sources = priors.normal(3) if experiment in ('cyclegan_digits', 'gan_digits') else None
  with pytest.raises(UserError) as caught:
    build.build_play(config, shape, 10, sources)
  assert line in f'{caught.value}' and '\n' not in f'{caught.value}'


@pytest.mark.parametrize(
  'told, group, owner',
  [
    ('projection', 'generator', 'critics'),
    ('inner_product', 'generator', 'critics'),
    ('shared', 'critic', 'generators'),
    ('embedded', 'critic', 'generators'),
  ],
)
def test_some_ways_to_tell_a_label_are_for_one_of_the_two(told, group, owner):
  config = importlib.import_module('experiments.gan_digits').get_config()
  config[group].conditioning = told
  with pytest.raises(UserError, match=f'^{told} is for {owner}: set --config.{group}.conditioning='):
    build.build_play(config, (8, 8, 1), 10)


@pytest.mark.parametrize('changes', [{'decay': 'constant'}, {'decay': 'cosine', 'name': 'rmsprop'}])
def test_a_b2_that_changes_is_adams_and_goes_the_rates_way(changes):
  config = toy_wgan_gp.get_config()
  config.optimizer.critic_loss.update(last_b2=0.99, **changes)
  with pytest.raises(UserError, match=r'^last_b2 is of Adam with a rate that decays'):
    build.build_play(config, (2,))


def test_a_resnet_says_which_size_would_do():
  config = base.get_config()
  config.generator.name = 'resnet'
  with pytest.raises(UserError, match=r'multiples of 8, not 28x28: set --config.data.size=32'):
    build.build_play(config, (28, 28, 1))


@pytest.mark.parametrize('name', ['', '26gaussians'])
def test_unknown_data_are_refused_with_the_known_ones(name, tmp_path):
  config = base.get_config()
  config.data.update(name=name, dir=str(tmp_path))
  with pytest.raises(UserError, match=r'names no data|known: 2gaussians, 8gaussians, 25gaussians, swissroll, stacked'):
    build.build_source(config)


@pytest.mark.parametrize(
  'name, side, line', [('dcgan', 4, 'generator.name=dcgan needs 5 pixels or more'), ('resnet', 4, 'of 8')]
)
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
