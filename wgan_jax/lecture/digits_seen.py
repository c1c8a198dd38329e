"""The classifier of digits through which figures of lectures look at samples."""

import jax

from wgan_jax.extract import Extractor
from wgan_jax.metrics.features import classifier

SHAPE, AT_ONCE = (8, 8, 1), 256  # of the digits, and images in one program


def seeing() -> Extractor:
  """uint8 images of digits [N, 8, 8, 1] -> their logits and features, on one device of this process."""
  return Extractor(classifier.classifier('digits'), SHAPE, AT_ONCE, jax.local_devices()[:1])
