"""Exercises on few places, against what comes out by hand."""

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.spatial.distance
import scipy.stats

from wgan_jax.errors import UserError


def test_the_discrete_exercises_by_hand(drawn):
  figure = drawn('discrete_exercises')
  by_hand = {
    'kl_PQ1': np.log(4 / 3) / 2,
    'kl_QP1': 0.75 * np.log(1.5) - 0.25 * np.log(2),
    'kl_PP1': 0,
    'kl_PR1': np.log(4 / 3) / 2,
    'kl_QR1': np.log(3) / 2,
    'kl_PQ2': np.log(1.5),
    'kl_QP2': np.inf,
    'kl_RS2': np.inf,
    'emd_PQ1': 0.25,
    'emd_QP1': 0.25,
    'emd_PP1': 0,
    'emd_PR1': 0.25,
    'emd_QR1': 0.5,
    'emd_PQ2': 0.5,
    'emd_QP2': 0.5,
    'emd_RS2': 2,
    'emd_PQ3': 0.5,
    'emd_PR3': 1,
    'emd_QR3': 0.5,
    'emd_PS3': 2,
    'emd_RS3': 1,
  }
  for name, value in by_hand.items():
    assert figure.measured[name] == pytest.approx(value, abs=1e-12), name
  assert len(figure.table) == 1 + 5 + 3 + 5
  assert ['2', 'R and S', 'infinite', '2.0000'] in figure.table


def test_the_discrete_exercises_by_scipy(drawn):
  p, q = (0.1, 0.2, 0.7), (0.3, 0.3, 0.4)
  measured = drawn('discrete_exercises', p2=p, q2=q).measured
  assert measured['kl_PQ2'] == pytest.approx(scipy.stats.entropy(p, q))
  assert measured['emd_PQ2'] == pytest.approx(scipy.stats.wasserstein_distance(range(3), range(3), p, q))


def test_what_is_no_distribution_is_told_of(drawn):
  with pytest.raises(UserError, match='is no distribution on 0 to 3'):
    drawn('discrete_exercises', q2=(0.33, 0.33, 0.33))


def test_kl_of_coins_is_no_metric_and_w1_is_one(drawn):
  measured = drawn('bernoulli_pairs', coins=7, rarest=0.03).measured
  p = np.linspace(0.03, 0.97, 7)

  def kl(a, b):
    return a * np.log(a / b) + (1 - a) * np.log((1 - a) / (1 - b))

  triples = [(a, b, c) for a in p for b in p for c in p if len({a, b, c}) == 3]
  shorter = [kl(a, b) + kl(b, c) < kl(a, c) for a, b, c in triples]
  assert measured['kl_broken'] == pytest.approx(np.mean(shorter))
  assert measured['kl_broken_between'] == 1  # as for every Bregman divergence of numbers
  assert measured['kl_least_detour'] == pytest.approx(min((kl(a, b) + kl(b, c)) / kl(a, c) for a, b, c in triples))
  worst = [measured[f'worst_{name}'] for name in ('from', 'over', 'to')]
  assert kl(*worst[:2]) + kl(*worst[1:]) == pytest.approx(measured['worst_detour'])
  assert measured['kl_asymmetry'] == pytest.approx(max(kl(a, b) - kl(b, a) for a, b, _ in triples))
  assert measured['w1_broken'] == measured['root_js_broken'] == measured['w1_asymmetry'] == 0


def test_no_detour_by_a_third_coin_is_shorter_for_the_root_of_js(drawn):
  figure = drawn('bernoulli_pairs', coins=3)

  def root_js(a, b):
    return scipy.spatial.distance.jensenshannon((a, 1 - a), (b, 1 - b))

  # By the fair coin, in the middle; the detours by an end are longer.
  expected = 2 * root_js(0.01, 0.5) / root_js(0.01, 0.99)
  assert expected == pytest.approx(1.101, abs=5e-4)
  assert figure.measured['root_js_least_detour'] == pytest.approx(expected)
  assert figure.measured['w1_least_detour'] == pytest.approx(1)
  assert f'{expected:.5f} times for √JS' in figure.told


def test_the_bound_by_noise_needs_its_constant(drawn):
  measured = drawn('noisy_support', apart=2.0, cut=2.0, least_noise=0.6, most_noise=0.9, places=2001).measured
  assert measured['w'] == pytest.approx(2)
  assert measured['proved_false'] == 0
  assert 0 < measured['printed_false'] < 1  # W is 2; the printed bound is 1.8 at first

  def of_noise(sigma):
    inside = scipy.stats.norm.cdf(2) - scipy.stats.norm.cdf(-2)

    def noise(x):
      return scipy.stats.norm.pdf(x, scale=sigma) / inside * (abs(x) <= 2 * sigma)

    def js(x):
      p, q = noise(x), noise(x - 2)
      return sum(a * np.log(2 * a / (p + q)) for a in (p, q) if a) / 2

    ends = [2 - 2 * sigma, 2 * sigma]
    variance = scipy.integrate.quad(lambda x: x**2 * noise(x), -2 * sigma, 2 * sigma)[0]
    return scipy.integrate.quad(js, -2 * sigma, 2 + 2 * sigma, points=ends)[0], 2 * np.sqrt(variance)

  (first, noise), (last, _) = of_noise(0.6), of_noise(0.9)
  assert measured['js_least_noise'] == pytest.approx(first, rel=2e-3)
  assert measured['js_most_noise'] == pytest.approx(last, rel=2e-3)
  assert measured['proved_at'] == measured['printed_at'] == pytest.approx(0.6)
  assert measured['proved_least'] == pytest.approx(noise + 2 * (2 + 4 * 0.6) * np.sqrt(first), rel=1e-3)
  assert measured['sharper_least'] == pytest.approx(noise + np.sqrt(2) * (2 + 4 * 0.6) * np.sqrt(first), rel=1e-3)
  assert measured['printed_least'] == pytest.approx(noise + np.sqrt(first), rel=1e-3)
  # 2 sqrt V is `noise` at 0.6 and grows with sigma, of which 120 rise by equal factors from 0.6 to 0.9.
  false_until = 0.6 * (2 - np.sqrt(np.log(2))) / noise
  assert measured['literally_false'] == np.mean(np.geomspace(0.6, 0.9, 120) < false_until) > 0


@pytest.mark.parametrize('apart, false', [(0.89, False), (0.895, True)])
def test_near_places_happen_to_obey_the_printed_bound(drawn, apart, false):
  assert (drawn('noisy_support', apart=apart, places=401).measured['printed_false'] > 0) == false


def test_what_each_sequence_goes_to(drawn):
  measured = drawn('convergence', largest_n=8).measured
  h = 1 / 8  # the masses of the tilted one are (1 + h) / 2 and (1 - h) / 2
  by_hand = {
    'kl_tilted': -np.log(1 - h**2) / 2,
    'w_tilted': h / 4,
    'kl_shorter': np.inf,
    'js_shorter': (scipy.stats.entropy([h, 1 - h], [h / 2, 1 - h / 2]) - np.log(1 - h / 2)) / 2,
    'w_shorter': h / 2,
    'kl_nearer': np.inf,
    'js_nearer': np.log(2),
    'w_nearer': h,
    'kl_farther': -np.log(1 - h),
    'w_farther': 1,
  }
  for name, value in by_hand.items():
    assert measured[name] == pytest.approx(value, abs=1e-12), name
  assert measured['js_tilted'] == pytest.approx(h**2 / 8, rel=0.01)  # to second order a quarter of KL
  assert 0.5 < measured['w_over_its_bound'] <= 1
  assert 0.1 < measured['js_over_its_bound'] <= 1


def test_few_samples_do_not_overlap(drawn):
  measured = drawn('few_samples', shift=0.8, samples=(4, 4000), finest=65536, pairs=(8,), dimensions=(1, 3)).measured
  assert measured['js_fine_few'] == pytest.approx(np.log(2))  # 4 and 4 samples in 65536 bins: no two in one
  p, q = scipy.stats.norm(0, 1), scipy.stats.norm(0.8, 1)

  def js(x):
    middle = np.log((p.pdf(x) + q.pdf(x)) / 2)
    return (p.pdf(x) * (p.logpdf(x) - middle) + q.pdf(x) * (q.logpdf(x) - middle)) / 2

  assert measured['js'] == pytest.approx(scipy.integrate.quad(js, -10, 11)[0])
  assert measured['w1_many'] == pytest.approx(0.8, abs=0.1)  # of which the standard deviation is 0.022


def test_what_few_samples_say_by_scipy(drawn):
  measured = drawn('few_samples', shift=0.8, samples=(40,), finest=2, pairs=(8,), dimensions=(1, 3)).measured
  rng = np.random.default_rng(0)
  x, y = rng.normal(size=40), 0.8 + rng.normal(size=40)
  middle = (min(x.min(), y.min()) + max(x.max(), y.max())) / 2
  left, right = np.mean(x < middle), np.mean(y < middle)
  assert measured['js_fine_few'] == pytest.approx(
    scipy.spatial.distance.jensenshannon([left, 1 - left], [right, 1 - right]) ** 2
  )
  assert measured['w1_few'] == pytest.approx(scipy.stats.wasserstein_distance(x, y))
  x, y = rng.normal(size=(2, 8))
  assert measured['w1_of_one_least'] == pytest.approx(scipy.stats.wasserstein_distance(x, y))
  costs = scipy.spatial.distance.cdist(rng.normal(size=(8, 3)), rng.normal(size=(8, 3)))
  pairs = scipy.optimize.linear_sum_assignment(costs)
  assert measured['w1_of_one_most'] == pytest.approx(costs[pairs].mean())
