"""Features of images by a feature network, on all devices, chunk by chunk."""

import jax
import numpy as np

from wgan_jax import parallel
from wgan_jax.data.images import to_uint8
from wgan_jax.errors import UserError
from wgan_jax.metrics.features.network import Network, Outputs
from wgan_jax.metrics.labels import accuracy


class Extractor:
  """A feature network over devices: (images uint8 [b, H, W, C]) -> Outputs on the host, [b, ...].

  Args:
    network: whose features are wanted.
    shape: (H, W, C) of the images.
    batch_size: images in one program, of all devices together; its size changes no feature.
    devices: that share the work.

  Raises:
    UserError: when the network cannot look at such images.
  """

  def __init__(self, network: Network, shape: tuple[int, ...], batch_size: int, devices: list[jax.Device]):
    if reason := network.unfit(shape):
      raise UserError(f'{network.name} needs {reason}, and these are {"x".join(map(str, shape))}')
    self.network, self._shape = network, shape
    self._size = -(-batch_size // len(devices)) * len(devices)
    self._weights = parallel.everywhere(network.weights, devices)
    self._apply = parallel.over_rows(network.apply, devices)

  def __call__(self, images: np.ndarray) -> Outputs:
    if images.dtype != np.uint8 or images.shape[1:] != self._shape:
      asked = 'x'.join(map(str, self._shape))
      raise UserError(f'features are of uint8 images of {asked}, not of {images.dtype} {list(images.shape)}')
    if not len(images):
      raise UserError('features are of one image or more, and there is none')
    chunks = []
    for first in range(0, len(images), self._size):
      rows = np.minimum(first + np.arange(self._size), len(images) - 1)
      chunks.append(self._apply(self._weights, images[rows]))
    joined = jax.tree.map(lambda *x: np.concatenate(x), *jax.device_get(chunks))
    return jax.tree.map(lambda x: x[: len(images)], joined)


class Reader:
  """A network's logits as a classifier: images in [-1, 1], [N, H, W, C] -> labels [N].

  `accuracy` is that on the real images given, of which a network that was trained on this set may have learned some.

  Args:
    extractor: with logits in the order of the labels.
    images, labels: real ones, in [-1, 1], and theirs.
  """

  def __init__(self, extractor: Extractor, images: np.ndarray, labels: np.ndarray):
    self._extractor = extractor
    self.accuracy = accuracy(labels, self(images))

  def __call__(self, images: np.ndarray) -> np.ndarray:
    return self._extractor(to_uint8(images)).logits.argmax(axis=1)
