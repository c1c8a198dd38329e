import chex
import jax.numpy as jnp

from wgan_jax.state import TrainState

STATE = TrainState(
  step=jnp.int32(3),
  params={'generator': 1, 'critic': 2},
  collections={'batch_stats': {'generator': 3}, 'spectral': {'generator': 4, 'critic': 5}, 'memory': {'k': 6}},
  opt_state={},
  ema={'params': {'generator': 10}, 'batch_stats': {'generator': 30}},
)


def test_variables_are_parameters_beside_all_collections():
  assert STATE.variables() == {'params': STATE.params, **STATE.collections}


def test_averages_stand_in_for_what_they_average_and_for_nothing_else():
  assert STATE.averaged_variables() == {
    'params': {'generator': 10, 'critic': 2},
    'batch_stats': {'generator': 30},
    'spectral': {'generator': 4, 'critic': 5},
    'memory': {'k': 6},
  }


def test_averages_follow_parameters_and_batch_statistics_but_no_spectral_vectors():
  assert STATE.followed(('generator',)) == {'params': {'generator': 1}, 'batch_stats': {'generator': 3}}


def test_a_network_without_statistics_is_followed_by_its_parameters():
  chex.assert_trees_all_equal(STATE.followed(('critic',)), {'params': {'critic': 2}, 'batch_stats': {}})
