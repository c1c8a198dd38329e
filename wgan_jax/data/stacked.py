"""Three random digits as the channels of one colour image: a set of a thousand modes, all known.

Metz et al., "Unrolled GAN", https://arxiv.org/abs/1611.02163, section 3.3.1, from Che et al.; here as in PacGAN,
https://github.com/fjxmlzn/PacGAN: 128,000 images whose digits are drawn once and for all.
"""

import chex
import numpy as np

from wgan_jax.data.cache import Images
from wgan_jax.data.images import to_float
from wgan_jax.data.source import WHOLE, Order, Source, shared

N, SEED, PLACES = 128_000, 0, np.int32([100, 10, 1])


def triples(n: int, size: int) -> np.ndarray:
  """Which three of `size` digits make each of n images, [n, 3] int32: always the same."""
  return np.random.Generator(np.random.Philox(SEED)).integers(0, size, (n, 3), np.int32)


class Stacked:
  """n images [H, W, 3] of triples of digits; of a, b and c in red, green and blue the label is 100 a + 10 b + c.

  digits: grey ones, [H, W, 1], with labels 0..9.
  """

  classes = 1000

  def __init__(self, digits: Images, n: int = N):
    chex.assert_equal((digits.shape[2], digits.classes), (1, 10))
    self.digits, self.made_of = digits, triples(n, len(digits))
    self.shape = (*digits.shape[:2], 3)

  @property
  def identity(self) -> str:
    """What tells it from other sets."""
    return f'{len(self)} triples of {self.digits.identity}'

  def __len__(self) -> int:
    return len(self.made_of)

  def __getitem__(self, i: int) -> dict[str, np.ndarray]:
    rows = self.made_of[i]
    image = np.moveaxis(self.digits.images[rows, ..., 0], 0, -1)
    return {'image': image, 'label': np.int32(self.digits.labels[rows] @ PLACES)}

  def decoded(self) -> 'Stacked':
    """Itself: it is put together fast enough."""
    return self


def stacked_source(data: Stacked, batch_size: int, seed: int, **options: bool) -> Source:
  """Needs no more memory than the digits: those live on the device, and an image is put together when it is drawn.

  Args:
    seed: of the order alone, in which every image comes once before any comes twice.
    options: those of `to_float`.
  """
  order = Order(len(data), seed)
  resident = {'image': np.asarray(data.digits.images)[..., 0], 'label': data.digits.labels}

  def feed(first, count, share=WHOLE):
    indices = order[first * batch_size : (first + count) * batch_size]
    return data.made_of[shared(indices.reshape(count, batch_size), share)]

  def draw(resident, minibatch, keys):
    image = resident['image'][minibatch].transpose((0, 2, 3, 1))
    return {'image': to_float(image, keys, **options), 'label': resident['label'][minibatch] @ PLACES}

  return Source(data.shape, feed, draw, resident, classes=data.classes, size=len(data))
