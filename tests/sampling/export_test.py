import numpy as np
import pytest
from PIL import Image

from wgan_jax.sampling.export import write_samples

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 4, 5, 3), dtype=np.uint8)
LABELS = np.arange(7) % 3


def chunks(images, labels):
  return ((images[i : i + 3], None if labels is None else labels[i : i + 3]) for i in range(0, len(images), 3))


@pytest.mark.parametrize('images', [IMAGES, IMAGES[..., :1]])
def test_the_archive_and_the_folder_hold_every_image(tmp_path, images):
  assert write_samples(tmp_path, 7, chunks(images, LABELS)) == {'images': [*images.shape], 'labels': [7]}
  with np.load(tmp_path / 'samples.npz') as archive:
    assert set(archive) == {'images', 'labels'} and archive['labels'].dtype == np.int32
    np.testing.assert_array_equal(archive['images'], images)
    np.testing.assert_array_equal(archive['labels'], LABELS)
  assert sorted(f.name for f in (tmp_path / 'png').iterdir()) == [f'{i:06d}.png' for i in range(7)]
  for i, image in enumerate(images):
    with Image.open(tmp_path / 'png' / f'{i:06d}.png') as file:
      np.testing.assert_array_equal(np.array(file).reshape(image.shape), image)


def test_samples_without_labels(tmp_path):
  write_samples(tmp_path, 7, chunks(IMAGES, None))
  with np.load(tmp_path / 'samples.npz') as archive:
    assert set(archive) == {'images'}


def test_points_are_kept_as_they_are_and_have_no_pictures(tmp_path):
  points = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
  assert write_samples(tmp_path, 7, chunks(points, None)) == {'points': [7, 2]}
  with np.load(tmp_path / 'samples.npz') as archive:
    np.testing.assert_array_equal(archive['points'], points)
  assert not (tmp_path / 'png').exists()
