"""The first chapter: plans, prices and distances, against what can be computed by hand or by SciPy."""

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from wgan_jax.errors import UserError


def test_the_best_plan_costs_what_scipy_says(drawn):
  measured = drawn('moving_plans', places=7, hill=1.0, valley=3.0, apart=2.0).measured
  x = np.arange(7)
  p, q = np.exp(-((x - 1) ** 2) / 2), np.exp(-((x - 1) ** 2) / 2) + np.exp(-((x - 5) ** 2) / 2)
  assert measured['best'] == pytest.approx(scipy.stats.wasserstein_distance(x, x, p, q))
  assert measured['best'] < measured['independent'] < measured['backwards']
  assert measured['best'] == pytest.approx(measured['in_order']) == pytest.approx(measured['half_of_either'])
  assert 0.01 < measured['elsewhere'] < 1


def test_the_lectures_example_is_3_as_plan_as_area_and_as_dual(drawn):
  measured = drawn('w1_example').measured
  for name in ('w1', 'in_order', 'by_halves', 'area', 'dual'):
    assert measured[name] == pytest.approx(3, abs=1e-12), name
  # The lecture's values of f are those of |x - 6| - 3 / 2 in the middles of the blocks.
  assert [measured[f'f_on_{i}'] for i in (1, 2, 3)] == pytest.approx([3, 1, 2])
  assert measured['f_on_q'] == pytest.approx(-1)
  assert measured['slope'] == pytest.approx(1)


def test_the_critic_attains_the_distance_wherever_the_hole_is(drawn):
  for start, width in ((0.3, 2.9), (3.5, 6.0), (9.2, 0.5)):
    measured = drawn('w1_example', start=start, width=width).measured
    middles = (np.arange(4000) + 0.5) / 4000
    p = np.interp(middles, [0, 0.25, 0.25, 0.5, 0.5, 1], [1, 2, 3, 4, 9, 10])
    assert measured['dual'] == pytest.approx(np.abs(p - start - width * middles).mean(), abs=1e-3)
    assert measured['dual'] == pytest.approx(measured['area'], abs=1e-12)
    assert measured['slope'] <= 1 + 1e-12


def test_only_w1_tells_how_far_lines_are_apart(drawn):
  figure = drawn('parallel_lines', d0=2.0, d50=0.7, points=5)
  measured = figure.measured
  assert [measured[f'w1_{when}'] for when in ('first', 'later', 'end')] == pytest.approx([2, 0.7, 0])
  assert [measured[f'js_{when}'] for when in ('first', 'later', 'end')] == pytest.approx([np.log(2), np.log(2), 0])
  assert measured['js_least_apart'] == measured['js_most'] == pytest.approx(np.log(2))
  assert [row[1:] for row in figure.table[3:]] == [['1.0000', '1.0000', '0.0000']] + 2 * [['∞', '∞', '0.0000']]
  assert (measured['kl_of_blocks_apart'], measured['kl_of_blocks_end']) == (np.inf, 0)
  assert 'KL is ∞ wherever they are apart and 0.0000 when the two are one' in figure.told
  assert (measured['w1_least_slope'], measured['w1_most_slope']) == pytest.approx((1, 1))
  # Half of each block lies where the other is not: JS is half of log 2.
  assert measured['js_of_blocks_near'] == pytest.approx(np.log(2) / 2)


def test_lines_may_be_as_near_as_you_like(drawn):
  measured = drawn('parallel_lines', d0=1e-10, points=2).measured
  assert measured['w1_first'] == pytest.approx(1e-10, rel=1e-6)
  assert measured['js_least_apart'] == measured['js_most'] == pytest.approx(np.log(2))
  assert measured['w1_least_slope'] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize('width', [0.001, 1000.0])
def test_gaussians_between_the_places_are_refused(drawn, width):
  with pytest.raises(UserError, match='more than the narrower Gaussian is wide'):
    drawn('gaussians', width=width)


def test_w_p_of_a_pile_with_a_crumb_by_hand(drawn):
  measured = drawn('w_p', crumb=0.1, far=5.0, near=1.0, largest_p=8).measured
  assert measured['w1'] == pytest.approx(0.9 + 0.5)
  assert measured['w2'] == pytest.approx(np.sqrt(0.9 + 2.5))
  assert measured['largest_p'] == pytest.approx((0.9 + 0.1 * 5**8) ** (1 / 8))
  assert measured['crumb_in_w1'] == pytest.approx(0.5 / 1.4)
  assert measured['crumb_in_w2'] == pytest.approx(2.5 / 3.4)
  assert measured['least_rise'] > 0
  assert measured['without_root_in_two_halves'] == pytest.approx(measured['without_root_at_once'] / 2)
  assert measured['with_root_in_two_halves'] == pytest.approx(measured['w2'])


def test_gaussians_by_quadrature(drawn):
  measured = drawn('gaussians', width=0.7, farthest=2.0, places=2001).measured
  p, q = scipy.stats.norm(0, 1), scipy.stats.norm(2, 0.7)

  def integral(f):
    return scipy.integrate.quad(f, -12, 14, limit=500, points=[0, 2])[0]

  def js(x):
    middle = np.log((p.pdf(x) + q.pdf(x)) / 2)
    return (p.pdf(x) * (p.logpdf(x) - middle) + q.pdf(x) * (q.logpdf(x) - middle)) / 2

  assert measured['kl_error'] < 1e-9
  assert measured['kl_last'] == pytest.approx(integral(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x))))
  assert measured['reverse_last'] == pytest.approx(integral(lambda x: q.pdf(x) * (q.logpdf(x) - p.logpdf(x))))
  assert measured['w1_last'] == pytest.approx(integral(lambda x: abs(p.cdf(x) - q.cdf(x))), rel=1e-4)
  levels = (np.arange(200_000) + 0.5) / 200_000
  assert measured['w2_last'] == pytest.approx(np.sqrt(np.mean((p.ppf(levels) - q.ppf(levels)) ** 2)), rel=1e-4)
  assert measured['w2_last'] == pytest.approx(np.hypot(2, 0.3))
  js_equal = drawn('gaussians', width=1.0, farthest=2.0, places=2001).measured['js_last_equal']
  q = scipy.stats.norm(2, 1)
  assert js_equal == pytest.approx(integral(js))
