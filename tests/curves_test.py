import re

import numpy as np
import pytest

from wgan_jax import curves


def drawn(name, values, smooth):
  """A curve without the names that things have within its SVG, which are drawn by lot."""
  return re.sub(r'(id="|#)\w+', r'\1', curves.svg(name, 20 * np.arange(len(values)), values, smooth))


@pytest.mark.parametrize('smooth', [True, False])
def test_a_curve_is_the_same_whatever_was_drawn_before(smooth):
  draw = np.random.default_rng(0)
  small, large = 1e-4 * draw.normal(size=100), 1e6 * draw.normal(size=60)
  curves._tile.cache_clear()
  first = drawn('small', small, smooth)
  second = drawn('large', large, smooth)
  assert '<!-- 1e6 -->' in second and '<!-- large -->' in second
  assert '<!-- 1750 -->' in first and '<!-- 0.0001 -->' in first
  assert drawn('small', small, smooth) == first and '<!-- small -->' in first
