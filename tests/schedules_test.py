import math

import numpy as np
import pytest

from wgan_jax import schedules


@pytest.mark.parametrize(
  'count, expected', [(0, 2.0), (100 / 3, 1.5 + 0.25), (50, 1.5), (100, 1.0), (101, 1.0), (10**9, 1.0)]
)
def test_a_cosine_leads_from_start_to_end_and_stays_there(count, expected):
  np.testing.assert_allclose(schedules.cosine(2.0, 1.0, 100)(count), expected, rtol=1e-6)


def test_a_cosine_may_rise_from_zero():
  np.testing.assert_allclose([schedules.cosine(0.0, 0.55, 10)(i) for i in (0, 5, 10)], [0, 0.275, 0.55], atol=1e-7)


@pytest.mark.parametrize('count, half_life', [(20, 2.0), (30, 3.0), (40, 4.0), (400, 4.0)])
def test_a_rising_decay_is_that_of_a_half_life_that_rises(count, half_life):
  # Half-lives by the cosine from 0 to 4 in 40 rounds, of which a third is 30 / 40: (1 - cos(3 pi / 4)) / 2.
  share = {20: 0.5, 30: (1 + math.sqrt(0.5)) / 2, 40: 1.0, 400: 1.0}[count]
  np.testing.assert_allclose(schedules.rising_decay(0.5 ** (1 / 4), 40)(count), 0.5 ** (1 / (4 * share)), rtol=1e-5)


def test_a_rising_decay_begins_with_a_copy():
  assert schedules.rising_decay(0.999, 40)(0) == 0
