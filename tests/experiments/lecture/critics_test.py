"""Critics: what they are at their best, and how they are kept from being steep."""

from typing import Any, NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments.lecture import (
  clipped_weights,
  gradient_by_layer,
  spectral_normalization,
  value_surfaces,
)
from wgan_jax.data import toy
from wgan_jax.errors import UserError
from wgan_jax.lecture import fixed
from wgan_jax.lecture.playing import Stage
from wgan_jax.networks import mlp
from wgan_jax.state import TrainState


def test_relief_is_the_slope_from_neighbours_to_halfway_between_them():
  mixture = toy.Mixture(np.array([[0.0, 0.0], [2.0, 0.0], [9.0, 0.0]]), 0.1)
  a, b = value_surfaces.neighbours(mixture)
  np.testing.assert_array_equal(np.sort(np.concatenate([a, b], axis=1)[:, ::2], axis=1), [[0, 2], [0, 2]])
  assert value_surfaces.relief(lambda x: 3 * np.abs(x[:, 0] - 1), mixture) == pytest.approx(3)
  for straight in (mixture, toy.SwissRoll()):
    assert value_surfaces.relief(lambda x: 3 * x[:, 0] - x[:, 1], straight) == pytest.approx(0, abs=1e-5)
  outer, inner = value_surfaces.neighbours(toy.SwissRoll())
  np.testing.assert_allclose(np.linalg.norm(outer - inner, axis=1), 2 * np.pi / 7.5, rtol=1e-5)


def test_what_lies_within_a_hundredth_of_the_limit():
  assert clipped_weights.share_at(np.array([0.1, -0.0995, 0.0985, 0.0]), 0.1) == 0.5


class Critic(nn.Module):
  """What `gradients` asks of a game."""

  network: nn.Module

  def judge(self, x):
    return self.network(x, train=False)


def test_gradients_by_layer_are_products_of_the_weights_of_the_layers_behind_them():
  critic = Critic(mlp.MlpCritic(width=3, depth=2))
  x = jnp.array([[1.0, 2.0], [0.5, -1.0]])
  w = [jnp.array([[1.0, -1.0, 2.0], [0.5, 1.0, 1.0]]), jnp.arange(9.0).reshape(3, 3) - 3, jnp.array([[1.0], [-2], [3]])]
  layers = {
    name: {'kernel': k, 'bias': jnp.zeros(k.shape[1])} for name, k in zip(('Dense_0', 'Dense_1'), w[:2], strict=True)
  }
  last = {'Logit_0': {'Dense_0': {'kernel': w[2], 'bias': jnp.zeros(1)}}}
  found = gradient_by_layer.gradients(critic, {'params': {'network': layers | last}}, x, depth=2, width=3)
  first = np.maximum(x @ w[0], 0)
  back = np.where(np.maximum(first @ w[1], 0) > 0, w[2].T, 0)
  np.testing.assert_allclose(found[1], back, atol=1e-6)
  np.testing.assert_allclose(found[0], np.where(first > 0, back @ np.asarray(w[1]).T, 0), atol=1e-6)


def test_the_factor_is_that_of_a_geometric_row():
  assert gradient_by_layer.factor(5 * 0.3 ** np.arange(6)[::-1]) == pytest.approx(0.3)


def test_the_bound_divides_by_what_the_layers_divide_by():
  one, two = np.diag([3.0, 1.0]), np.array([[2.0], [0.0]])
  params = {'critic': {'a': {'kernel': one, 'bias': np.zeros(2)}, 'b': {'kernel': two}}}
  vectors = {'critic': {'a': {'u': np.array([0.6, 0.8]), 'v': np.array([1.0, 0.0])}}}
  state = TrainState(0, params, {'spectral': vectors}, {}, {})
  assert spectral_normalization.bound(state) == pytest.approx(3 / 1.8 * 2)
  assert spectral_normalization.bound(state.replace(collections={})) == pytest.approx(6)


def test_the_last_expression_of_the_gradient_is_right_and_the_middle_one_is_not():
  found = spectral_normalization.formula(3)
  assert found['last_error'] < 1e-5 < 0.1 < found['middle_error']
  w = np.asarray(jax.random.normal(jax.random.key(3), (4, 3)), np.float64)
  rows, s, columns = np.linalg.svd(w)
  of_sigma = np.outer(rows[:, 0], columns[0])  # its gradient
  right = (np.eye(12) - np.outer(w, of_sigma) / s[0]) / s[0]
  middle = np.eye(12) / s[0] - np.outer(w / s[0], np.ones(12)) / s[0] ** 2  # lacks of_sigma, divides once too often
  assert found['middle_error'] == pytest.approx(np.abs(middle - right).max() / np.abs(right).max(), rel=1e-4)


def test_power_steps_are_numpys():
  kernel = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
  assert spectral_normalization.sigma(kernel, 200, 0) == pytest.approx(np.linalg.norm(kernel, 2), rel=1e-5)
  assert spectral_normalization.sigma(kernel, 1, 0) < spectral_normalization.sigma(kernel, 3, 0)


TINY = {'updates': 2, 'width': 4, 'samples': 16}


@pytest.mark.parametrize(
  'name, knobs',
  [
    ('value_surfaces', TINY | {'side': 4, 'data': ('8gaussians',)}),
    ('gradient_by_layer', {'updates': 3, 'width': 4, 'depth': 2, 'clips': (0.1,)}),
    ('spectral_normalization', TINY | {'depths': (1,), 'matrices': 1, 'steps': 2}),
    ('one_or_two_sided', {'rounds': 2, 'looks': 1, 'seeds': 1, 'width': 4, 'batch': 8, 'samples': 16}),
  ],
)
def test_tiny_figures(drawn, name, knobs):
  figure = drawn(name, **knobs)
  assert all(np.isfinite(value) for value in figure.measured.values())


@pytest.fixture
def untrained(monkeypatch):
  """untrained(state of a config): in place of critics that are trained, the state that this says of their config."""

  def put(state_of):
    class Untrained(NamedTuple):
      config: Any

      def stages(self, rounds, what):
        del what
        for step in rounds:
          yield Stage(step, state_of(self.config, step), {})

    monkeypatch.setattr(fixed, 'critic_alone', lambda config, noise: Untrained(config))

  return put


def test_the_power_of_c_and_the_share_are_those_of_what_critics_say(drawn, untrained, monkeypatch):
  untrained(lambda config, step: config.optimizer.critic_loss.clip_weights)
  says = {'w1_exact': 0.5, 'w1_ratio': 0.8}
  monkeypatch.setattr(
    fixed, 'duality_of', lambda training, c, n: says | {'w1_estimate': 2 * c**3, 'lipschitz': 5 * c**3}
  )
  measured = drawn('clip_scale', clips=(0.1, 0.2, 0.3)).measured
  assert measured['power'] == pytest.approx(3)
  assert measured['ratio_least'] == measured['ratio_most'] == 0.8
  assert measured['estimate_0.2'] == pytest.approx(0.016)


def test_one_clip_has_no_power(drawn):
  with pytest.raises(UserError, match='two'):
    drawn('clip_scale', clips=(0.1,))


def test_weights_are_counted_at_the_limit_that_the_config_clips_to(drawn, untrained):
  def state(config, step):
    c = config.optimizer.critic_loss.clip_weights
    weights = [c, -c, c, c / 2] if c and step > 1 else [0.3, 0.1, 0.4, 0.0]
    return TrainState(step, {'critic': {'kernel': np.array(weights)}}, {}, {}, {})

  untrained(state)
  measured = drawn('clipped_weights', clip=0.2, updates=5).measured
  assert measured == pytest.approx(
    {
      'weights': 4,
      'at_limit_first': 0.5,
      'at_limit': 0.75,
      'beyond_clip_penalised': 0.5,
      'largest_penalised': 0.4,
      'at_largest_penalised': 0.25,
    }
  )
