"""MNIST in three parts, for tables that choose something on images which no model learns from."""

from typing import NamedTuple

import numpy as np

from wgan_jax.data.tfds_images import TfdsImages
from wgan_jax.errors import UserError

HELD_OUT = 10_000


class Mnist(NamedTuple):
  """uint8 [N, 28, 28, 1]: training images, the last `HELD_OUT` of them for validation, and test images."""

  train: np.ndarray
  test: np.ndarray

  @property
  def learned(self) -> np.ndarray:
    """Images that models learn from."""
    return self.train[:-HELD_OUT]

  @property
  def validation(self) -> np.ndarray:
    """Images that they do not."""
    return self.train[-HELD_OUT:]


def prepared(data_dir: str) -> Mnist:
  """As TFDS prepared it there."""
  return Mnist(*(TfdsImages('mnist', split, data_dir, 0).decoded().images for split in ('train', 'test')))


def of_file(path: str) -> Mnist:
  """Of an .npz file with train_images and test_images, uint8 [N, 28, 28] or [N, 28, 28, 1].

  Raises:
    UserError: when it is none.
  """
  try:
    with np.load(path) as file:
      train, test = (file[f'{split}_images'].reshape(-1, 28, 28, 1) for split in ('train', 'test'))
  except (OSError, KeyError, ValueError, AttributeError) as error:
    told = ' '.join(str(error).split())
    raise UserError(f'{path} must be an .npz file with train_images and test_images, [N, 28, 28]: {told}') from error
  if not train.dtype == test.dtype == np.uint8 or len(train) <= HELD_OUT:
    raise UserError(f'{path} must hold uint8 images, and more than {HELD_OUT:,} to train with')
  return Mnist(train, test)
