import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.moments import Moments

FEATURES = np.random.default_rng(0).normal(3.0, 2.0, (2500, 5)).astype(np.float32)


def moments_of(features, size):
  moments = Moments()
  for start in range(0, len(features), size):
    moments.add(features[start : start + size])
  return moments


@pytest.mark.parametrize('size', [1, 7, 1024, 1025, 2500])
def test_they_are_numpys_and_chunks_change_no_bit(size):
  found, whole = moments_of(FEATURES, size), Moments().add(FEATURES)
  assert found.n == 2500
  assert found.dimensions == 5
  np.testing.assert_allclose(found.mean, FEATURES.astype(np.float64).mean(axis=0), rtol=1e-13)
  np.testing.assert_allclose(found.covariance, np.cov(FEATURES.astype(np.float64), rowvar=False), rtol=1e-12)
  np.testing.assert_array_equal(found.mean, whole.mean)
  np.testing.assert_array_equal(found.covariance, whole.covariance)


def test_looking_in_between_changes_nothing():
  found = Moments().add(FEATURES[:700])
  np.testing.assert_allclose(found.covariance, np.cov(FEATURES[:700].astype(np.float64), rowvar=False), rtol=1e-12)
  np.testing.assert_array_equal(found.add(FEATURES[700:]).covariance, Moments().add(FEATURES).covariance)


def test_variances_survive_a_mean_that_is_ten_million_times_larger():
  # In one pass, E x^2 - (E x)^2 would have lost all digits.
  found = Moments().add(np.array([[4.0], [7.0], [13.0], [16.0]]) + 1e9)
  assert found.covariance == pytest.approx(30.0)
  near = np.random.default_rng(0).normal(1e7, 1.0, (3000, 2))
  np.testing.assert_allclose(moments_of(near, 100).covariance, np.cov(near, rowvar=False), rtol=1e-9)


@pytest.mark.parametrize('cut', [0, 3, 1500, 2500])
def test_merged_parts_are_the_whole(cut):
  merged = Moments().add(FEATURES[:cut]).merge(Moments().add(FEATURES[cut:]))
  assert merged.n == 2500
  np.testing.assert_allclose(merged.mean, FEATURES.astype(np.float64).mean(axis=0), rtol=1e-13)
  np.testing.assert_allclose(merged.covariance, np.cov(FEATURES.astype(np.float64), rowvar=False), rtol=1e-12)


def test_merging_with_nothing_takes_what_there_is():
  np.testing.assert_array_equal(Moments().merge(Moments().add(FEATURES[:9])).mean, Moments().add(FEATURES[:9]).mean)
  assert Moments().add(FEATURES[:9]).merge(Moments()).n == 9


def test_what_is_saved_is_loaded_and_can_be_gone_on_with(tmp_path):
  path = tmp_path / 'real'
  Moments().add(FEATURES[:2000]).save(path)
  assert [file.name for file in tmp_path.iterdir()] == ['real']
  loaded = Moments.load(path)
  np.testing.assert_array_equal(loaded.covariance, Moments().add(FEATURES[:2000]).covariance)
  loaded.add(FEATURES[2000:])
  np.testing.assert_allclose(loaded.covariance, np.cov(FEATURES.astype(np.float64), rowvar=False), rtol=1e-12)


@pytest.mark.parametrize('content', [b'', b'PK\x03\x04 torn', b'text', 'torn', 'npy', 'other', 'shapes'])
def test_a_file_that_is_torn_or_another_is_refused_in_one_line(tmp_path, content):
  path = tmp_path / 'moments.npz'
  if content == 'npy':
    np.save(tmp_path / 'one.npy', np.zeros(3))
    (tmp_path / 'one.npy').rename(path)
  elif content == 'other':
    np.savez(path, mu=np.zeros(3))
  elif content == 'shapes':
    np.savez(path, n=4, mean=np.zeros(3), scatter=np.zeros((3, 2)))
  elif content == 'torn':
    Moments().add(FEATURES).save(path)
    path.write_bytes(path.read_bytes()[:-200])
  else:
    path.write_bytes(content)
  with pytest.raises(UserError, match=r'^[^\n]*holds no moments[^\n]*$'):
    Moments.load(path)


def test_what_no_moments_are_made_of():
  bad = FEATURES[:10].copy()
  bad[[2, 7], [0, 4]] = np.nan, np.inf
  with pytest.raises(UserError, match='2 of 10 features are NaN or infinite'):
    Moments().add(bad)
  with pytest.raises(UserError, match='4 dimensions where others have 5'):
    Moments().add(FEATURES[:10]).add(FEATURES[:10, :4])
  with pytest.raises(UserError, match='4 and of 5 dimensions'):
    Moments().add(FEATURES).merge(Moments().add(FEATURES[:, :4]))
  with pytest.raises(UserError, match='shape'):
    Moments().add(np.zeros((2, 3, 4)))
  with pytest.raises(UserError, match='1 sample: at least 2'):
    _ = Moments().add(FEATURES[:1]).covariance
  with pytest.raises(UserError, match='0 samples: at least 1'):
    _ = Moments().mean
