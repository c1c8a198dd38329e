"""The figures on the dynamics of GANs that train networks, so small here that only their mechanics are seen."""

import numpy as np
import pytest
from scipy import integrate, special, stats


def test_two_gaussians_are_told_apart_by_all_three(drawn):
  apart = 2.0
  measured = drawn('two_gaussians', apart=apart, rounds=3, width=8, fakes=20_000, weight=2.0).measured

  def mean(of_x):  # at the fakes, N(apart / 2, 1)
    return integrate.quad(lambda x: of_x(x) * stats.norm.pdf(x, apart / 2), -12, 12)[0]

  discriminator = lambda x: special.expit(-apart * x)  # p / (p + q) of N(-1, 1) and N(1, 1)
  assert measured['best log(1 − D)'] == pytest.approx(mean(lambda x: apart * discriminator(x)), rel=0.02)
  assert measured['best −log D'] == pytest.approx(mean(lambda x: apart * (1 - discriminator(x))), rel=0.02)
  # Slopes s of a straight critic pay s apart - weight (s - 1)^2.
  slopes = np.linspace(0, 4, 4001)
  assert measured['bought'] == pytest.approx(slopes[np.argmax(slopes * apart - 2.0 * (slopes - 1) ** 2)], abs=1e-3)
  assert measured['critic, penalty'] > 0 < measured['critic, clipped weights']


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
  assert measured['difference'] < 1e-6
  assert measured['first log(1 − D)'] > 0
