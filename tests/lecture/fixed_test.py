import jax
import numpy as np
import pytest

from experiments import toy_wgan_gp
from wgan_jax.data import toy
from wgan_jax.errors import UserError
from wgan_jax.lecture import fixed


@pytest.fixture(scope='module')
def training():
  config = fixed.settings(toy_wgan_gp, '8gaussians', updates=10, rate=1e-3, seed=3, width=4, depth=1)
  config.game.warmup.update(repeats=5, first_rounds=2, every=0)
  return fixed.critic_alone(config, noise=0.5)


def test_settings_are_of_the_critic(training):
  assert jax.tree.leaves(training.like.params)[0].shape == (4,)


def test_the_critic_alone_learns(training):
  assert set(training.like.params) == {'critic'}
  assert set(training.like.opt_state) == {'critic_loss'}
  assert not jax.tree.leaves(training.like.ema)
  assert [turn.loss for turn in training.play.game.turns] == ['critic_loss']


@pytest.mark.parametrize('step, updates', [(0, 0), (1, 5), (2, 10), (7, 15)])
def test_updates_are_those_of_the_critic(training, step, updates):
  assert training.play.game.played_before(step) == {'critic_loss': updates}


def test_fakes_are_the_data_and_noise():
  density = toy.Mixture(np.array([[3.0, -1.0]], np.float32), 0.3)
  fakes = np.asarray(fixed.noisy(density, 0.4)(jax.random.split(jax.random.key(0), 20_000)))
  np.testing.assert_allclose(fakes.mean(axis=0), [3, -1], atol=0.02)
  np.testing.assert_allclose(fakes.std(axis=0), 0.5, atol=0.01)  # the root of 0.09 + 0.16


def test_the_generator_gives_its_codes(training):
  z = np.arange(6.0).reshape(3, 2)
  np.testing.assert_array_equal(training.play.game.apply({'params': {}}, z, method='generate'), z)


def test_what_cannot_be_is_told_in_one_line():
  config = fixed.settings(toy_wgan_gp, 'digits', updates=1, rate=1e-3, seed=0)
  with pytest.raises(UserError, match='digits is of no known density'):
    fixed.critic_alone(config, noise=1.0)
  with pytest.raises(UserError, match='above 0, not to 0'):
    fixed.clip(config, 0.0)
