import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics import kid as module
from wgan_jax.metrics.kid import kid, kid_of_all


def features(n, shift=0.0, seed=0, dimensions=16):
  return np.random.default_rng(seed).normal(shift, 1, (n, dimensions))


def by_loops(x, y):
  """The definition, term by term."""

  def k(a, b):
    return (np.dot(a, b) / len(a) + 1) ** 3

  def others(z):
    return np.mean([k(a, b) for i, a in enumerate(z) for j, b in enumerate(z) if i != j])

  return others(x) + others(y) - 2 * np.mean([k(a, b) for a in x for b in y])


@pytest.mark.parametrize('rows', [3, 7, 2048])
def test_of_all_samples_it_is_the_definition_however_blocks_are_cut(monkeypatch, rows):
  monkeypatch.setattr(module, 'ROWS', rows)
  real, fake = features(11), features(8, 0.5, seed=1)
  assert kid_of_all(real, fake) == pytest.approx(by_loops(real, fake), rel=1e-12)
  assert kid_of_all(fake, real) == pytest.approx(kid_of_all(real, fake), rel=1e-12)


def test_subsets_are_drawn_fake_first_by_numpys_random_state():
  real, fake = features(40), features(30, 0.3, seed=1)
  rng, estimates = np.random.RandomState(2020), []
  for _ in range(3):
    chosen = fake[rng.choice(30, 12, replace=False)]
    estimates.append(by_loops(real[rng.choice(40, 12, replace=False)], chosen))
  found = kid(real, fake, subsets=3, subset_size=12)
  assert found.mean == pytest.approx(np.mean(estimates), rel=1e-11)
  assert found.std == pytest.approx(np.std(estimates), rel=1e-11)
  assert found.standard_error == pytest.approx(np.std(estimates) / np.sqrt(3), rel=1e-11)


def test_between_halves_of_one_set_it_is_zero_on_average():
  # A biased estimate would lie near 2 E[k(x, x) - k(x, y)] / 60, which is above 0.2 here.
  values = [kid_of_all(features(60, seed=2 * s), features(60, seed=2 * s + 1)) for s in range(300)]
  error = np.std(values) / np.sqrt(len(values))
  assert abs(np.mean(values)) < 3 * error < 0.01
  assert 0.3 < np.mean(np.array(values) < 0) < 0.8


def test_in_closed_form_for_two_points_masses_apart():
  # All real at 0 and all fake at (1, ..., 1): k = 1 among real ones, 8 among fake ones, 1 between.
  assert kid_of_all(np.zeros((5, 4)), np.ones((6, 4))) == pytest.approx(1 + 8 - 2)


def test_single_precision_changes_the_sums_no_more_than_the_features():
  real, fake = (features(1200, shift, seed, 64).astype(np.float32) for shift, seed in ((0.0, 0), (0.05, 1)))
  small = kid(real, fake, subsets=2)
  assert small.mean == pytest.approx(kid(real.astype(np.float64), fake.astype(np.float64), subsets=2).mean, rel=1e-12)


def test_mistakes():
  real = features(20)
  with pytest.raises(UserError, match='20 real samples: at least 1000'):
    kid(real, features(2000))
  with pytest.raises(UserError, match='19 fake samples: at least 20'):
    kid(real, features(19), subset_size=20)
  with pytest.raises(UserError, match='1 fake sample: at least 2'):
    kid_of_all(real, real[:1])
  with pytest.raises(UserError, match='two samples'):
    kid(real, real, subset_size=1)
  with pytest.raises(UserError, match='fake features have 8 dimensions where others have 16'):
    kid_of_all(real, features(20, dimensions=8))
  with pytest.raises(UserError, match='20 of 20 fake features are NaN'):
    kid_of_all(real, real * np.nan)
