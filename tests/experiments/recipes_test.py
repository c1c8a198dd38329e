"""The experiments hold the numbers of their papers and codes."""

import importlib

import pytest

from experiments import cifar_wgan_gp, mnist_wgan
from wgan_jax import build, config

WGAN = {
  'optimizer.critic_loss.name': 'rmsprop',
  'optimizer.generator_loss.name': 'rmsprop',
  'optimizer.critic_loss.learning_rate': 5e-5,
  'optimizer.generator_loss.learning_rate': 5e-5,
  'optimizer.critic_loss.b2': 0.99,
  'optimizer.critic_loss.clip_weights': 0.01,
  'optimizer.generator_loss.clip_weights': 0.0,
  'game.penalty.name': 'none',
  'game.objective': 'wasserstein',
  'game.n_critic': 5,
}
WGAN_GP = {
  'optimizer.critic_loss.name': 'adam',
  'optimizer.generator_loss.name': 'adam',
  'game.penalty.name': 'gradient_penalty',
  'game.penalty.sided': 'two',
  'game.penalty.weight': 10.0,
  'game.objective': 'wasserstein',
  'game.n_critic': 5,
  'optimizer.critic_loss.clip_weights': 0.0,
}


def adam(rate, b1, b2, decay='constant'):
  values = {'learning_rate': rate, 'b1': b1, 'b2': b2, 'decay': decay}
  return {f'optimizer.{turn}_loss.{key}': x for turn in ('critic', 'generator') for key, x in values.items()}


TOY = {'data.batch_size': 256, 'prior.dim': 2, 'generator.width': 512, 'critic.width': 512, 'critic.depth': 3}
MNIST = {'data.batch_size': 50, 'prior.dim': 128, 'train.steps': 200_000, 'generator.width': 64, 'critic.width': 64}
RESNET = {
  **adam(2e-4, 0.0, 0.9, 'linear'),
  'data.batch_size': 64,
  'prior.dim': 128,
  'train.steps': 100_000,
  'generator.norm': 'batch',
  'generator.init': 'glorot',
  'critic.norm': 'none',
  'critic.init': 'glorot',
  'critic.width': 128,
  'game.n_critic': 5,
}
RECIPES = {
  'toy_wgan': {**TOY, **WGAN},
  'toy_wgan_gp_paper': {**WGAN_GP, **TOY, **adam(1e-4, 0.5, 0.9), 'game.penalty.weight': 0.1, 'train.steps': 100_000},
  'mnist_wgan': {
    **WGAN,
    'data.batch_size': 64,
    'prior.dim': 100,
    'generator.kernel_size': 4,
    'generator.norm': 'batch',
    'critic.norm': 'batch',
    'generator.init': 'dcgan',
    'generator.bias': False,
    'critic.bias': False,
    'game.warmup.repeats': 0,
    'game.warmup.first_rounds': 25,
    'game.warmup.every': 500,
  },
  'mnist_wgan_gp': {**WGAN_GP, **MNIST, **adam(1e-4, 0.5, 0.9)},
  'fashion_wgan_gp': {**WGAN_GP, **MNIST, **adam(1e-4, 0.5, 0.9)},
  'cifar_wgan_gp': {
    **WGAN_GP,
    **RESNET,
    'generator.width': 128,
    'critic.pool': 'mean',
    'data.dequantize': True,
    'game.fakes_per_real': 2,
  },
  'sngan_cifar': {
    **RESNET,
    'generator.width': 256,
    'critic.pool': 'sum',
    'critic.spectral_norm': True,
    'generator.spectral_norm': False,
    'game.objective': 'hinge',
    'game.penalty.name': 'none',
    'game.fakes_per_real': 1,
  },
  'gan_mnist': {
    **adam(2e-4, 0.5, 0.999),
    'data.batch_size': 128,
    'prior.name': 'uniform',
    'prior.dim': 100,
    'game.objective': 'non_saturating',
    'game.penalty.name': 'none',
    'game.n_critic': 1,
    'critic.init': 'dcgan',
  },
  'lsgan_mnist': {
    'game.objective': 'least_squares',
    'game.least_squares.fake': 0.0,
    'game.least_squares.real': 1.0,
    'game.least_squares.generator': 1.0,
  },
  'dragan_mnist': {
    **adam(1e-4, 0.5, 0.9),
    'game.objective': 'non_saturating',
    'game.penalty.name': 'dragan',
    'game.penalty.weight': 10.0,
    'game.penalty.scale': 0.5,
    'game.penalty.target': 1.0,
    'critic.norm': 'none',
  },
  'fgan_mnist': {
    **adam(2e-4, 0.5, 0.999),
    'data.batch_size': 4096,
    'prior.name': 'uniform',
    'prior.dim': 100,
    'generator.width': 1200,
    'generator.depth': 2,
    'generator.norm': 'batch',
    'critic.width': 240,
    'critic.depth': 2,
    'critic.activation': 'elu',
    'game.objective': 'f_gan',
    'game.alternative': True,
    'game.penalty.name': 'none',
  },
  'infogan_mnist': {
    'data.batch_size': 128,
    'prior.dim': 62,
    'game.infogan.categories': 10,
    'game.infogan.continuous': 2,
    'game.infogan.weight': 1.0,
    'recognizer.width': 128,
    'optimizer.critic_loss.learning_rate': 2e-4,
    'optimizer.generator_loss.learning_rate': 1e-3,
    'optimizer.generator_loss.b1': 0.5,
    'train.steps': 5_000,
  },
  'acgan_cifar': {
    **RESNET,
    'generator.norm': 'conditional_batch',
    'game.acgan.real_weight': 1.0,
    'game.acgan.fake_weight': 0.0,
    'game.acgan.generator_weight': 0.1,
    'game.objective': 'wasserstein',
    'game.fakes_per_real': 2,
  },
  'ebgan_mnist': {'game.pull_away': 0.1, **adam(1e-3, 0.5, 0.999)},
  'began_celeba': {
    **adam(8e-5, 0.5, 0.999, 'linear'),
    'data.batch_size': 16,
    'data.size': 64,
    'prior.dim': 64,
    'game.code': 64,
    'game.gamma': 0.5,
    'game.rate': 0.001,
    'generator.width': 128,
  },
  'cramer_cifar': {**adam(1e-4, 0.5, 0.9), 'game.features': 256, 'game.n_critic': 5, 'game.penalty.weight': 10.0},
  'mmd_cifar': {**adam(1e-4, 0.5, 0.9), 'game.features': 16, 'game.kernel': 'rational_quadratic'},
  'alae_mnist': {
    **adam(2e-3, 0.0, 0.99),
    'optimizer.reconstruction_loss.learning_rate': 2e-3,
    'prior.dim': 50,
    'game.style': 50,
    'mapping.depth': 6,
    'game.penalty.name': 'r1',
    'game.penalty.weight': 10.0,
    'data.batch_size': 128,
  },
  'cyclegan_mnist': {
    **adam(2e-4, 0.5, 0.999),
    'game.objective': 'least_squares',
    'game.cycle': 10.0,
    'game.identity': 0.5,
    'generator.norm': 'instance',
    'generator.depth': 6,
  },
  'lecam_cifar': {'game.lecam.weight': 0.3, 'game.lecam.decay': 0.99, 'game.lecam.start': 1000},
}


@pytest.mark.parametrize('name', RECIPES)
def test_an_experiment_is_its_papers_recipe(name):
  found = config.flat(importlib.import_module(f'experiments.{name}').get_config())
  assert {key: found[key] for key in RECIPES[name]} == RECIPES[name]


def test_the_generators_turn_has_twice_the_batch_where_the_recipe_says_so():
  assert build.build_play(cifar_wgan_gp.get_config(), (32, 32, 3)).game.fakes_per_real == 2


def test_the_warmup_of_the_official_code_is_an_option():
  recipe = mnist_wgan.get_config()
  recipe.game.warmup.repeats = 100
  game = build.build_play(recipe, (28, 28, 1)).game
  assert [game.turns_at(step)[0].repeats for step in (0, 24, 25, 499, 500, 501)] == [100, 100, 5, 5, 100, 5]
