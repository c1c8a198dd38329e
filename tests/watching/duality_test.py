import itertools

import numpy as np
import pytest

from wgan_jax.watching.duality import duality, paired

W = np.array([3.0, -4.0])  # of length 5
RNG = np.random.default_rng(0)
REAL = RNG.normal(size=(40, 2)).astype(np.float32)


def linear(x, label=None):
  return np.float64(x) @ W


def slope_of_linear(x, label=None):
  return np.full(len(x), 5.0)


def compare(critic, slopes, *samples, **options):
  return {name.removeprefix('critic/'): value for name, value in duality(critic, slopes, *samples, **options)}


def test_the_pairing_is_the_best_of_all():
  real, fake = RNG.normal(size=(2, 6, 3))
  partner, distances = paired(real, fake)
  best = min(itertools.permutations(range(6)), key=lambda order: np.linalg.norm(real - fake[list(order)], axis=1).sum())
  assert tuple(partner) == best
  np.testing.assert_allclose(distances, np.linalg.norm(real - fake[list(best)], axis=1), rtol=1e-12)


def test_a_linear_critic_along_the_shift_accounts_for_all_of_it():
  # Shifted against w by 2: W1 = 2, and f = w.x is the best critic there is, five times too steep.
  found = compare(linear, slope_of_linear, REAL, REAL[::-1] - np.float32(2 * W / 5))
  expected = {'w1_estimate': 10.0, 'w1_exact': 2.0, 'lipschitz': 5.0, 'w1_ratio': 1.0}
  assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize('degrees', [0, 30, 60, 90, 150])
def test_of_a_shift_in_another_direction_it_sees_the_cosine(degrees):
  turn = np.deg2rad(degrees)
  rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
  found = compare(linear, slope_of_linear, REAL, REAL - np.float32(rotation @ W * 0.4))
  assert found['w1_exact'] == pytest.approx(2.0, rel=1e-6)
  assert found['w1_ratio'] == pytest.approx(np.cos(turn), abs=1e-6)


def test_the_scale_of_a_critic_changes_no_ratio():
  fake = RNG.normal(1.0, 2.0, (40, 2)).astype(np.float32)
  one = compare(linear, slope_of_linear, REAL, fake)
  small = compare(lambda *of: 1e-3 * linear(*of), lambda *of: 1e-3 * slope_of_linear(*of), REAL, fake)
  assert small['w1_ratio'] == pytest.approx(one['w1_ratio']) != 1.0
  assert small['w1_estimate'] == pytest.approx(1e-3 * one['w1_estimate'])


def test_the_ratio_is_at_most_one_where_gradients_miss_a_steep_place():
  # A step that no gradient at these points tells of: flat at real samples, at fakes and half-way.
  real, fake = np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32)
  step = compare(lambda x, label: np.float64(x[:, 0] > 0.9), lambda x, label: np.zeros(len(x)), real, fake)
  assert step == {'w1_estimate': 1.0, 'w1_exact': 1.0, 'lipschitz': 1.0, 'w1_ratio': 1.0}


def test_slopes_are_looked_for_at_real_samples_at_fakes_and_between_partners():
  real = np.array([[0.0], [10.0]], np.float32)
  fake = np.array([[12.0], [1.0]], np.float32)  # whose partners are 10 and 0
  seen = []

  def slopes(x, label):
    seen.extend(np.ravel(x))
    return np.zeros(len(x))

  compare(lambda x, label: np.zeros(len(x)), slopes, real, fake)
  assert sorted(seen) == [0.0, 0.75, 1.0, 10.0, 10.5, 12.0]
  steep = {place: compare(linear_at(0), lambda x, label, p=place: 1.0 * (x[:, 0] == p), real, fake) for place in seen}
  assert {found['lipschitz'] for found in steep.values()} == {1.0}


def linear_at(slope):
  return lambda x, label: slope * np.float64(x[:, 0])


def test_a_critic_of_labels_is_compared_within_classes():
  # Every sample has a fake of the other class at its own place, and one of its own class at distance 3.
  real, label = np.array([[0.0], [3.0]], np.float32), np.array([0, 1])
  fake = np.array([[3.0], [0.0]], np.float32)
  told = []

  def critic(x, label):
    told.append(label.tolist())
    return np.where(label == 0, -1.0, 1.0) * np.float64(x[:, 0])

  def slopes(x, label):
    return np.ones(len(x))

  assert compare(critic, slopes, real, fake, label, within_classes=True)['w1_exact'] == 3.0
  assert compare(critic, slopes, real, fake, label, within_classes=True)['w1_ratio'] == 1.0
  assert told[1] == [0, 1]  # the label goes with the sample
  assert compare(critic, slopes, real, fake, label)['w1_exact'] == 0.0
  assert told[-1] == [1, 0]


def test_a_critic_that_says_nothing_has_no_ratio():
  found = compare(linear_at(0), lambda x, label: np.zeros(len(x)), REAL, REAL + 1)
  assert 'w1_ratio' not in found and found['lipschitz'] == found['w1_estimate'] == 0.0
