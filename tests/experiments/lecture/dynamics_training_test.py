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
