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


def _source(data: Any, batch_size: int, seed: int) -> Source:
  if not data.name:
    raise UserError('this experiment names no data: set --config.data.name=')
  if data.name in DENSITIES:
    return toy.toy_source(DENSITIES[data.name](), batch_size)
  kind, colon, path = data.name.partition(':')
  if kind + colon in IMAGES:
    found = IMAGES[kind + colon](data, path)
  else:
    found = tfds_images.TfdsImages(data.name, data.split, data.dir, data.size, [*DENSITIES, 'digits', 'folder:PATH'])
  options = {'flip': data.flip, 'dequantize': data.dequantize, 'invert': data.invert}
  height, width, channels = found.shape
  if len(found) * height * width * channels > data.resident_mebibytes * 2**20:
    return images.streamed_source(found, batch_size, seed, **options)
  return images.resident_source(found.decoded(), batch_size, seed, **options)
