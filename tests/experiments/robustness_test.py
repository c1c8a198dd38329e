"""The grid of WGAN-GP's robustness figure: all its runs build, and each is what the paper says."""

import collections
import importlib

import pytest

from experiments import robustness
from wgan_jax import build
from wgan_jax.config import flat
from wgan_jax.networks import dcgan, mlp, resnet101
from wgan_jax.networks.norms import LayerNorm

UNITS = []
robustness.sweep(lambda **keys: UNITS.append(keys))


def config_of(unit):
  config = robustness.get_config()
  config.lock()
  config.update_from_flattened_dict(unit)
  return config


def games():
  return [build.build_play(config_of(unit), (64, 64, 3)).game for unit in UNITS]


def test_there_are_28_different_runs_of_7_pairs_by_4_methods():
  configs = [flat(config_of(unit)) for unit in UNITS]
  assert len({tuple(c.items()) for c in configs}) == 28
  # A penalised critic has another norm; but for that, pairs are 7 and methods are 4.
  pairs = {
    tuple(v for k, v in c.items() if k.startswith(('generator', 'critic')) and k != 'critic.norm') for c in configs
  }
  assert len({tuple(v for k, v in c.items() if k.startswith(('game', 'optimizer'))) for c in configs}) == 4
  assert len(pairs) == 7


def test_all_runs_build_and_penalised_critics_have_layer_normalisation():
  found = games()
  generators = collections.Counter(type(game.generator) for game in found)
  assert generators == {dcgan.DcganGenerator: 20, mlp.MlpGenerator: 4, resnet101.Resnet101Generator: 4}
  critics = collections.Counter(type(game.critic) for game in found)
  assert critics == {dcgan.DcganCritic: 24, resnet101.Resnet101Critic: 4}
  layered = [game.critic.norm is LayerNorm for game in found]
  assert sum(layered) == 6  # all seven but the one without norms


@pytest.mark.parametrize(
  'objective, penalty, n_critic, optimizer, clip',
  [
    ('wasserstein', 'gradient_penalty', 5, ('adam', 1e-4, 0.5, 0.9), 0.0),
    ('wasserstein', 'none', 5, ('rmsprop', 5e-5, 0.5, 0.9), 0.01),
    ('non_saturating', 'none', 1, ('adam', 2e-4, 0.5, 0.999), 0.0),
    ('least_squares', 'none', 1, ('rmsprop', 1e-4, 0.5, 0.9), 0.0),
  ],
)
def test_methods_have_the_papers_rates(objective, penalty, n_critic, optimizer, clip):
  configs = [config_of(unit) for unit in UNITS]
  found = [c for c in configs if (c.game.objective, c.game.penalty.name) == (objective, penalty)]
  assert len(found) == 7
  for c in found:
    assert c.game.n_critic == n_critic
    for keys in c.optimizer.values():
      assert (keys.name, keys.learning_rate, keys.b1, keys.b2) == optimizer
    assert (c.optimizer.critic_loss.clip_weights, c.optimizer.generator_loss.clip_weights) == (clip, 0.0)


RMSPROP = {'name': 'rmsprop', 'learning_rate': 5e-5, 'b2': 0.9}
ADAM = {'name': 'adam', 'learning_rate': 2e-4, 'b1': 0.5, 'b2': 0.999}
PAIRS = {  # recipes of single architectures of the grid
  'resnet101_wgan_gp': {'generator.norm': 'batch', 'critic.norm': 'layer', 'game.penalty.name': 'gradient_penalty'},
  'resnet101_wgan': {
    'critic.norm': 'batch',
    'game.penalty.name': 'none',
    'optimizer.critic_loss.clip_weights': 0.01,
    **robustness.optimizers(**RMSPROP),
  },
  'dcgan_cifar': {'data.name': 'cifar10', 'critic.norm': 'batch', 'prior.dim': 100, **robustness.optimizers(**ADAM)},
  'dcgan_celeba': {'data.size': 64, 'data.batch_size': 128, 'prior.name': 'uniform', 'critic.width': 128},
}


@pytest.mark.parametrize('name', PAIRS)
def test_recipes_beside_the_grid_are_their_papers(name):
  found = flat(importlib.import_module(f'experiments.{name}').get_config())
  assert {key: found[key] for key in PAIRS[name]} == PAIRS[name]
