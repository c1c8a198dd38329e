"""From the name of some data to what training is fed with: literal tables of densities and of sets of images."""

import functools
from collections.abc import Callable
from typing import Any

import ml_collections

from wgan_jax.data import digits, folder, images, pair, splits, stacked, tfds_images, toy
from wgan_jax.data.source import Source
from wgan_jax.errors import UserError

DENSITIES = {
  '2gaussians': toy.two_gaussians,
  '8gaussians': toy.eight_gaussians,
  '25gaussians': toy.twenty_five_gaussians,
  'swissroll': toy.SwissRoll,
}
IMAGES = {  # by all that stands before a path; they have one split, train
  'digits': lambda data, path: digits.load(data.size),
  'folder:': lambda data, path: folder.load(path, data.size),
}
STACKED = {  # grey images of which three make one
  'stacked_digits': lambda data, split: digits.load(data.size),
  'stacked_mnist': lambda data, split: tfds_images.TfdsImages('mnist', split, data.dir, data.size).decoded(),
}

OTHERS = [*DENSITIES, *STACKED, 'digits', 'folder:PATH']  # which are no TFDS sets
NONE, TEST = 'none', 'test'  # words for held-out data: that there are none; the split that is taken where none is named


def build_source(config: Any) -> Source:
  """The data that `config.data` names, beside those of `config.source` where a game translates these into them."""
  return build_sources(config)(config.seed)


def build_sources(config: Any) -> Callable[[int], Source]:
  """The same of any seed; the data themselves are in memory once."""
  of_seed = _sources(config.data, config.data.batch_size)
  if not config.source.name:
    return of_seed
  others = _sources(config.source, config.data.batch_size)
  # Another seed: sets that are one another's negatives would otherwise come in the same order, and so in pairs.
  return lambda seed: pair.paired(of_seed(seed), others(seed + 1))


def build_held_out(config: Any) -> Source | None:
  """Real samples that no network learns from, as `config.log.held_out` says; None where there are none.

  Raises:
    UserError: when training learns from some of them, or from samples that are drawn without end.
  """
  data, wanted = config.data, config.log.held_out
  if data.name in DENSITIES and wanted not in ('', NONE):
    raise UserError(f'{data.name} is drawn anew all the time, nothing is held out: leave out --config.log.held_out=')
  if data.name in DENSITIES or wanted == NONE:
    return None
  sizes = split_sizes(data)
  split = wanted or next((name for name in sizes if name == TEST and TEST not in data.split), '')
  if not split:
    return None
  if splits.overlap(data.split, split, sizes):
    raise UserError(f'--config.log.held_out={split} and --config.data.split={data.split} share samples: cut them apart')
  held_out = ml_collections.ConfigDict({**data, 'split': split})
  return _sources(held_out, data.batch_size)(config.seed)


def images_of(data: Any, split: str) -> Any:
  """Random access to the images of a split of `data`, as they are: uint8, and neither mirrored nor with noise."""
  found = _found(data, split)
  return found.decoded() if _fits(found, data) else found


def split_sizes(data: Any) -> dict[str, int]:
  """How many images each split of `data` has."""
  if _kind(data) in IMAGES:
    return {'train': len(_found(data, 'train'))}
  if data.name in STACKED:  # whose one split is made of one of digits
    return {data.split: stacked.N}
  return tfds_images.sizes(data.name, data.dir, OTHERS)


def _sources(data: Any, batch_size: int) -> Callable[[int], Source]:
  if not data.name:
    raise UserError('this experiment names no data: set --config.data.name=')
  if data.name in DENSITIES:
    source = toy.toy_source(DENSITIES[data.name](), batch_size)
    return lambda seed: source
  found = _found(data, data.split)
  options = {'flip': data.flip, 'dequantize': data.dequantize, 'invert': data.invert}
  if data.name in STACKED:
    return functools.partial(stacked.stacked_source, found, batch_size, **options)
  if _fits(found, data):
    return functools.partial(images.resident_source, found.decoded(), batch_size, **options)
  return functools.partial(images.streamed_source, found, batch_size, **options)


def _fits(found, data):
  height, width, channels = found.shape
  return len(found) * height * width * channels <= data.resident_mebibytes * 2**20


def _kind(data):
  kind, colon, _ = data.name.partition(':')
  return kind + colon


def _found(data, split):
  if data.name in STACKED:
    return stacked.Stacked(STACKED[data.name](data, split))
  if _kind(data) in IMAGES:
    return splits.part(IMAGES[_kind(data)](data, data.name.partition(':')[2]), split, data.name)
  return tfds_images.TfdsImages(data.name, split, data.dir, data.size, OTHERS)
