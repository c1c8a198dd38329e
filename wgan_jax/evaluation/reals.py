"""Statistics of the real images, which are taken once and cached: they depend on no run."""

import functools
import hashlib
import json
import pathlib
from typing import Any

from wgan_jax import hosts
from wgan_jax.data.cache import cache_folder, made
from wgan_jax.errors import UserError
from wgan_jax.evaluation import against, statistics
from wgan_jax.extract import Extractor
from wgan_jax.progress import steps


def of_split(
  config: Any, split: str, images: Any, extractors: list[Extractor], folder: pathlib.Path | None = None
) -> list[statistics.Statistics]:
  """Statistics of the images of a split by each network.

  Args:
    config: its keys under evaluate, and data.invert.
    split: for people.
    images: random access to them, with `identity` and `classes`.
    extractors: of the features.
    folder: of the cache; the user's by default.
  """
  if len(images) < 2:
    raise UserError(f'split {split!r} has too few images ({len(images)}): distances need two at least')
  keys, folder = config.evaluate, folder or cache_folder() / 'statistics'
  named = [folder / _name(config, images, extractor) for extractor in extractors]
  gatherings = {
    j: statistics.Gathering(len(images), e.network.dimensions, images.classes, keys.kept, keys.splits)
    for j, e in enumerate(extractors)
    if not hosts.all_agree(named[j].exists())
  }
  chunks = against.batches(images, config.data.invert, keys.batch_size) if gatherings else []
  for chunk, labels in steps(chunks, f'features of {split}, in chunks', -(-len(images) // keys.batch_size)):
    for j, gathering in gatherings.items():
      gathering.add(extractors[j](chunk), labels)
  for j, gathering in gatherings.items():
    made(named[j], functools.partial(statistics.save, found=gathering.statistics()))
  return [statistics.load(path) for path in named]


def _name(config, images, extractor):
  """Of a cache entry: all that it depends on."""
  network, keys = extractor.network, config.evaluate
  told = images.identity, config.data.invert, network.name, network.sha256, network.resizer, keys.kept, keys.splits
  return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
