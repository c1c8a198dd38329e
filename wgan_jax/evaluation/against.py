"""What samples are compared with: splits of the real data, and how many samples are set against each."""

import re
from typing import Any, NamedTuple

import numpy as np

from wgan_jax import build_data
from wgan_jax.errors import UserError

TEST, MOST, MOST_HELD_OUT = (
  'test',
  50_000,
  10_000,
)  # samples against the training data, and against a test set, as is usual


class Against(NamedTuple):
  """n samples, to be compared with all images of a split."""

  split: str
  n: int


def read(config: Any) -> list[Against]:
  """The comparisons that `evaluate.against` asks for; without any, the usual ones of these data.

  These are as many samples as there are training images, 50,000 at most, and as many as there are in the test split,
  10,000 at most.

  Raises:
    UserError: for what is not of the form 'train:50000,test:10000'.
  """
  if not config.evaluate.against:
    sizes = build_data.split_sizes(config.data)
    held_out = [TEST] if TEST in sizes and TEST not in config.data.split else []
    training = Against(config.data.split, min(len(real_images(config, config.data.split)), MOST))
    return [training, *(Against(split, min(sizes[split], MOST_HELD_OUT)) for split in held_out)]
  return parsed(config.evaluate.against)


def parsed(text: str) -> list[Against]:
  """The comparisons that a text of the form 'train:50000,test:10000' names, none for ''."""
  if not text:
    return []
  found = [re.fullmatch(r'(.+):(\d+)', one.strip()) for one in text.split(',')]
  if not all(found) or not all(int(match[2]) > 1 for match in found):
    raise UserError(
      f"--config.evaluate.against is of the form 'train:50000,test:10000', splits and numbers of samples, not {text!r}"
    )
  if len({match[1] for match in found}) < len(found):
    raise UserError(f'--config.evaluate.against={text} names a split twice: evaluate twice instead')
  return [Against(match[1], int(match[2])) for match in found]


def real_images(config: Any, split: str) -> Any:
  """Random access to the images of a split as they are, neither mirrored nor with noise."""
  return build_data.images_of(config.data, split)


def batches(images: Any, invert: bool, size: int):
  """Yields (uint8 [b, H, W, C], labels [b] or None) of all images in order."""
  for first in range(0, len(images), size):
    examples = [images[i] for i in range(first, min(first + size, len(images)))]
    chunk = {name: np.stack([example[name] for example in examples]) for name in examples[0]}
    yield 255 - chunk['image'] if invert else chunk['image'], chunk.get('label')
