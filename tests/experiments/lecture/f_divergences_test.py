"""The second chapter: bounds, critics and fits, against formulas of Gaussians, SciPy's quadrature and plain numbers."""

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import scipy.stats

from wgan_jax.build import DIVERGENCES
from wgan_jax.errors import UserError
from wgan_jax.lecture.figure import loaded
from wgan_jax.lecture.known import LOOKS

SHIFT, WIDTH = 0.7, 1.15
P, Q = scipy.stats.norm(0, 1), scipy.stats.norm(SHIFT, WIDTH)


def integral(f):
  return scipy.integrate.quad(f, -15, 15, epsabs=1e-12, limit=200)[0]


def assert_looks_as_everywhere(figure, rows):
  """Of the lines in the first panel that have names so many are divergences, each named and drawn as in `LOOKS`."""
  looks = {look.title: (look.colour, look.line) for look in LOOKS.values()}
  lines = {one.get_label(): one for one in figure.picture.axes[0].get_lines()}
  drawn = {name: (one.get_color(), one.get_linestyle()) for name, one in lines.items() if name[0] != '_'}
  assert len(drawn) == rows and drawn.items() <= looks.items()


def test_no_two_divergences_look_alike():
  assert len({(look.colour, look.line) for look in LOOKS.values()}) == len({look.title for look in LOOKS.values()}) == 8


def test_the_table_of_divergences_and_their_bounds(drawn):
  figure = drawn('f_divergence_bound', shift=SHIFT, width=WIDTH)
  assert_looks_as_everywhere(figure, 8)
  bounds = figure.measured
  assert_formulas(bounds)
  assert_printed_rightly_but_for_two(bounds)
  assert_reached_and_never_passed(bounds)


def assert_formulas(bounds):
  assert bounds['kl'] == pytest.approx(np.log(WIDTH) + (1 + SHIFT**2) / (2 * WIDTH**2) - 1 / 2, abs=1e-10)
  assert bounds['reverse_kl'] == pytest.approx(-np.log(WIDTH) + (WIDTH**2 + SHIFT**2) / 2 - 1 / 2, abs=1e-10)
  affinity = np.sqrt(2 * WIDTH / (1 + WIDTH**2)) * np.exp(-(SHIFT**2) / (4 * (1 + WIDTH**2)))
  assert bounds['squared_hellinger'] == pytest.approx(2 - 2 * affinity, abs=1e-10)
  assert bounds['pearson'] == pytest.approx(integral(lambda x: (P.pdf(x) - Q.pdf(x)) ** 2 / Q.pdf(x)), abs=1e-9)
  assert bounds['neyman'] == pytest.approx(integral(lambda x: (P.pdf(x) - Q.pdf(x)) ** 2 / P.pdf(x)), abs=1e-9)


def assert_printed_rightly_but_for_two(bounds):
  for name in ('kl', 'reverse_kl', 'squared_hellinger'):
    assert bounds[f'{name}_printed'] == pytest.approx(bounds[name], abs=1e-12)
  assert bounds['pearson_printed'] == pytest.approx(bounds['neyman'], abs=1e-12)
  assert bounds['pearson_printed'] > 1.2 * bounds['pearson']
  assert 2 * bounds['jensen_shannon_printed'] == pytest.approx(bounds['jensen_shannon'], abs=1e-12)


def assert_reached_and_never_passed(bounds):
  for name in ('kl', 'reverse_kl', 'pearson', 'neyman', 'squared_hellinger', 'jeffrey', 'jensen_shannon', 'gan'):
    assert bounds[f'{name}_bound'] == pytest.approx(bounds[name], abs=1e-9)
    assert bounds[f'{name}_straight'] < bounds[name] - 1e-4
  assert bounds['largest_excess'] < 1e-9
  assert bounds['missed'] < 1e-9
  assert bounds['wrong_sign'] == pytest.approx(np.log(0.999) + np.log(1000))


def test_with_equal_widths_a_straight_logit_is_as_good_as_any(drawn):
  measured = drawn('f_divergence_bound', shift=SHIFT, width=1.0).measured
  for name in ('kl', 'reverse_kl', 'neyman', 'squared_hellinger', 'jensen_shannon', 'gan'):
    assert measured[f'{name}_share'] == pytest.approx(1, abs=1e-6)
  for name in ('pearson', 'jeffrey'):
    assert measured[f'{name}_share'] < 0.999


@pytest.mark.parametrize(('shift', 'width'), [(1.0, 1.2), (1.0, 1.35), (-3.0, 1.0), (1.0, 0.8)])
def test_bounds_of_gaussians_in_closed_form(drawn, shift, width):
  figure = drawn('f_divergence_bound', shift=shift, width=width)
  square, narrow, wide = shift**2, 2 * width**2 - 1, 2 - width**2
  truths = {
    'pearson': width**2 * np.exp(square / narrow) / np.sqrt(narrow) - 1,
    'neyman': np.exp(square / wide) / (width * np.sqrt(wide)) - 1,
  }
  straight = {  # the integrals of exp(ax + b) and of its like are known; greatest over a and b
    'kl': square / (2 * width**2),
    'reverse_kl': square / 2,
    'pearson': square / width**2,
    'neyman': np.exp(square / wide) - 1,
    'squared_hellinger': 2 - 2 * np.exp(-square / (4 * (1 + width**2))),
  }
  for name, truth in truths.items():
    assert figure.measured[name] == pytest.approx(truth, rel=1e-9)
    assert figure.measured[f'{name}_bound'] == pytest.approx(truth, rel=1e-9)
  for name, most in straight.items():
    assert figure.measured[f'{name}_straight'] == pytest.approx(most, rel=1e-7)
  assert 'which is rounding' in figure.told


def test_exponentials_without_a_bound_are_those_of_the_table_near_0():
  v = np.linspace(-3, 3, 7)
  for name, parts in loaded('experiments/lecture/f_divergence_bound.py').draw.__globals__['EXACT'].items():
    for part, function in parts.items():
      np.testing.assert_allclose(function(v), getattr(DIVERGENCES[name], part)(v), atol=1e-5)


def test_two_distributions_that_are_one_are_refused(drawn):
  with pytest.raises(UserError, match='P and Q are the same'):
    drawn('f_divergence_bound', shift=0.0, width=1.0)


OUT_OF_NUMBERS = {'width': 1.4}, {'width': 0.72}, {'shift': 2.0, 'width': 0.75}


@pytest.mark.parametrize('numbers', [{'width': 1.5}, {'width': 0.7}, {'shift': -3.5}, *OUT_OF_NUMBERS])
def test_what_has_no_finite_divergence_is_refused(drawn, numbers):
  with pytest.raises(UserError):
    drawn('f_divergence_bound', **numbers)


def test_the_best_critics_are_the_slopes_of_f(drawn):
  figure = drawn('optimal_critics', shift=1.0)
  assert_looks_as_everywhere(figure, 8)
  assert figure.measured['error'] < 1e-9
  thresholds = [figure.measured[f'{name}_undecided'] for name in ('kl', 'reverse_kl', 'gan', 'neyman')]
  assert thresholds == pytest.approx([1, -1, -np.log(2), 0])
  lines = {one.get_label(): one for one in figure.picture.axes[1].get_lines()}
  x, t = lines['Jensen-Shannon (twice)'].get_data()
  np.testing.assert_allclose(t, np.log(2) + scipy.special.log_expit(0.5 - x), atol=1e-9)  # log p / q = 1/2 - x


def test_the_best_gaussians_are_minima_by_quadrature(drawn):
  numbers = {'apart': 4.0, 'share': 0.65, 'width': 0.8, 'distances': 1}
  figure = drawn('variational_fit', rounds=2, units=2, batch_size=4, **numbers)
  assert_looks_as_everywhere(figure, 6)
  measured = figure.measured
  mean, variance = -2 * 0.65 + 2 * 0.35, 0.8**2 + 4 - 0.6**2
  assert measured['kl_mean'] == pytest.approx(mean, abs=1e-5)
  assert measured['kl_width'] == pytest.approx(np.sqrt(variance), abs=1e-5)

  def reverse_kl(mean, width):
    q = scipy.stats.norm(mean, width)
    p = [(0.65, scipy.stats.norm(-2, 0.8)), (0.35, scipy.stats.norm(2, 0.8))]
    return integral(lambda x: q.pdf(x) * (q.logpdf(x) - np.log(sum(share * one.pdf(x) for share, one in p))))

  mean, width = measured['reverse_kl_mean'], measured['reverse_kl_width']
  least = reverse_kl(mean, width)
  assert least == pytest.approx(measured['reverse_kl_value'], abs=1e-7)
  for other in ((mean + 0.01, width), (mean - 0.01, width), (mean, width + 0.01), (mean, width - 0.01)):
    assert reverse_kl(*other) > least
  for name in ('kl', 'reverse_kl', 'jensen_shannon', 'squared_hellinger', 'jeffrey', 'pearson'):
    assert measured[f'{name}_gan_value'] > measured[f'{name}_value']
  is_twice_js(figure)


def is_twice_js(figure):
  mean, width = (figure.measured[f'jensen_shannon_{key}'] for key in ('mean', 'width'))

  def js(x):
    p = 0.65 * scipy.stats.norm.pdf(x, -2, 0.8) + 0.35 * scipy.stats.norm.pdf(x, 2, 0.8)
    q = scipy.stats.norm.pdf(x, mean, width)
    return (scipy.special.rel_entr(p, (p + q) / 2) + scipy.special.rel_entr(q, (p + q) / 2)) / 2

  (row,) = [row for row in figure.table if row[0] == 'Jensen-Shannon (twice)']
  assert float(row[1]) == pytest.approx(2 * integral(js), abs=6e-4)


def test_an_estimate_begins_below_the_divergence(drawn):
  figure = drawn('estimated_divergence', rounds=2, units=2, points=3, shift=SHIFT, width=WIDTH)
  assert_looks_as_everywhere(figure, 4)
  measured = figure.measured
  assert measured['kl_truth'] == pytest.approx(np.log(WIDTH) + (1 + SHIFT**2) / (2 * WIDTH**2) - 1 / 2, abs=1e-10)
  for name in ('kl', 'reverse_kl', 'jensen_shannon', 'squared_hellinger'):
    assert measured[f'{name}_bound'] <= measured[f'{name}_highest'] < measured[f'{name}_truth']
  assert measured['really'] < measured['kl_truth']
