import numpy as np
import pytest
import scipy.spatial

from wgan_jax.errors import UserError
from wgan_jax.metrics import manifold as module
from wgan_jax.metrics.manifold import manifold_scores


def sets(n=150, m=130, dimensions=6):
  rng = np.random.default_rng(0)
  return rng.normal(size=(n, dimensions)), rng.normal(0.5, 0.8, (m, dimensions))


def by_whole_matrices(real, fake, k, k_density):
  def radii(x, k):
    return np.sort(scipy.spatial.distance.cdist(x, x), axis=1)[:, k]  # the first is the sample itself

  between = scipy.spatial.distance.cdist(real, fake)
  inside = between < radii(real, k_density)[:, None]
  precision = np.mean((between < radii(real, k)[:, None]).any(axis=0))
  recall = np.mean((between < radii(fake, k)[None]).any(axis=1))
  return precision, recall, inside.sum() / (k_density * len(fake)), inside.any(axis=1).mean()


@pytest.mark.parametrize('k, k_density', [(3, 5), (5, 3), (1, 1)])
@pytest.mark.parametrize('rows', [2048, 64, 2])
def test_they_are_those_of_whole_matrices_however_blocks_are_cut(monkeypatch, k, k_density, rows):
  monkeypatch.setattr(module, 'ROWS', rows)
  real, fake = sets(*((40, 30) if rows == 2 else (150, 130)))
  expected = by_whole_matrices(real, fake, k, k_density)
  np.testing.assert_allclose(manifold_scores(real, fake, k, k_density), expected, rtol=1e-13)
  np.testing.assert_allclose(manifold_scores(fake, real, k, k_density)[1::-1], expected[:2], rtol=1e-13)


def test_counted_by_hand():
  # Balls of k = 1 reach: real 0 and 1 each 1, real 10 reaches 9; fake 0.5 and 0.75 each 0.25, fake 25 reaches 24.25.
  real, fake = np.array([[0.0], [1.0], [10.0]]), np.array([[0.5], [0.75], [25.0]])
  found = manifold_scores(real, fake, k=1, k_density=1)
  assert found.precision == pytest.approx(2 / 3)  # 0.5 and 0.75 lie in balls of real ones, 25 in none
  assert found.recall == pytest.approx(2 / 3)  # 1 and 10 lie within 24.25 of 25, and 0 in no ball
  assert found.density == pytest.approx(4 / 3)  # 0.5 in two balls, 0.75 in two: 10 reaches to 1 only
  assert found.coverage == pytest.approx(2 / 3)


def test_a_generator_of_little_variety_is_precise_and_recalls_little():
  rng = np.random.default_rng(0)
  wide, narrow = rng.normal(size=(200, 2)), 0.1 * rng.normal(size=(200, 2))
  found = manifold_scores(real=wide, fake=narrow)
  assert found.precision > 0.95
  assert found.recall < 0.2
  assert found.coverage < 0.3
  swapped = manifold_scores(real=narrow, fake=wide)
  assert swapped.precision < 0.2
  assert swapped.recall > 0.95


@pytest.mark.parametrize('rows', [2048, 17])
def test_copies_have_all_of_everything_though_each_lies_on_borders(monkeypatch, rows):
  monkeypatch.setattr(module, 'ROWS', rows)
  real, _ = sets()
  assert manifold_scores(real, real[::-1].copy()) == pytest.approx((1.0, 1.0, 1.0, 1.0), rel=1e-12)


def test_far_from_the_origin_distances_keep_their_digits():
  real, fake = (np.float32(x * 64).round() for x in sets())
  near, far = (manifold_scores(real + s, fake + s) for s in (np.float32(0), np.float32(2**20)))
  assert near == far


def test_mistakes():
  real, fake = sets()
  with pytest.raises(UserError, match='5 real samples: at least 6'):
    manifold_scores(real[:5], fake)
  with pytest.raises(UserError, match='1 fake sample: at least 4'):
    manifold_scores(real, fake[:1], k=3, k_density=2)
  with pytest.raises(UserError, match='k=0'):
    manifold_scores(real, fake, k=0)
  with pytest.raises(UserError, match='5 dimensions where others have 6'):
    manifold_scores(real, fake[:, 1:])
  with pytest.raises(UserError, match='150 of 150 real features'):
    manifold_scores(real + np.nan, fake)
