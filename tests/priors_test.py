import chex
import jax
import numpy as np
import pytest
from scipy import stats

from wgan_jax import priors
from wgan_jax.keys import sample_keys

KEYS = sample_keys(jax.random.key(0), 1000)
SET = np.random.default_rng(0).normal(size=(10, 3)).astype(np.float32)
BOTH = [(priors.normal, stats.norm()), (priors.uniform, stats.uniform(-1, 2))]


@pytest.mark.parametrize('prior, law', BOTH)
def test_each_coordinate_follows_its_law(prior, law):
  z = np.asarray(prior(4)(KEYS))
  chex.assert_shape(z, (1000, 4))
  for column in z.T:
    assert stats.kstest(column, law.cdf).pvalue > 0.01


@pytest.mark.parametrize('prior, law', BOTH)
def test_coordinates_are_not_correlated(prior, law):
  correlation = np.corrcoef(np.asarray(prior(4)(KEYS)).T)
  np.testing.assert_allclose(correlation, np.eye(4), atol=4 / np.sqrt(1000))


def test_uniform_stays_in_its_cube():
  z = priors.uniform(4)(KEYS)
  assert -1 <= z.min() < -0.99 and 0.99 < z.max() < 1


@pytest.mark.parametrize('prior, law', BOTH)
def test_a_code_depends_on_its_own_key_only(prior, law):
  chex.assert_trees_all_equal(prior(4)(KEYS)[7:9], prior(4)(KEYS[7:9]))


def drawn_rows(keys):
  """Which of the ten rows of SET each draw is."""
  return np.argmax(np.all(np.asarray(priors.empirical(SET)(keys))[:, None] == SET, axis=2), axis=1)


def test_empirical_draws_rows_of_its_set():
  z = np.asarray(priors.empirical(SET)(KEYS))
  chex.assert_shape(z, (1000, 3))
  np.testing.assert_array_equal(z, SET[drawn_rows(KEYS)])
  chex.assert_shape(priors.empirical(np.zeros((7, 4, 4, 1)))(KEYS[:5]), (5, 4, 4, 1))


def test_empirical_draws_each_row_as_often():
  assert stats.chisquare(np.bincount(drawn_rows(KEYS), minlength=10)).pvalue > 0.01


def test_an_empirical_code_depends_on_its_own_key_only():
  np.testing.assert_array_equal(drawn_rows(KEYS[::-1]), drawn_rows(KEYS)[::-1])
  np.testing.assert_array_equal(drawn_rows(KEYS[:5]), drawn_rows(KEYS)[:5])


def parts(keys, categories=5, continuous=2):
  z = np.asarray(priors.with_codes(priors.normal(3), categories, continuous)(keys))
  chex.assert_shape(z, (len(keys), 3 + categories + continuous))
  return np.split(z, [3, 3 + categories], axis=1)


def test_codes_are_noise_then_a_one_hot_row_then_continuous_ones():
  noise, one_hot, continuous = parts(KEYS)
  for column in noise.T:
    assert stats.kstest(column, 'norm').pvalue > 0.01
  np.testing.assert_array_equal(np.sort(one_hot, axis=1), np.tile([0, 0, 0, 0, 1], (1000, 1)))
  assert stats.chisquare(one_hot.sum(axis=0)).pvalue > 0.01
  assert continuous.min() >= -1 and continuous.max() < 1
  for column in continuous.T:
    assert stats.kstest(column, stats.uniform(-1, 2).cdf).pvalue > 0.01


def test_codes_and_noise_are_independent():
  noise, one_hot, continuous = parts(KEYS)
  category = one_hot.argmax(axis=1)
  correlation = np.corrcoef(np.concatenate([noise, continuous], axis=1).T)
  np.testing.assert_allclose(correlation, np.eye(5), atol=4 / np.sqrt(1000))
  for column in [*noise.T, *continuous.T]:
    assert stats.kruskal(*[column[category == c] for c in range(5)]).pvalue > 0.01


def test_codes_are_no_copies_of_those_in_the_noise():
  noise = priors.with_codes(priors.normal(1), 5, 2)
  z = np.asarray(priors.with_codes(noise, 5, 2)(KEYS))
  inner, outer = z[:, 1:8], z[:, 8:]
  assert stats.chi2_contingency(inner[:, :5].T @ outer[:, :5]).pvalue > 0.01
  correlation = np.corrcoef(np.concatenate([inner[:, 5:], outer[:, 5:]], axis=1).T)
  np.testing.assert_allclose(correlation, np.eye(4), atol=4 / np.sqrt(1000))


def test_codes_depend_on_their_own_key_only():
  for turned, straight in zip(parts(KEYS[::-1]), parts(KEYS), strict=True):
    np.testing.assert_array_equal(turned, straight[::-1])


@pytest.mark.parametrize('categories, continuous', [(5, 0), (0, 2)])
def test_there_may_be_codes_of_one_kind_only(categories, continuous):
  assert [part.shape[1] for part in parts(KEYS, categories, continuous)] == [3, categories, continuous]


def test_an_arc_joins_its_ends_and_keeps_normal_codes_normal():
  start, end = np.random.default_rng(0).normal(size=(2, 4000, 3)).astype(np.float32)
  path = np.asarray(priors.arcs(start, end, 5))
  assert path.shape == (4000, 5, 3)
  np.testing.assert_allclose(path[:, 0], start, atol=1e-6)
  np.testing.assert_allclose(path[:, -1], end, atol=1e-6)
  np.testing.assert_allclose(path.std(axis=(0, 2)), 1.0, atol=0.03)
  eighth = np.cos(np.pi / 8) * np.float64(start) + np.sin(np.pi / 8) * np.float64(end)  # the first of four steps to 90
  np.testing.assert_allclose(path[:, 1], eighth, atol=1e-6)


@pytest.mark.parametrize('shape', [(4, 3), (2, 3, 3, 1)])
def test_a_line_joins_its_ends_in_equal_steps(shape):
  start, end = np.random.default_rng(0).normal(size=(2, *shape)).astype(np.float32)
  path = np.asarray(priors.lines(start, end, 5))
  assert path.shape == (shape[0], 5, *shape[1:])
  np.testing.assert_array_equal(path[:, 0], start)
  np.testing.assert_array_equal(path[:, -1], end)
  np.testing.assert_allclose(np.diff(path, axis=1), np.repeat((end - start)[:, None] / 4, 4, axis=1), atol=1e-6)


INSIDE = [(priors.normal, priors.NORMAL, lambda t: stats.truncnorm(-t, t))]
INSIDE += [(priors.uniform, priors.UNIFORM, lambda t: stats.uniform(-t, 2 * t))]


@pytest.mark.parametrize('prior, truncation, law', INSIDE)
@pytest.mark.parametrize('t', [0.04, 0.5, 0.9])
def test_entries_drawn_anew_until_inside_follow_the_law_within_the_threshold(prior, truncation, law, t):
  z = np.asarray(truncation.resample(prior(3)(KEYS), t))
  assert np.abs(z).max() <= t
  for column in z.T:
    assert stats.kstest(column, law(t).cdf).pvalue > 0.01
  np.testing.assert_allclose(np.corrcoef(z.T), np.eye(3), atol=4 / np.sqrt(1000))


@pytest.mark.parametrize('t', [1.5, 2.0, 3.0])
def test_truncated_normal_codes_beyond_one(t):
  z = np.asarray(priors.NORMAL.resample(priors.normal(3)(KEYS), t))
  assert np.abs(z).max() <= t
  assert stats.kstest(z.ravel(), stats.truncnorm(-t, t).cdf).pvalue > 0.01
  assert z.std() == pytest.approx(stats.truncnorm(-t, t).std(), abs=0.03)


def test_an_entry_stays_at_its_quantile():
  z = np.linspace(-3, 3, 13, dtype=np.float32)
  expected = stats.truncnorm(-0.7, 0.7).ppf(stats.norm.cdf(np.float64(z)))
  np.testing.assert_allclose(priors.NORMAL.resample(z, 0.7), expected, rtol=1e-4, atol=1e-6)


def test_entries_too_large_for_a_float_to_tell_are_put_on_the_border():
  np.testing.assert_array_equal(priors.NORMAL.resample(np.float32([-40, 40]), 9.0), [-9, 9])


def test_a_uniform_prior_has_nothing_outside_of_one():
  z = priors.uniform(3)(KEYS)
  np.testing.assert_array_equal(priors.UNIFORM.resample(z, 2.0), z)


@pytest.mark.parametrize('truncation', [priors.NORMAL, priors.UNIFORM])
def test_a_threshold_puts_what_is_outside_on_the_border(truncation):
  np.testing.assert_array_equal(truncation.threshold(np.float32([-2, -0.25, 0.5, 0.75]), 0.5), [-0.5, -0.25, 0.5, 0.5])


@pytest.mark.parametrize('kind', priors.Truncation._fields)
def test_codes_behind_the_noise_stay(kind):
  z = priors.with_codes(priors.normal(3), 5, 2)(KEYS)
  inside = getattr(priors.of_first(3, priors.NORMAL), kind)(z, 0.5)
  np.testing.assert_array_equal(inside[:, 3:], z[:, 3:])
  np.testing.assert_array_equal(inside[:, :3], getattr(priors.NORMAL, kind)(z[:, :3], 0.5))
