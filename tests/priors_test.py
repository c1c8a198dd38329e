import chex
import jax
import numpy as np
import pytest
from scipy import stats

from wgan_jax import priors
from wgan_jax.keys import sample_keys

KEYS = sample_keys(jax.random.key(0), 1000)
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
