"""The chapter on the dynamics of GANs: eigenvalues, quadratures and optima, against what can be worked out by hand."""

import numpy as np
import optax
import pytest

from experiments.lecture import dirac_gan
from wgan_jax import Adversarial, Play, wasserstein
from wgan_jax.errors import UserError
from wgan_jax.lecture.line import Shift, Slope, spectral_radius, walked

ZEROS = np.zeros((2, 1), np.float32)


def test_the_smallest_gan_circles_and_r1_brings_it_to_rest(drawn):
  rate, gamma, sigma = 0.3, 0.5, 0.8
  measured = drawn('dirac_gan', rate=rate, gamma=gamma, sigma=sigma, rounds=150, batch=2048).measured
  slope = 1 / 2  # of log sigmoid at 0

  def largest(damping, at_once=False):
    # (theta, psi): the critic pays rate * damping * psi and rate * slope * theta; then the generator follows its slope.
    critic = np.array([[1, 0], [-rate * slope, 1 - rate * damping]])
    generator = np.array([[1, rate * slope], [0, 1]])
    both = critic + generator - np.eye(2) if at_once else generator @ critic
    return np.abs(np.linalg.eigvals(both)).max()

  assert measured['growth of GAN'] == pytest.approx(largest(0), abs=2e-5) == pytest.approx(1)
  assert measured['growth of WGAN'] == pytest.approx(1, abs=2e-5)
  assert measured['growth of GAN with R1'] == pytest.approx(largest(gamma), abs=2e-5)
  assert measured['growth of GAN, instance noise'] == pytest.approx(largest(sigma**2 / 2), abs=2e-3)
  assert measured['growth at once'] == pytest.approx(largest(0, True), abs=2e-5) == pytest.approx(np.hypot(1, 0.15))
  begin = measured['beginning']
  assert measured['end of GAN with R1'] < 1e-4 * begin and measured['end of GAN, instance noise'] < 0.1 * begin
  for name in ('GAN', 'WGAN', 'WGAN-GP', 'WGAN, clipped'):
    assert measured[f'end of {name}'] > 0.3 * begin
  assert measured['average'] < 0.3 * measured['end of WGAN']


def game(name, **changes):
  """One game of the figure alone."""
  config = dirac_gan.get_config()['dirac_gan']
  config.update(changes)
  return dirac_gan.play_of(config, **dirac_gan.games(config)[name])


def test_paths_of_gans_are_those_of_their_updates_by_hand():
  rate, rounds = 0.3, 60

  def by_hand(slope):  # of the generator's loss, by what the critic says of its point
    theta, psi, places = 1.0, 0.4, [(1.0, 0.4)]
    for _ in range(rounds):
      psi = psi - rate * theta / (1 + np.exp(-psi * theta))  # of -log sigmoid(0) - log(1 - sigmoid(psi theta))
      theta = theta - rate * psi * slope(psi * theta)
      places.append((theta, psi))
    return np.array(places)

  slopes = {'GAN': lambda v: -1 / (1 + np.exp(-v)), 'non-saturating GAN': lambda v: -1 / (1 + np.exp(v))}
  paths = {name: by_hand(slope) for name, slope in slopes.items()}
  assert np.abs(np.subtract(*paths.values())).max() > 0.1
  for name, path in paths.items():
    walk = walked(game(name, rate=rate, psi=0.4), {'image': ZEROS}, rounds)
    np.testing.assert_allclose(walk[:, :2], path, atol=1e-4)


def test_there_is_a_best_weight_of_r1():
  rate, found = 0.4, {}
  for gamma in (0.8, 0.9, 1.0):
    found[gamma] = spectral_radius(game('GAN with R1', rate=rate, gamma=gamma), {'image': ZEROS})
    # The round's map has the trace 2 - rate gamma - rate^2 / 4 and the determinant 1 - rate gamma.
    expected = np.abs(np.roots([1, rate * gamma + rate**2 / 4 - 2, 1 - rate * gamma])).max()
    assert found[gamma] == pytest.approx(expected, abs=2e-3)
  assert min(found, key=found.get) == 1 - rate / 4
  last = 2 / rate - rate / 8
  for gamma in (0.99 * last, 1.01 * last):
    assert (spectral_radius(game('GAN with R1', rate=rate, gamma=gamma), {'image': ZEROS}) < 1) == (gamma < last)


def test_the_orbit_of_the_smallest_wgan_is_the_ellipse_that_its_map_keeps():
  # From psi -= rate theta and then theta += rate psi: theta^2 - rate theta psi + psi^2 stays as it is.
  game = Adversarial(generator=Shift(1.0), critic=Slope(0.5), objective=wasserstein(), prior=lambda keys: ZEROS)
  play = Play(game, dict.fromkeys(('critic_loss', 'generator_loss'), optax.sgd(0.25)), ema_decay=0.9)
  theta, psi, average = walked(play, {'image': ZEROS}, 60).T
  kept = theta**2 - 0.25 * theta * psi + psi**2
  np.testing.assert_allclose(kept, kept[0], rtol=1e-5)
  np.testing.assert_allclose((theta[1], psi[1]), (1 + 0.25 * 0.25, 0.25), rtol=1e-6)
  np.testing.assert_allclose(average[1:], 0.9 * average[:-1] + 0.1 * theta[1:], rtol=1e-4, atol=1e-6)


def test_what_leaves_the_finite_numbers_is_told(drawn):
  with pytest.raises(UserError, match='left the finite numbers'):
    drawn('dirac_gan', rate=3.0, rounds=400, batch=4)


def test_more_updates_of_the_critic_bring_no_rest_without_damping(drawn):
  rate, gamma = 0.3, 0.4
  measured = drawn('critic_steps', rate=rate, gamma=gamma, doublings=1, rounds=20).measured
  generator = np.array([[1, rate / 2], [0, 1]])
  # Both moves are shears.
  assert (measured['least determinant'], measured['most determinant']) == pytest.approx((1, 1), abs=5e-5)

  def largest(damping, k, foreseen=0):
    critic = np.array([[1, 0], [-rate / 2, 1 - rate * damping]])
    # The generator descends -(psi - foreseen * rate * theta / 2) * theta / 2.
    moves = generator - foreseen * np.array([[rate * rate / 2, 0], [0, 0]])
    return np.abs(np.linalg.eigvals(moves @ np.linalg.matrix_power(critic, k))).max()

  for k in (1, 2):
    assert measured[f'k updates, {k}'] == pytest.approx(1, abs=2e-5)
    assert measured[f'k updates with R1, {k}'] == pytest.approx(largest(gamma, k), abs=2e-5)
    assert measured[f'one update, k foreseen, {k}'] == pytest.approx(largest(0, 1, k), abs=2e-5)
