import os
import pathlib

import numpy as np
import pytest

from wgan_jax.data.tfds_images import TfdsImages
from wgan_jax.errors import UserError

pytest.importorskip('tensorflow_datasets')
SHARED = pathlib.Path(__file__).parents[2] / '..' / 'shared' / 'data' / 'tfds'
PREPARED = pathlib.Path(os.environ.get('WGAN_JAX_TFDS') or SHARED)
needs_sets = pytest.mark.skipif(not (PREPARED / 'mnist').is_dir(), reason=f'no prepared sets in {PREPARED}')


def error_of(*args):
  with pytest.raises(UserError) as caught:
    TfdsImages(*args)
  assert '\n' not in str(caught.value)
  return str(caught.value)


def test_a_missing_set_is_an_error_that_names_both_commands(tmp_path):
  message = error_of('cifar10', 'train', str(tmp_path), 0, ('digits', 'folder:PATH'))
  assert "pip install -e '.[prepare]'" in message
  assert f'tfds build cifar10 --data_dir={tmp_path} --file_format=array_record' in message
  assert 'digits, folder:PATH' in message


@needs_sets
def test_a_missing_set_is_an_error_that_names_those_that_are_there():
  assert 'mnist' in error_of('cifar11', 'train', str(PREPARED), 0)


@needs_sets
def test_an_unknown_split_is_an_error_that_names_the_known():
  message = error_of('mnist', 'valid', str(PREPARED), 0)
  assert 'train' in message and 'test' in message


@needs_sets
def test_mnist_has_its_size_and_labels():
  data = TfdsImages('mnist', 'test', str(PREPARED), 0)
  assert (len(data), data.shape, data.classes) == (10_000, (28, 28, 1), 10)
  assert len(TfdsImages('mnist', 'train[:100]', str(PREPARED), 0)) == 100
  example = data[3]
  assert example['image'].dtype == np.uint8 and example['image'].shape == data.shape
  assert example['label'].dtype == np.int32


@needs_sets
def test_channel_means_of_cifar10_are_those_known():
  data = TfdsImages('cifar10', 'train', str(PREPARED), 0)
  assert data.shape == (32, 32, 3)
  means = np.mean([data[i]['image'] for i in range(0, 50_000, 100)], axis=(0, 1, 2))
  # 500 images: a standard error near 1.4 grey levels.
  np.testing.assert_allclose(means, [125.31, 122.95, 113.87], atol=7)


@needs_sets
def test_images_are_fitted_and_decoded_as_they_are_one_by_one():
  data = TfdsImages('mnist', 'test[:20]', str(PREPARED), 16)
  decoded = data.decoded()
  assert data.shape == decoded.shape == (16, 16, 1)
  for i in range(20):
    np.testing.assert_array_equal(decoded.images[i], data[i]['image'])
    assert decoded.labels[i] == data[i]['label']


@needs_sets
def test_another_size_or_split_is_decoded_anew():
  shapes = [
    TfdsImages('mnist', split, str(PREPARED), side).decoded().images.shape
    for split, side in [('test[:5]', 0), ('test[:6]', 0), ('test[:5]', 8)]
  ]
  assert shapes == [(5, 28, 28, 1), (6, 28, 28, 1), (5, 8, 8, 1)]
