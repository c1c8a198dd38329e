import numpy as np
import pytest

from wgan_jax.data import cache
from wgan_jax.data.cache import Images


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
  monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
  return tmp_path / 'wgan_jax' / 'images'


class Decode:
  """Yields n grey images, image i being all i, and counts how often it was begun."""

  def __init__(self, n=3, labels=True, breaks_at=None):
    self.n, self.labels, self.breaks_at, self.begun = n, labels, breaks_at, 0

  def __call__(self):
    self.begun += 1
    for i in range(self.n):
      if i == self.breaks_at:
        raise ZeroDivisionError
      yield np.full((4, 5, 1), i, np.uint8), 10 * i if self.labels else None


def test_a_set_is_decoded_once_and_is_the_same_from_the_cache():
  decode = Decode()
  sets = [cache.decoded('name', 'identity', 3, decode) for _ in range(2)]
  assert decode.begun == 1
  for images in sets:
    np.testing.assert_array_equal(images.images[:, 0, 0, 0], [0, 1, 2])
    np.testing.assert_array_equal(images.labels, [0, 10, 20])
    assert images.images.dtype == np.uint8 and images.labels.dtype == np.int32
    assert images.shape == (4, 5, 1) and len(images) == 3


def test_images_are_mapped_from_the_file_and_cannot_be_written():
  images = cache.decoded('name', 'identity', 3, Decode()).images
  assert isinstance(images, np.memmap)
  with pytest.raises(ValueError, match='read-only'):
    images[0] = 1


def test_another_identity_is_another_entry():
  decode = Decode()
  cache.decoded('name', 'identity', 3, decode)
  cache.decoded('name', 'other', 3, decode)
  assert decode.begun == 2


def test_a_set_without_labels_has_none():
  images = cache.decoded('name', 'identity', 3, Decode(labels=False))
  assert images.labels is None and images.classes == 0
  assert set(images[1]) == {'image'}


def test_what_breaks_while_decoding_leaves_nothing_behind(folder):
  with pytest.raises(ZeroDivisionError):
    cache.decoded('name', 'identity', 3, Decode(breaks_at=2))
  assert list(folder.iterdir()) == []
  assert len(cache.decoded('name', 'identity', 3, Decode())) == 3
  assert len(list(folder.iterdir())) == 1


def test_of_two_who_decode_at_once_one_wins_and_both_can_read(folder):
  inner = Decode()

  def decode():
    cache.decoded('name', 'identity', 3, inner)
    yield from Decode()()

  assert len(cache.decoded('name', 'identity', 3, decode)) == 3
  assert inner.begun == 1 and len(list(folder.iterdir())) == 1


def test_the_cache_lies_where_xdg_says_or_in_the_home_folder(monkeypatch, tmp_path):
  assert cache.cache_folder() == tmp_path / 'wgan_jax'
  monkeypatch.delenv('XDG_CACHE_HOME')
  monkeypatch.setenv('HOME', '/somewhere')
  assert str(cache.cache_folder()) == '/somewhere/.cache/wgan_jax'


def test_images_are_examples_by_index_with_their_classes():
  images = Images(np.arange(6, dtype=np.uint8).reshape(3, 2, 1, 1), np.int32([2, 0, 2]))
  assert images.classes == 3 and images.decoded() is images
  np.testing.assert_array_equal(images[1]['image'].ravel(), [2, 3])
  assert images[1]['label'] == 0
