import numpy as np

from wgan_jax.diagnose import all_finite, explain
from wgan_jax.game import Turn
from wgan_jax.state import TrainState

TURNS = Turn('critic_loss', ('critic',), 5), Turn('generator_loss', ('generator', 'encoder'))
NAMES = ('critic_loss', 'gradient_norm/critic_loss/critic', 'generator_loss')
NAMES += ('gradient_norm/generator_loss/generator', 'gradient_norm/generator_loss/encoder', 'penalty')


def state(generator=1.0):
  params = {
    'critic': {'w': np.array([0.5, -2.0])},
    'generator': {'w': np.array([generator])},
    'encoder': {'w': np.ones(1)},
  }
  return TrainState(np.int32(3), params, {}, {}, {})


def line(*bad, **state_differences):
  return explain(TURNS, {name: np.nan if name in bad else 1.0 for name in NAMES}, state(**state_differences))


def test_the_first_turn_that_is_not_finite_is_named():
  assert line('critic_loss', 'generator_loss').startswith('in turn critic_loss of network critic (loss nan')


def test_so_is_the_network_whose_gradient_it_is():
  assert line('gradient_norm/generator_loss/encoder').startswith('in turn generator_loss of network encoder (loss 1,')
  assert line('generator_loss').startswith('in turn generator_loss of network generator and encoder')


def test_weights_tell_who_ran_away():
  assert 'largest weights: critic 2, generator 4e+30, encoder 1' in line('critic_loss', generator=4e30)


def test_a_measure_or_a_weight_alone_is_named_as_well():
  assert line('penalty').startswith('in penalty')
  for metrics in (dict.fromkeys(NAMES, 1.0), {}):
    assert explain(TURNS, metrics, state(np.inf)).startswith('in turn generator_loss of network generator: its update')


def test_all_finite_looks_at_every_leaf():
  assert all_finite({'a': np.ones(3), 'b': {'c': np.array(1, np.int32)}})
  assert not all_finite({'a': np.ones(3), 'b': {'c': np.array([1.0, np.inf])}})
