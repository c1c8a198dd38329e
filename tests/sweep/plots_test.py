import math
import re

import numpy as np
import pytest

from wgan_jax.sweep import groups, page_drawings, plots, runs


@pytest.fixture
def learning(make_sweep, leave):
  """make(values by unit, rates, state) -> groups of two seeds each, a look per value."""

  def make(values, rates):
    overrides = [{'optimizer.rate': rate, 'seed': i} for i, rate in enumerate(rates)]
    root, units = make_sweep(overrides)
    for unit, of in zip(units, values, strict=True):
      looks = {100 * i: {'sliced_w1': value} for i, value in enumerate(of)}
      leave(unit, looks, 'failed' if len(of) == 1 else 'done')
    return groups.groups_of(runs.read(root, units, {}))

  return make


def test_the_band_is_mean_and_spread_where_all_lines_are():
  lines = [{0: 1.0, 100: 2.0, 200: 5.0}, {0: 3.0, 100: 6.0}, {0: 5.0, 100: 1.0, 300: 1.0}]
  steps, mean, std = plots.band(lines)
  assert steps.tolist() == [0, 100]
  np.testing.assert_allclose(mean, [3.0, 3.0])
  np.testing.assert_allclose(std, [np.std([1, 3, 5], ddof=1), np.std([2, 6, 1], ddof=1)])


def test_a_band_of_one_or_none_has_no_width():
  assert [x.tolist() for x in plots.band([{0: 1.0, 5: 2.0}])] == [[0, 5], [1.0, 2.0], [0.0, 0.0]]
  assert [x.tolist() for x in plots.band([])] == [[], [], []]


@pytest.mark.parametrize('seeds, filled', [(2, False), (5, True)])
def test_few_seeds_are_thin_lines_and_more_a_band(learning, seeds, filled):
  of = learning([[0.5, 0.4, 0.3]] * seeds, [1.0] * seeds)
  svg = plots.over_rounds('sliced_w1', of)
  assert ('FillBetween' in svg or 'PolyCollection' in svg) == filled
  assert svg.startswith('<svg') and 'currentColor' in svg
  assert ('shaded' in page_drawings.over_rounds(of, ['sliced_w1'], 'sliced_w1')) == filled


def test_an_axis_over_decades_is_logarithmic(learning):
  def ticks(rates):
    svg = plots.against('sliced_w1', 'optimizer.rate', learning([[0.5, 0.4], [0.5, 0.3]], rates), True)
    return len(re.findall(r'<g id="[^"]*xtick', svg))

  assert ticks([1e-4, 1e-2]) > 2 * ticks([1e-3, 2e-3])


def marks(svg, colour):
  """How many markers of a colour are drawn."""
  return len(re.findall(rf'<use [^>]*stroke: {plots.COLOURS[colour]}', svg))


@pytest.mark.parametrize(
  'values, crosses, points',
  [
    ([[0.5, 0.4], [0.5, 0.3], [0.5, 0.2]], 0, 3),
    ([[0.5, 0.4], [0.5], [0.5, 0.2]], 1, 2),
    ([[0.5, 0.4], [0.5, 0.3], [0.5, math.nan]], 1, 2),
    ([[0.5], [0.5], [0.5, math.nan]], 3, 0),
  ],
)
def test_failures_are_crosses_and_not_left_out(learning, values, crosses, points):
  groups = learning(values, [1.0, 2.0, 3.0])
  for svg in (plots.against('sliced_w1', 'optimizer.rate', groups, True), plots.by_group('sliced_w1', groups)):
    assert (marks(svg, 5), marks(svg, 1)) == (crosses, points)


@pytest.mark.parametrize('text', ['$x_1^2', r'$\frac{', '_hidden', 'line\nbreak', '中文 \x00', 'x' * 500, ''])
def test_any_text_can_be_drawn(learning, text):
  of = learning([[0.5, 0.4], [0.5, 0.3]], [1.0, 2.0])
  named = [group._replace(name=text) for group in of]
  assert plots.over_rounds('sliced_w1', named).startswith('<svg')
  assert len(plots.plain(text)) <= plots.LONGEST + 2
