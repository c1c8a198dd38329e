import chex
import jax
import numpy as np
import pytest

from experiments import acgan_digits, began_digits, digits_wgan_gp, toy_wgan_gp
from wgan_jax.dispatch import Dispatcher, starting_state
from wgan_jax.pack import of_several
from wgan_jax.parallel import everywhere
from wgan_jax.sweep.packs import PACKABLE

ROUNDS = 2


def tiny(experiment, **keys):
  config = experiment.get_config()
  config.data.batch_size = 4
  for group in ('generator', 'critic', 'decoder'):
    if group in config:
      config[group].update(width=8, depth=1)
  config.log.n_evaluate = 4
  config.train.update(steps=100, rounds_per_dispatch=ROUNDS)
  config.update_from_flattened_dict({key.replace('__', '.'): value for key, value in keys.items()})
  return config


def several(config, overrides):
  """Copies of a config that differ in these numbers."""
  copies = [config.copy_and_resolve_references() for _ in overrides]
  for copy, own in zip(copies, overrides, strict=True):
    copy.update_from_flattened_dict(own)
  return copies


def together(configs, devices=1):
  """(the states after a few rounds of all in one program, their first histories)."""
  made, dispatcher = of_several(configs, jax.local_devices()[:devices])
  fresh = dispatcher.fresh(configs[0].data.batch_size)
  state = dispatcher.gathered([fresh(i) for i in range(len(configs))])
  state, histories = dispatcher.play(state, 0, [ROUNDS] * len(configs))
  return made, dispatcher.each(state), histories


def alone(config, made):
  devices = jax.local_devices()[:1]
  state = everywhere(jax.jit(starting_state(made.play, made.shown, config.seed, config.data.batch_size))(), devices)
  return Dispatcher(made.play, made.shown, config.seed, devices, ROUNDS)(state, 0, ROUNDS)


ADA = dict(game__augment__name='ada', game__augment__images=20, game__n_critic=1, critic__norm='none')
CASES = {
  'memory of a game': lambda: tiny(began_digits),
  'memory of an augmentation, in a warm-up': lambda: tiny(digits_wgan_gp, game__warmup__repeats=2, **ADA),
  'spectral vectors, batch norm, labels': lambda: tiny(
    acgan_digits, critic__spectral_norm=True, generator__norm='batch'
  ),
}


@pytest.mark.parametrize('case', CASES)
def test_many_play_what_each_plays_alone(case):
  configs = several(CASES[case](), [{'seed': 3}, {'seed': 8}, {'seed': 9}])
  made, states, histories = together(configs, devices=2)
  state, history = alone(configs[2], made[2])
  chex.assert_trees_all_close(states[2], jax.device_get(state), rtol=1e-4, atol=1e-5)
  chex.assert_trees_all_close(histories[2], history, rtol=1e-4, atol=1e-5)


ONE = dict(learning_rate=1e-3, decay='linear', last_rate=1e-4, decay_updates=3, orthogonal=1e-3, clip_weights=0.3)
OTHER = {
  **{'seed': 4, 'game.penalty.weight': 3.0, 'game.penalty.target': 0.5, 'ema.decay': 0.7},
  **{'game.penalty.drift': 0.5, 'game.penalty.scale': 0.9},
  **{'optimizer.critic_loss.learning_rate': 3e-3, 'optimizer.critic_loss.last_rate': 3e-4},
  **{'optimizer.critic_loss.b1': 0.1, 'optimizer.critic_loss.b2': 0.5, 'optimizer.critic_loss.epsilon': 1e-2},
  **{'optimizer.critic_loss.orthogonal': 0.3, 'optimizer.critic_loss.clip_weights': 0.1},
}


@pytest.fixture(scope='module')
def differing():
  """(configs, what is made of them, states) of runs that differ in nothing, everything, and each number alone."""
  config = tiny(toy_wgan_gp, game__penalty__drift=0.1)
  config.game.penalty.name = 'dragan'
  for optimizer in config.optimizer.values():
    optimizer.update(ONE)
  configs = several(config, [{}, OTHER, *({key: value} for key, value in OTHER.items())])
  return configs, *together(configs)[:2]


def test_there_is_a_run_for_each_kind_of_number():
  kinds = {key.replace('critic_loss', '*') for key in OTHER}
  assert kinds == {*PACKABLE}


@pytest.mark.parametrize('i', [0, 1])
def test_runs_of_other_numbers_play_what_each_plays_alone(differing, i):
  configs, made, states = differing
  state, _ = alone(configs[i], made[i])
  chex.assert_trees_all_close(states[i], jax.device_get(state), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize('i', range(len(OTHER)), ids=OTHER)
def test_each_number_makes_a_difference(differing, i):
  _, _, states = differing
  leaves = [jax.tree.leaves((state.params, state.ema)) for state in (states[0], states[2 + i])]
  assert any(not np.array_equal(one, other) for one, other in zip(*leaves, strict=True))
