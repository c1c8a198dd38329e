import types

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments import digits_wgan_gp
from wgan_jax import build, parallel
from wgan_jax.evaluators import Look
from wgan_jax.networks import layers
from wgan_jax.sample import Sampler
from wgan_jax.watching import duality
from wgan_jax.watching.judge import Judge

SEED, CHUNK = 3, 8
X = np.random.default_rng(1).normal(size=(20, 2)).astype(np.float32)


@pytest.fixture(scope='module')
def play(make_play):
  return make_play()


@pytest.fixture(scope='module')
def state(play, make_feed, begin):
  """Whose averages, statistics and weights are all different."""
  state = begin(play, make_feed(4))
  shifted = jax.tree.map(lambda x: x + 0.25, state.collections['batch_stats'])
  ema = jax.tree.map(lambda x: 0.5 * x, state.ema)
  return state.replace(ema=ema, collections={**state.collections, 'batch_stats': shifted})


def judge_of(play, devices=1):
  devices = jax.devices()[:devices]
  return Judge(play.game, Sampler(play.game, SEED, CHUNK, 0, devices), CHUNK, devices)


@pytest.fixture(scope='module')
def judge(play):
  return judge_of(play)


def test_scores_are_those_of_the_critic_as_it_is(play, state, judge):
  critic = {name: tree['critic'] for name, tree in state.variables().items()}
  expected = play.game.critic.apply(critic, X, train=False)
  np.testing.assert_allclose(judge.scores(state, X, None), expected, rtol=1e-6, atol=1e-6)
  # A sample's score does not depend on the others, though the critic has batch statistics.
  np.testing.assert_allclose(judge.scores(state, X[7:8], None), expected[7:8], rtol=1e-6, atol=1e-6)


def test_slopes_are_those_of_finite_differences(state, judge):
  step = np.float32(2.0**-6)
  changes = [judge.scores(state, X + d, None) - judge.scores(state, X - d, None) for d in step * np.eye(2, dtype='f')]
  expected = np.linalg.norm(changes, axis=0) / (2 * step)
  assert expected.max() > 2 * expected.min() > 0
  np.testing.assert_allclose(judge.slopes(state, X, None), expected, rtol=2e-3)


def test_fakes_are_of_the_very_round_and_of_the_codes_that_samples_have(play, state, judge):
  sampler = Sampler(play.game, SEED, CHUNK, 0)
  codes, _ = sampler.codes(state.variables(), np.arange(20))
  generator = {name: tree['generator'] for name, tree in state.variables().items() if 'generator' in tree}
  expected = play.game.generator.apply(generator, codes, train=False)
  np.testing.assert_allclose(judge.fakes(state, 20, None), expected, rtol=1e-5, atol=1e-6)
  assert np.abs(expected - sampler.draw(state, 20)[0]).max() > 0.01


def test_costs_are_means_over_all_fakes(judge):
  np.testing.assert_allclose(judge.cost(np.array([1.0, 4.0]), np.array([0.0, 3.0, 6.0])), [2.0, -1.0])


def test_numbers_do_not_depend_on_devices(play, state, judge):
  def numbers(judge, state):
    evaluator = duality.evaluator(judge, {'image': X}, 10, within_classes=False)
    return dict(evaluator.scores(Look(0, state, X)))

  expected = numbers(judge, state)
  assert {'critic/w1_estimate', 'critic/w1_exact', 'critic/lipschitz', 'critic/w1_ratio'} < set(expected)
  assert expected['critic/w1_ratio'] <= 1
  assert numbers(judge_of(play, 8), parallel.everywhere(state, jax.devices()[:8])) == pytest.approx(expected, rel=1e-5)


def test_a_critic_of_convolutions_has_slopes_on_any_devices():
  config = digits_wgan_gp.get_config()
  config.generator.width = 4
  config.critic.update(name='dcgan', width=4)
  play = build.build_play(config, (8, 8, 1))
  x = np.random.default_rng(2).uniform(-1, 1, (10, 8, 8, 1)).astype(np.float32)
  critic = {'params': {'critic': play.game.critic.init(jax.random.key(0), x, train=False)['params']}}
  expected = jax.grad(lambda x: jnp.sum(play.game.apply(critic, x, method='judge')))(x).reshape(10, -1)
  state = types.SimpleNamespace(variables=lambda: critic)
  np.testing.assert_allclose(judge_of(play, 8).slopes(state, x, None), np.linalg.norm(expected, axis=1), rtol=1e-4)


class Linear(nn.Module):
  """f(x) = w . x."""

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return layers.Dense(1, use_bias=False)(x)[:, 0]


def test_a_clipped_critic_has_the_slope_of_its_weights(make_play, make_feed, begin):
  play = make_play(critic=Linear())
  state, judge = begin(play, make_feed(4)), judge_of(play)

  def numbers(*w):
    params = {**state.params, 'critic': {'Dense_0': {'kernel': np.float32(w)[:, None]}}}
    evaluator = duality.evaluator(judge, {'image': X}, 20, within_classes=False)
    return dict(evaluator.scores(Look(0, state.replace(params=params), X)))

  free, clipped = numbers(3.0, -4.0), numbers(0.01, -0.01)
  assert free['critic/lipschitz'] == pytest.approx(5.0)
  assert clipped['critic/lipschitz'] == pytest.approx(0.01 * np.sqrt(2))
  fakes = judge.fakes(state, 20, None)
  assert clipped['critic/w1_estimate'] == pytest.approx((X - fakes).mean(axis=0) @ [0.01, -0.01], rel=1e-4)
  assert free['critic/w1_exact'] == clipped['critic/w1_exact']
