"""Image sets prepared by TensorFlow Datasets in its array_record format, read without TensorFlow."""

import difflib
import pathlib
from collections.abc import Sequence

import numpy as np

from wgan_jax.data import cache
from wgan_jax.data.resize import fit
from wgan_jax.errors import UserError


class TfdsImages:
  """A prepared set: random access to its examples, and what they look like.

  Args:
    name: as in TFDS's catalogue, 'cifar10', or with a configuration, 'celeb_a', 'lsun/bedroom'.
    split: 'train', 'test', 'train[:1000]', ...
    data_dir: where it was prepared.
    side: fit every image to side x side pixels; 0 to leave them as they are.
    others: names of data that are no TFDS set, for the message to whoever mistyped one.

  Raises:
    UserError: when the set is not there, holds no images, or holds images of many sizes while `side` is 0.
  """

  def __init__(self, name: str, split: str, data_dir: str, side: int, others: Sequence[str] = ()):
    import tensorflow_datasets as tfds  # here, because it is slow to import

    self._name, self._side, self._folder = name, side, _prepared(name, data_dir, others)
    builder = tfds.builder_from_directory(self._folder)
    if 'image' not in builder.info.features:
      raise UserError(f'{name} has no feature called image; it has {", ".join(builder.info.features)}')
    try:
      self._examples = builder.as_data_source(split)
    except NotImplementedError as error:
      raise UserError(
        f'{name} in {self._folder} is not in array_record format; {_how_to_prepare(name, data_dir)}'
      ) from error
    except (ValueError, KeyError) as error:
      there = ', '.join(builder.info.splits)
      raise UserError(f'{name} has nothing in split {split!r}; it has {there} and parts such as train[:10%]') from error
    self.identity = repr((str(self._folder), split, side, (self._folder / 'dataset_info.json').read_text()))
    # A FeaturesDict has no get.
    label = builder.info.features['label'] if 'label' in builder.info.features else None
    self.classes = getattr(label, 'num_classes', None) or 0
    height, width, channels = builder.info.features['image'].shape
    if not side and None in (height, width):
      raise UserError(f'the images of {name} differ in size: set --config.data.size to fit them')
    self.shape = (side or height, side or width, channels)

  def __len__(self) -> int:
    return len(self._examples)

  def __getitem__(self, i: int) -> dict[str, np.ndarray]:
    """{'image': uint8 [H, W, C]} and, where classes are known, {'label': int32 []}."""
    example = self._examples[int(i)]
    image = fit(example['image'], self._side) if self._side else example['image']
    return {'image': image, 'label': np.int32(example['label'])} if self.classes else {'image': image}

  def decoded(self) -> cache.Images:
    """All of it as arrays, decoded once and cached."""

    def examples():
      for i in range(len(self)):
        example = self[i]
        yield example['image'], example.get('label')

    return cache.decoded(self._name.replace('/', '-'), self.identity, len(self), examples)


def sizes(name: str, data_dir: str, others: Sequence[str] = ()) -> dict[str, int]:
  """How many examples each split of a prepared set has."""
  import tensorflow_datasets as tfds

  builder = tfds.builder_from_directory(_prepared(name, data_dir, others))
  return {split: info.num_examples for split, info in builder.info.splits.items()}


def _prepared(name: str, data_dir: str, others: Sequence[str]) -> pathlib.Path:
  root = pathlib.Path(data_dir).expanduser()
  folder = root / name
  versions = sorted(folder.glob('*/dataset_info.json'), key=lambda f: [int(n) for n in f.parent.name.split('.')])
  if not versions:
    there = sorted({f.parts[-3] for f in root.glob('*/*/dataset_info.json')})
    close = difflib.get_close_matches(name, [*others, *there], 1)
    raise UserError(
      f'no data set {name!r} in {root}{f"; did you mean {close[0]}?" if close else ""} '
      f'(known: {", ".join([*others, *there])}); if it is one of TFDS, '
      f'{_how_to_prepare(name, data_dir)}; if it lies elsewhere, set --config.data.dir='
    )
  return versions[-1].parent


def _how_to_prepare(name: str, data_dir: str) -> str:
  return (
    f"prepare it by: pip install -e '.[prepare]' && tfds build {name} --data_dir={data_dir} --file_format=array_record"
  )
