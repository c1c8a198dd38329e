"""The figures on the dynamics of GANs that train networks, so small here that only their mechanics are seen."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from wgan_jax import objectives
from wgan_jax.errors import UserError
from wgan_jax.lecture.line import told_by_the_best_logits


def test_two_gaussians_are_told_apart_by_all_three(drawn):
  apart = 2.0
  measured = drawn('two_gaussians', apart=apart, rounds=3, width=8, weight=2.0).measured

  def mean(of_x):  # at the fakes, N(apart / 2, 1)
    return integrate.quad(lambda x: of_x(x) * stats.norm.pdf(x, apart / 2), -12, 12)[0]

  discriminator = lambda x: special.expit(-apart * x)  # p / (p + q) of N(-1, 1) and N(1, 1)
  assert measured['best log(1 − D)'] == pytest.approx(mean(lambda x: apart * discriminator(x)), rel=1e-6)
  assert measured['best −log D'] == pytest.approx(mean(lambda x: apart * (1 - discriminator(x))), rel=1e-6)
  # Slopes s of a straight critic pay s apart - weight (s - 1)^2.
  slopes = np.linspace(0, 4, 4001)
  assert measured['bought'] == pytest.approx(slopes[np.argmax(slopes * apart - 2.0 * (slopes - 1) ** 2)], abs=1e-3)
  assert measured['critic, penalty'] > 0 < measured['critic, clipped weights']


@pytest.mark.parametrize('apart', [6.0, 20.0])
def test_what_log_1_minus_d_has_left_lies_in_the_far_tail_of_the_fakes(apart):
  both = lambda x: apart / np.sqrt(2 * np.pi) / (np.exp((x + apart / 2) ** 2 / 2) + np.exp((x - apart / 2) ** 2 / 2))
  left = 2 * integrate.quad(both, 0, 12, epsabs=0, epsrel=1e-9)[0]  # apart times p q / (p + q)
  assert told_by_the_best_logits(objectives.minimax(), apart) == pytest.approx(left, rel=1e-6, abs=0)
  assert told_by_the_best_logits(objectives.non_saturating(), apart) == pytest.approx(apart - left, rel=1e-6)
  assert apart > 6 or left == pytest.approx(1.245e-2, rel=1e-3)


def test_a_penalty_without_weight_is_refused(drawn):
  with pytest.raises(UserError, match='weight'):
    drawn('two_gaussians', weight=0.0)


def test_the_generator_is_told_the_derivative_of_twice_js_or_the_rest_of_theta(drawn):
  apart, theta = 2.5, 1.5
  measured = drawn('saturating_gradient', apart=apart, theta=theta, rounds=3, width=4).measured

  def js(theta):
    def of(x):
      p, q = stats.norm.pdf(x), stats.norm.pdf(x, theta)
      return (special.rel_entr(p, (p + q) / 2) + special.rel_entr(q, (p + q) / 2)) / 2

    return integrate.quad(of, -12, 14, epsabs=1e-12)[0]

  derivative = (js(apart + 1e-3) - js(apart - 1e-3)) / 2e-3
  assert measured['best log(1 − D)'] == pytest.approx(2 * derivative, rel=1e-5)
  assert measured['best −log D'] == pytest.approx(apart - 2 * derivative, rel=1e-5)  # theta times what D is not
  assert measured['best Wasserstein'] == pytest.approx(1)
  assert measured['JSD'] == pytest.approx(js(theta), rel=1e-6)
  assert measured['V'] == pytest.approx(2 * js(theta) - 2 * np.log(2), abs=1e-6)
  assert measured['without log'] == pytest.approx(2 * stats.norm.cdf(theta / 2), rel=1e-6)  # both are right so often
  assert measured['difference'] < 1e-11
  assert measured['first log(1 − D)'] > 0


@pytest.mark.parametrize('theta', [-3.0, 0.5, 25.0, 60.0])
def test_the_gradient_that_is_left_far_away_is_no_zero(theta):
  # p q / (p + q) = exp(-theta^2 / 8) N(t; 0, 1) / (2 cosh(theta t / 2)), t being the way from the middle of the two.
  def of(t):
    return stats.norm.pdf(t) / np.cosh(theta * t / 2)

  expected = theta * np.exp(-(theta**2) / 8) * integrate.quad(of, 0, 12, points=[1 / abs(theta)])[0]
  assert told_by_the_best_logits(objectives.minimax(), theta) == pytest.approx(expected, rel=1e-7, abs=0)
  assert told_by_the_best_logits(objectives.non_saturating(), theta) == pytest.approx(theta - expected, rel=1e-9)


def test_what_no_float_can_hold_is_refused(drawn):
  with pytest.raises(UserError, match='within 70'):
    drawn('saturating_gradient', apart=71.0)


def test_separated_samples_are_judged_beside_what_is_true_of_the_densities(drawn):
  asked = {'dim': 3, 'apart': 1.4, 'fewest': 3, 'experiments': 2, 'rounds': 2, 'width': 4, 'fresh': 40}
  figure = drawn('separated_samples', **asked)
  measured = figure.measured
  p, q = stats.norm(-0.7).pdf, stats.norm(0.7).pdf
  halves = [lambda x, of=of: special.rel_entr(of(x), (p(x) + q(x)) / 2) / 2 for of in (p, q)]
  assert measured['JSD'] == pytest.approx(sum(integrate.quad(half, -10, 10)[0] for half in halves), rel=1e-6)
  assert measured['best'] == pytest.approx(stats.norm.cdf(0.7), rel=1e-6)
  assert (measured['fewest'], measured['most']) == (3, 15)
  estimates = figure.picture.axes[1]
  low, high = estimates.get_ylim()
  assert all(low <= y <= high for line in estimates.lines for y in line.get_ydata()) and estimates.get_title('left')
  for name in ('samples that it learned from', 'fresh samples'):
    for which in ('fewest', 'most'):
      assert 0 <= measured[f'accuracy, {name}, {which}'] <= 1 and measured[f'JSD, {name}, {which}'] <= np.log(2)


def test_piles_that_stand_far_apart_have_all_of_their_mass(drawn):
  measured = drawn('separated_samples', dim=2, apart=40.0, fewest=3, experiments=1, rounds=1, width=4, fresh=4).measured
  assert (measured['best'], measured['JSD']) == pytest.approx((1, np.log(2)))


def test_a_gan_on_the_line_is_looked_at_in_four_rounds(drawn):
  figure = drawn('learning_process', rounds=40, width=4, samples=500)
  titles = [axes.get_title('left') for axes in figure.picture.axes]
  assert titles == ['Round 0', 'Round 1', 'Round 5', 'Round 40']
  assert 0 <= figure.measured['off last'] <= 0.5 and figure.measured['W1 first'] > figure.measured['noise']


def test_both_games_on_the_ring_are_looked_at_as_often(drawn):
  figure = drawn('mode_collapse', stages=2, rounds=1, width=4, samples=100, ahead=2)
  head, plain, unrolled = figure.table
  assert head[1:] == ['round 1', 'round 2'] and plain[0] == 'GAN' and unrolled[0] == 'unrolled GAN'
  assert len(figure.picture.axes) == 4
  modes = [float(cell.partition(';')[0]) for cell in plain[1:]]
  assert figure.measured['modes, GAN'] == pytest.approx(np.mean(modes))
  near = [float(cell.partition(';')[2]) for cell in plain[1:]]
  assert figure.measured['nearest, GAN'] == pytest.approx(max(near), abs=5e-4)
  assert ('no sub-population modelled very well' in figure.told) == (max(near) < 0.5)
  outside = [np.mean(np.abs(one.collections[1].get_offsets()).max(axis=1) > 2.4) for one in figure.picture.axes[:2]]
  assert figure.measured['far, GAN'] == pytest.approx(max(outside))
  assert 0 <= figure.measured['moved, unrolled GAN'] <= 1
