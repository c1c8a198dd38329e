"""What estimates of W1 are worth: the coins by hand and by brute force, training games by how they are looked at."""

import itertools

import numpy as np
import pytest
import scipy.stats

from wgan_jax import closed_forms
from wgan_jax.errors import UserError


def cramer(ones, theta):
  return (ones - theta) ** 2


def mean_over_all_samples(distance, theta, coin, m):
  """The expected distance of Bernoulli(theta) to m tosses, over all of their 2^m sequences."""
  return sum(
    coin ** sum(tosses) * (1 - coin) ** (m - sum(tosses)) * distance(np.mean(tosses), theta)
    for tosses in itertools.product((0, 1), repeat=m)
  )


def slope(distance, theta, coin, m, h=1e-6):
  return (mean_over_all_samples(distance, theta + h, coin, m) - mean_over_all_samples(distance, theta - h, coin, m)) / (
    2 * h
  )


def test_sample_gradients_of_coins_are_what_all_sequences_of_tosses_say(drawn):
  figure = drawn('biased_gradients', first=0.6, second=0.8, few=3, some=4, many=7, runs=100, updates=300, rate=0.1)
  measured = figure.measured
  assert measured['w1_at_half'] == pytest.approx(slope(closed_forms.bernoulli, 0.5, 0.6, 3), abs=1e-6)
  assert slope(cramer, 0.5, 0.6, 3) == pytest.approx(2 * (0.5 - 0.6), abs=1e-6)
  assert measured['cramer_bias'] < 1e-12
  assert figure.picture.axes[3].lines[0].get_ydata()[0] == 0.5
  lines = [one for axes in figure.picture.axes for one in axes.lines if 'm = 4' in one.get_label()]
  assert len(lines) == 6 and len({one.get_color() for one in lines}) == 1


def test_w1_to_samples_is_least_at_their_median(drawn):
  batches = {'few': 3, 'some': 4, 'many': 7}
  measured = drawn('biased_gradients', first=0.6, second=0.8, runs=1, updates=1, **batches).measured
  grid = np.arange(0, 85) / 84  # which holds all shares of ones
  for m, (i, coin) in itertools.product(batches.values(), enumerate((0.6, 0.8))):
    means = [mean_over_all_samples(closed_forms.bernoulli, theta, coin, m) for theta in grid]
    assert measured[f'stationary_{m}_{i}'] == pytest.approx(grid[np.argmin(means)])


def test_w1_to_samples_of_a_fair_coin_has_no_slope_between_their_medians(drawn):
  figure = drawn('biased_gradients', first=0.5, few=1, some=5, many=6, runs=1, updates=1)
  for m, (low, high) in {1: (0, 1), 5: (2 / 5, 3 / 5), 6: (1 / 2, 1 / 2)}.items():
    assert figure.measured[f'stationary_{m}_0'] == pytest.approx(low)
    assert figure.measured[f'stationary_until_{m}_0'] == pytest.approx(high)
  inside = slope(closed_forms.bernoulli, 0.41, 0.5, 5), slope(closed_forms.bernoulli, 0.59, 0.5, 5)
  assert inside == pytest.approx((0, 0), abs=1e-6)
  assert 'changes sign at 0.000 to 1.000 (0 between) and 1.000 with m = 1' in figure.told


def test_the_gradient_of_the_cramer_distance_is_drawn_to_scale(drawn):
  axes = drawn('biased_gradients', first=0.3, second=0.8, runs=1, updates=1).picture.axes[2]
  for coin, (true, samples) in zip((0.3, 0.8), (axes.lines[:2], axes.lines[2:]), strict=True):
    for line in true, samples:  # of (theta - coin)^2
      theta, gradient = line.get_data()
      np.testing.assert_allclose(gradient, 2 * (theta - coin), atol=1e-12)


def test_descent_of_w1_ends_beside_the_coin_and_that_of_cramer_at_it(drawn):
  measured = drawn('biased_gradients', first=0.6, second=0.9, runs=200, updates=2000, rate=0.1).measured
  assert measured['ends_w1_0'] == pytest.approx(1.0, abs=0.02)
  assert measured['ends_cramer_0'] == pytest.approx(0.6, abs=0.02)
  assert measured['ends_cramer_1'] == pytest.approx(0.9, abs=0.02)


def test_estimates_stand_beside_the_exact_distance_of_the_same_samples(drawn):
  asked = {'games': ('gradient penalty',), 'data': '2gaussians', 'rounds': 30, 'looks': 3, 'samples': 16, 'width': 4}
  figure = drawn('estimate_and_exact', **asked)
  exact, floor, estimate, bound = (line.get_ydata() for line in figure.picture.axes[0].lines)
  assert list(figure.picture.axes[0].lines[0].get_xdata()) == [20, 24, 30]
  assert np.all(bound <= exact) and floor[0] == figure.measured['floor'] > 0
  assert not np.allclose(estimate, bound)
  assert f'here at {np.sum(estimate <= 0)} of the 3 looks' in figure.told
  assert figure.measured['gradient_penalty_share'] == pytest.approx(np.max(bound / exact))
  assert [len(row) for row in figure.table] == [7] * 2


def test_estimates_of_a_gan_stand_beside_its_samples(drawn):
  figure = drawn('js_and_w_estimates', games=('GAN',), rounds=6, looks=3, generator=4, critic=4)
  estimates, quality, both = figure.picture.axes
  curve = estimates.lines[0].get_ydata()
  assert len(curve) == 6 and np.all(np.abs(curve) < 0.3)  # such a discriminator knows nothing: JS = 0 nats
  assert list(quality.lines[0].get_xdata()) == [2, 4, 6]
  seen = both.collections[0].get_offsets()
  assert np.allclose(seen[:, 0], quality.lines[0].get_ydata())
  expected = scipy.stats.spearmanr(seen[:, 0], seen[:, 1]).statistic
  assert figure.measured['GAN_rank_correlation'] == pytest.approx(expected)


def test_samples_stand_in_the_order_of_their_distance(drawn):
  asked = {'games': ('WGAN',), 'rounds': 8, 'first': 2, 'stages': 3, 'seeds': 1, 'width': 4, 'images': 4}
  figure = drawn('loss_ranks_samples', **asked)
  titles = [axes.get_title('left').split('\n') for axes in figure.picture.axes]
  assert sorted(first for first, _ in titles) == ['Round 2', 'Round 4', 'Round 8']
  assert sorted(second for _, second in titles) == ['by loss no. 1', 'by loss no. 2', 'by loss no. 3']
  assert titles[-1][0] == f'Round {figure.measured["WGAN_best"]:.0f}'
  places = [float(second.split()[-1]) for _, second in titles]
  assert figure.measured['WGAN_critic'] == pytest.approx(scipy.stats.spearmanr(places, [3, 2, 1]).statistic)


def test_a_critic_is_held_against_digits_that_it_never_saw(drawn):
  asked = {'games': ('GAN',), 'sizes': (3,), 'held_out': 1700, 'rounds': 4, 'looks': 2, 'width': 4}
  figure = drawn('overfitting', **asked)
  training, held_out = (line.get_ydata() for line in figure.picture.axes[0].lines[:2])
  assert len(training) == 3
  assert np.all(np.abs(training + 2 * np.log(2)) < 0.5) and not np.allclose(training, held_out)
  assert figure.measured['GAN_3_gap'] == pytest.approx(training[-1] - held_out[-1])
  assert figure.table[1][2] == 'never'
  with pytest.raises(UserError, match='from 1 to held_out'):
    drawn('overfitting', sizes=(1001,))


def test_a_run_has_its_cell_and_one_that_is_not_finite_too(drawn):
  asked = {'games': ('WGAN',), 'rates': (1e-3, 1e30), 'rounds': 3, 'samples': 16, 'width': 4, 'data': '2gaussians'}
  figure = drawn('hyperparameters', **asked)
  finite, failed = (text.get_text() for text in figure.picture.axes[0].texts)
  assert figure.measured['WGAN_best'] == figure.measured['WGAN_worst'] == pytest.approx(float(finite), abs=5e-4)
  assert failed == 'not finite' and 'which 1 of 2 do not' in figure.told and figure.measured['WGAN_near'] == 0.5
  assert 0 < figure.measured['floor'] < float(finite)
  of_none = drawn('hyperparameters', **asked | {'rates': (1e30,)})
  assert 'which 1 of 1 do not; 0% of' in of_none.told and 'WGAN_best' not in of_none.measured
