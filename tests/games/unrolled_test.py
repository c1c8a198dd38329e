"""The generator of an unrolled GAN against updates written out by hand, and finite differences of them in float64."""

import jax
import numpy as np
import pytest

from wgan_jax.augmentations import instance_noise
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.games.unrolled import Unrolled
from wgan_jax.lecture.line import Shift, Slope
from wgan_jax.networks.augmented import Augmented
from wgan_jax.objectives import minimax, non_saturating, wasserstein
from wgan_jax.penalties import r1

KEY, RNG = jax.random.key(5), np.random.default_rng(3)
REAL, Z = RNG.normal(-0.5, 1.0, (2, 6, 2)).astype(np.float32)
THETA, PSI = np.float32([0.3, -0.8]), np.float32([0.7, 0.2])
PARAMS = {'generator': {'theta': THETA}, 'critic': {'psi': PSI}}


def make(kind=Unrolled, **fields):
  return kind(**{'generator': Shift(), 'critic': Slope(), 'prior': lambda keys: np.resize(Z, (len(keys), 2)), **fields})


def loss_of(game, params=PARAMS, loss='generator_loss', memory=None):
  variables = {'params': params, **({'memory': memory} if memory else {})}
  return game.apply(variables, {'image': REAL}, method=loss, rngs={'params': KEY})[0]


def gradient_of(game, params=PARAMS):
  return jax.jit(jax.grad(lambda params: loss_of(game, params)))(params)['generator']['theta']


def test_a_linear_critic_of_the_wasserstein_game_goes_where_the_means_say():
  # psi_K = psi + K rate (mean of real - mean of fake), so that the loss -psi_K . mean of fake is a parabola in theta.
  game, fake = make(objective=wasserstein(), ahead=4, rate=0.15), Z.mean(0) + THETA
  later = PSI + 4 * 0.15 * (REAL.mean(0) - fake)
  np.testing.assert_allclose(loss_of(game), -later @ fake, rtol=1e-5)
  np.testing.assert_allclose(gradient_of(game), -later + 4 * 0.15 * fake, rtol=1e-5)


def sigmoid(x):
  return 1 / (1 + np.exp(-x))


def by_hand(theta, ahead, rate, gamma, non_saturating):
  """The loss against the critic that descends softplus(-psi x) + softplus(psi y) + gamma / 2 |psi|^2."""
  psi, real, fake = np.float64(PSI), np.float64(REAL), np.float64(Z) + theta
  for _ in range(ahead):
    slope = -(sigmoid(-real @ psi)[:, None] * real).mean(0) + (sigmoid(fake @ psi)[:, None] * fake).mean(0)
    psi = psi - rate * (slope + gamma * psi)
  logits = fake @ psi
  return np.mean(np.log1p(np.exp(-logits))) if non_saturating else -np.mean(np.log1p(np.exp(logits)))


@pytest.mark.parametrize('ahead, rate, gamma', [(0, 0.7, 0.0), (1, 0.7, 0.0), (6, 0.4, 0.0), (3, 0.5, 0.9)])
@pytest.mark.parametrize('objective', [minimax, non_saturating])
def test_loss_and_gradient_are_those_of_updates_by_hand(objective, ahead, rate, gamma):
  game = make(objective=objective(), penalty=r1(gamma), ahead=ahead, rate=rate)
  options = ahead, rate, gamma, objective is non_saturating
  np.testing.assert_allclose(loss_of(game), by_hand(np.float64(THETA), *options), rtol=1e-5)
  steps = 1e-5 * np.eye(2)
  differences = [(by_hand(THETA + step, *options) - by_hand(THETA - step, *options)) / 2e-5 for step in steps]
  np.testing.assert_allclose(gradient_of(game), differences, rtol=2e-5, atol=1e-7)


def test_without_looking_ahead_it_is_the_adversarial_game():
  games = [make(objective=minimax(), ahead=0), make(Adversarial, objective=minimax())]
  np.testing.assert_allclose(*map(loss_of, games), rtol=1e-6)
  np.testing.assert_allclose(*map(gradient_of, games), rtol=1e-6)


def test_the_critic_learns_as_ever_and_keeps_nothing_of_what_was_tried():
  games = [make(kind, objective=minimax(), penalty=r1(0.5)) for kind in (Unrolled, Adversarial)]
  np.testing.assert_allclose(*(loss_of(game, loss='critic_loss') for game in games), rtol=1e-6)
  assert not np.any(jax.grad(lambda params: loss_of(games[0], params, 'critic_loss'))(PARAMS)['generator']['theta'])


def test_a_critic_that_is_tried_out_sees_through_its_augmentation():
  noisy = make(objective=minimax(), critic=Augmented(Slope(), instance_noise(3.0)), ahead=2)
  params = {**PARAMS, 'critic': {'network': PARAMS['critic']}}
  memory = noisy.init(KEY, {'image': REAL})['memory']
  assert abs(loss_of(noisy, params, memory=memory) - loss_of(make(objective=minimax(), ahead=2))) > 0.01
