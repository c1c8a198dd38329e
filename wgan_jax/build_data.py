"""From the name of some data to what training is fed with: literal tables of densities and of sets of images."""

from typing import Any

from wgan_jax.data import digits, folder, images, pair, tfds_images, toy
from wgan_jax.data.source import Source
from wgan_jax.errors import UserError

DENSITIES = {
  '2gaussians': toy.two_gaussians,
  '8gaussians': toy.eight_gaussians,
  '25gaussians': toy.twenty_five_gaussians,
  'swissroll': toy.SwissRoll,
}
OTHERS = [*DENSITIES, 'digits', 'folder:PATH']  # which are no TFDS sets
IMAGES = {  # by all that stands before a path
  'digits': lambda data, path: digits.load(data.size),
  'folder:': lambda data, path: folder.load(path, data.size),
}


def build_source(config: Any) -> Source:
  """The data that `config.data` names, beside those of `config.source` where a game translates these into them."""
  source = _source(config.data, config.data.batch_size, config.seed)
  if not config.source.name:
    return source
  # Another seed: sets that are one another's negatives would otherwise come in the same order, and so in pairs.
  return pair.paired(source, _source(config.source, config.data.batch_size, config.seed + 1))


def images_of(data: Any, split: str) -> Any:
  """Random access to the images of a split of `data`, as they are: uint8, and neither mirrored nor with noise."""
  found = _found(data, split)
  return found.decoded() if _fits(found, data) else found


def split_sizes(data: Any) -> dict[str, int]:
  """How many images each split of `data` has."""
  if _kind(data) in IMAGES:
    return {'train': len(_found(data, 'train'))}
  return tfds_images.split_sizes(data.name, data.dir, OTHERS)


def _source(data: Any, batch_size: int, seed: int) -> Source:
  if not data.name:
    raise UserError('this experiment names no data: set --config.data.name=')
  if data.name in DENSITIES:
    return toy.toy_source(DENSITIES[data.name](), batch_size)
  found = _found(data, data.split)
  options = {'flip': data.flip, 'dequantize': data.dequantize, 'invert': data.invert}
  if _fits(found, data):
    return images.resident_source(found.decoded(), batch_size, seed, **options)
  return images.streamed_source(found, batch_size, seed, **options)


def _fits(found, data):
  height, width, channels = found.shape
  return len(found) * height * width * channels <= data.resident_mebibytes * 2**20


def _kind(data):
  kind, colon, _ = data.name.partition(':')
  return kind + colon


def _found(data, split):
  if _kind(data) in IMAGES:
    return IMAGES[_kind(data)](data, data.name.partition(':')[2])
  return tfds_images.TfdsImages(data.name, split, data.dir, data.size, OTHERS)
