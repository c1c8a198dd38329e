import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from wgan_jax import transport
from wgan_jax.closed_forms import bernoulli, kullback_leibler_of_gaussians, on_the_line
from wgan_jax.errors import UserError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=60), RNG.gamma(2.0, size=45)
A, B = RNG.dirichlet(np.ones(60)), RNG.dirichlet(np.ones(45))


def test_the_lectures_example_is_3():
  # A quarter each on [1, 2] and [3, 4], half on [9, 10], against an even [5, 7], which the lecture forgot to halve.
  p, masses = [[1, 2], [3, 4], [9, 10]], [0.25, 0.25, 0.5]
  assert on_the_line(p, [[5, 7]], masses) == pytest.approx(3)
  assert on_the_line([[5, 7]], p[::-1], None, masses[::-1]) == pytest.approx(3)


def test_w1_is_scipys():
  assert on_the_line(X, Y) == pytest.approx(scipy.stats.wasserstein_distance(X, Y), rel=1e-12)
  assert on_the_line(X, Y, A, B) == pytest.approx(scipy.stats.wasserstein_distance(X, Y, A, B), rel=1e-12)


@pytest.mark.parametrize('p', [1, 1.5, 2, 3])
def test_wp_is_that_of_the_exact_plan_and_pots(p):
  costs = transport.cost_matrix(X, Y, p)
  assert on_the_line(X, Y, A, B, p) == pytest.approx(transport.plan(A, B, costs).cost ** (1 / p), rel=1e-9)
  theirs = transport.pot().wasserstein_1d(X, Y, A, B, p=p)
  assert on_the_line(X, Y, A, B, p) == pytest.approx(theirs ** (1 / p), rel=1e-9)


@pytest.mark.parametrize('p', [1, 2, 2.5])
@pytest.mark.parametrize('low, high', [(0.5, 1.5), (-1, 3), (0.2, 0.8), (4, 4)])
def test_between_even_masses_it_is_the_integral_over_quantiles(p, low, high):
  # U(0, 1) has quantile t, U(low, high) has low + t (high - low).
  def difference(t):
    return abs(low + t * (high - low) - t) ** p

  meet = [-low / (high - low - 1)] if high - low != 1 and 0 < -low / (high - low - 1) < 1 else None
  integral = scipy.integrate.quad(difference, 0, 1, points=meet, epsabs=1e-12)[0]
  assert on_the_line([[0, 1]], [[low, high]], p=p) == pytest.approx(integral ** (1 / p), rel=1e-9)


def test_two_points_are_their_distance_apart_where_js_would_be_log_2():
  assert on_the_line([1.0], [5.0], p=3) == pytest.approx(4)
  assert on_the_line(X, X[::-1]) == 0
  assert on_the_line(X, X + 2.5, p=2) == pytest.approx(2.5)


def test_coins_are_points_at_0_and_1():
  for order in (1, 2):
    line = on_the_line([0, 1], [0, 1], [0.7, 0.3], [0.2, 0.8], order)
    assert bernoulli(0.3, 0.8, order) == pytest.approx(line) == pytest.approx(0.5 ** (1 / order))
  assert bernoulli(1.0, 1.0) == 0


def test_masses_need_not_sum_to_1_and_none_of_them_counts_twice():
  assert on_the_line(X, Y, 3 * A, 3 * B) == pytest.approx(3 * on_the_line(X, Y, A, B))
  zeros = on_the_line([9.0, *X], [*Y, -9.0], [0.0, *A], [*B, 0.0])
  assert zeros == pytest.approx(on_the_line(X, Y, A, B), rel=1e-12)
  ties = on_the_line(np.repeat(X, 3), Y, np.repeat(A, 3) / 3, B)
  assert ties == pytest.approx(on_the_line(X, Y, A, B), rel=1e-12)


def test_places_without_mass_do_not_matter_wherever_they_lie():
  # The last places are the ones that hurt: rounding puts the topmost level above one of the two sums of masses.
  rng = np.random.default_rng(1)
  for places in np.tile(range(3, 9), 100):
    x, (a, b) = np.sort(rng.normal(size=places)), rng.random((2, places)) * (rng.random((2, places)) < 0.7)
    a[0], b[0], a[-1] = 1, 1, 0
    a, b = a / a.sum(), b / b.sum()
    assert on_the_line(x, x, a, b) == pytest.approx(scipy.stats.wasserstein_distance(x, x, a, b), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
  'message, call',
  [
    ('1 of the 2 places in x are not finite', lambda: on_the_line([0, np.nan], Y)),
    (r'y has shape \(0, 2\)', lambda: on_the_line(X, [])),
    ('intervals in x overlap', lambda: on_the_line([[0, 2], [1, 3]], Y)),
    ('intervals in y overlap or end before', lambda: on_the_line(X, [[2, 1]])),
    ('a sum to 1 and b to 2', lambda: on_the_line(X, Y, A, 2 * B)),
    ('p=0 is no order', lambda: on_the_line(X, Y, p=0)),
    ('without width has no density', lambda: kullback_leibler_of_gaussians(0, 1, 0, np.array([1, 0]))),
    ('1.5 is no probability', lambda: bernoulli(0.5, 1.5)),
  ],
)
def test_mistakes_are_told_in_one_line(message, call):
  with pytest.raises(UserError, match=message):
    call()


def test_a_large_order_does_not_overflow():
  # 1 % of the mass goes 10 far, the rest nowhere: 10 * 0.01^(1 / p).
  for p in (2, 400, 5000):
    assert on_the_line([0.0], [0.0, 10.0], [1.0], [0.99, 0.01], p) == pytest.approx(10 * 0.01 ** (1 / p), rel=1e-12)


@pytest.mark.parametrize('mean, width', [(0, 1), (1, 2), (-3, 0.5), (0.5, 0.1)])
def test_kl_of_gaussians_is_the_integral(mean, width):
  p, q = scipy.stats.norm(0.3, 0.8), scipy.stats.norm(mean, width)
  integral = scipy.integrate.quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), -8, 8, epsabs=1e-12, limit=200)[0]
  assert kullback_leibler_of_gaussians(0.3, 0.8, mean, width) == pytest.approx(integral, rel=1e-9)
  both = kullback_leibler_of_gaussians(np.array([0.3, mean]), np.array([0.8, width]), mean, width)
  np.testing.assert_allclose(both, [integral, 0], rtol=1e-9, atol=1e-15)
