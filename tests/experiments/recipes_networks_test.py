"""The experiments that came with the larger networks hold the numbers of their papers and codes."""

import importlib

import pytest

from wgan_jax import build, config

IMAGES = 20e6 / 512  # updates in which R3GAN's numbers change
RECIPES = {
  'sagan_cifar': {
    'data.batch_size': 64,
    'data.flip': True,
    'prior.dim': 128,
    'generator.width': 256,
    'critic.width': 128,
    'generator.norm': 'conditional_batch',
    'critic.conditioning': 'projection',
    'game.objective': 'hinge',
    'game.penalty.name': 'none',
    'game.n_critic': 5,
    'train.steps': 100_000,
    **{f'{network}.attention': 16 for network in ('generator', 'critic')},
    **{f'{network}.spectral_norm': True for network in ('generator', 'critic')},
    **{f'{network}.init': 'orthogonal' for network in ('generator', 'critic')},
    **{f'optimizer.{turn}_loss.learning_rate': 2e-4 for turn in ('critic', 'generator')},
    **{f'optimizer.{turn}_loss.b1': 0.5 for turn in ('critic', 'generator')},
    **{f'optimizer.{turn}_loss.b2': 0.999 for turn in ('critic', 'generator')},
  },
  'r3gan_cifar': {
    'data.batch_size': 512,
    'data.flip': True,
    'prior.name': 'normal',
    'prior.dim': 64,
    'generator.shared': 64,
    'game.objective': 'relativistic',
    'game.penalty.name': 'r1_r2',
    'game.penalty.weight': 0.05,
    'game.n_critic': 1,
    'game.augment.p': 0.55,
    **{f'{network}.width': 768 for network in ('generator', 'critic')},
    **{f'{network}.depth': 2 for network in ('generator', 'critic')},
    **{f'{network}.norm': 'none' for network in ('generator', 'critic')},
  },
}


@pytest.mark.parametrize('name', RECIPES)
def test_an_experiment_is_its_papers_recipe(name):
  found = config.flat(importlib.import_module(f'experiments.{name}').get_config())
  assert {key: found[key] for key in RECIPES[name]} == RECIPES[name]


@pytest.mark.parametrize('share', [0.0, 0.5, 1.0, 2.0])
def test_r3gans_numbers_are_the_authors_on_their_way(share):
  c = importlib.import_module('experiments.r3gan_cifar').get_config()
  play = build.build_play(c, (32, 32, 3), 10)
  count = int(share * IMAGES)

  def between(first, last):
    return {0.0: first, 0.5: (first + last) / 2}.get(share, last)

  assert c.game.penalty.weight * play.game.annealing(count) == pytest.approx(between(0.05, 0.005), rel=1e-4)
  strength = play.game.critic.augmentation.adapt(0.0, count, 0.0)
  assert strength == pytest.approx(between(0.0, 0.55), rel=1e-3, abs=1e-6)
  half_life = between(1e-6, 5e6)
  assert play.ema_decay(count) == pytest.approx(0.5 ** (512 / half_life), rel=1e-5, abs=1e-6)
  for optimizer in c.optimizer.values():
    assert [optimizer.learning_rate, optimizer.last_rate, optimizer.b2, optimizer.last_b2] == [2e-4, 5e-5, 0.9, 0.99]
    assert optimizer.decay_updates == int(IMAGES)
