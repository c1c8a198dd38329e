"""From keys to feature networks: the classifier that suits the data, and Inception where there are weights for it."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from wgan_jax.errors import UserError, unknown
from wgan_jax.extract import Extractor
from wgan_jax.metrics import resizing
from wgan_jax.metrics.features import classifier, fetch, inception, inception_weights, weights
from wgan_jax.metrics.features.network import Network

STACKED = {'stacked_digits': 'digits', 'stacked_mnist': 'mnist'}  # classifiers of a channel
CHUNK = 1_000  # channels in one program
FETCHED = {'auto': fetch.inception}  # where evaluate.weights names no file


def networks(config: Any, shape: tuple[int, ...]) -> list[Network]:
  """The feature networks that images of this shape are looked at with.

  There is none where no classifier of ours knows the data, and no weights of Inception are named.
  """
  return [*classifiers(config, shape), *_inceptions(config.evaluate)]


def in_training(config: Any, shape: tuple[int, ...]) -> list[Network]:
  """Those that samples are looked at with while a run trains: cheap ones, and Inception where it is asked for.

  Raises:
    UserError: when it is asked for without weights.
  """
  if config.log.inception and not config.evaluate.weights:
    raise UserError('--config.log.inception needs weights: set --config.evaluate.weights=auto (or a PATH) too')
  slow = _inceptions(config.evaluate) if config.log.inception else []
  return [*slow, *classifiers(config, shape)]


def preferred(config: Any, shape: tuple[int, ...]) -> Network | None:
  """The one that tells how alike images of this shape are: Inception with weights for it, or else a classifier.

  None where neither can look at them.
  """
  found = [*_inceptions(config.evaluate), *classifiers(config, shape)]
  return next((network for network in found if not network.unfit(shape)), None)


def classifiers(config: Any, shape: tuple[int, ...]) -> list[Network]:
  """The shipped classifier that learned from these data, if there is one; it knows no negatives."""
  own = None if config.data.invert else classifier.for_data(config.data.name, shape)
  return [own] if own else []


def reader_of_stacks(name: str, shape: tuple[int, ...]) -> Callable[[np.ndarray], np.ndarray] | None:
  """What reads a channel of stacked digits of that name, uint8 [B, H, W, 1] -> digits [B]; None for other data."""
  if name not in STACKED:
    return None
  channel = (*shape[:2], 1)
  extractor = Extractor(classifier.classifier(STACKED[name], channel), channel, CHUNK, jax.local_devices())
  return lambda images: extractor(images).logits.argmax(axis=1)


def _inceptions(keys):
  resizers = _resizers(keys.resizer)
  if not keys.weights:
    if keys.layer:
      raise UserError(
        f'--config.evaluate.layer={keys.layer} is of Inception: set --config.evaluate.weights=auto (or a PATH)'
      )
    return []
  path = FETCHED[keys.weights]() if keys.weights in FETCHED else keys.weights
  arrays, sha256 = weights.read(path)
  tree = inception_weights.tree_of(arrays)
  layer = keys.layer or inception.deepest(tree)
  return [inception.inception(tree, layer, resizer, sha256) for resizer in resizers]


def _resizers(text):
  names = [name.strip() for name in text.split(',')]
  for name in names:
    if name not in resizing.RESIZERS:
      raise unknown('evaluate.resizer', name, resizing.RESIZERS)
  return names
