"""What the classifiers learn from, and what they are tested on."""

import pathlib
from typing import NamedTuple

import numpy as np

from wgan_jax.data import digits
from wgan_jax.data.cache import Images
from wgan_jax.data.tfds_images import TfdsImages
from wgan_jax.errors import UserError
from wgan_jax.metrics.features.classifier import HELD_OUT_DIGITS

ARRAYS = 'train_images', 'train_labels', 'test_images', 'test_labels'


class Sets(NamedTuple):
  """Two sets without an image in common, the second of which may be missing; `tested_on` says what it is."""

  train: Images
  test: Images | None
  tested_on: str


def load(name: str, data_dir: str, npz: str) -> Sets:
  """The training and the test set of a data set's name, from TFDS's folder or, if that is named, from an .npz file."""
  if npz:
    return _of_file(pathlib.Path(npz))
  if name == 'digits':
    return _digits()
  train, test = (TfdsImages(name, split, data_dir, 0).decoded() for split in ('train', 'test'))
  return Sets(train, test, 'its test set')


def save(path: str, sets: Sets) -> None:
  """The same as the file that `load` takes, for machines without TFDS."""
  arrays = [array for data in sets[:2] if data is not None for array in (data.images, data.labels)]
  np.savez_compressed(path, **dict(zip(ARRAYS, arrays, strict=False)))


def _digits():
  every, held = digits.load(), HELD_OUT_DIGITS
  rest = np.setdiff1d(np.arange(len(every)), np.arange(len(every))[held])
  train, test = (Images(every.images[i], every.labels[i]) for i in (rest, held))
  return Sets(train, test, 'held-out images')


def _of_file(path):
  try:
    with np.load(path, allow_pickle=False) as file:
      arrays = [file[name] for name in ARRAYS if name in file or name.startswith('train')]
  except (OSError, ValueError, KeyError) as error:
    raise UserError(f'{path} has to be an .npz file with {", ".join(ARRAYS)}: {error}') from error
  return Sets(Images(*arrays[:2]), Images(*arrays[2:]) if len(arrays) == 4 else None, 'its test set')
