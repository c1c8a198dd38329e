"""Images as training sees them: uint8 on the host, floats in [-1, 1] and augmented inside the jitted round."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.data.cache import Images
from wgan_jax.data.source import WHOLE, Order, Source, shared
from wgan_jax.data.stream import Stream


def to_float(image: jax.Array, keys: jax.Array, *, flip: bool, dequantize: bool, invert: bool = False) -> jax.Array:
  """uint8 [B, H, W, C] -> float32 of the same shape.

  Args:
    keys: [B], one per image.
    flip: mirror each image with probability 1/2.
    dequantize: spread each of the 256 levels evenly, (x + U(0, 1)) / 128 - 1 in [-1, 1], as WGAN-GP and SN-GAN do;
      otherwise x / 127.5 - 1 in [-1, 1].
    invert: take the negative.
  """

  def one(image, key):
    flip_key, noise_key = jax.random.split(key)
    if flip:
      image = jnp.where(jax.random.bernoulli(flip_key), image[:, ::-1], image)
    image = (255 - image if invert else image).astype(jnp.float32)
    return (image + jax.random.uniform(noise_key, image.shape)) / 128 - 1 if dequantize else image / 127.5 - 1

  return jax.vmap(one)(image, keys)


def to_uint8(image: jax.Array) -> np.ndarray:
  """Floats in [-1, 1] -> uint8, rounded to the nearest of the 256 levels; the inverse of `to_float` without noise."""
  return np.clip(np.rint((np.asarray(image, np.float32) + 1) * 127.5), 0, 255).astype(np.uint8)


def resident_source(data: Images, batch_size: int, seed: int, **options: bool) -> Source:
  """A set that fits on the device: it lives there, and the feed is only which samples come next.

  options: those of `to_float`.
  """
  order = Order(len(data), seed)
  resident = {'image': np.asarray(data.images)}
  if data.labels is not None:
    resident['label'] = data.labels

  def feed(first, count, share=WHOLE):
    indices = order[first * batch_size : (first + count) * batch_size]
    return shared(indices.reshape(count, batch_size), share)

  def draw(resident, minibatch, keys):
    batch = {name: x[minibatch] for name, x in resident.items()}
    return {**batch, 'image': to_float(batch['image'], keys, **options)}

  return Source(data.shape, feed, draw, resident, classes=data.classes, size=len(data))


def streamed_source(data: Any, batch_size: int, seed: int, **options: bool) -> Source:
  """A set too large for the device: the feed is the images themselves, in the order they would have there.

  data: random access to examples, with `shape` and `classes`. options: those of `to_float`.
  """

  def draw(resident, minibatch, keys):
    del resident
    return {**minibatch, 'image': to_float(minibatch['image'], keys, **options)}

  return Source(data.shape, Stream(data, batch_size, seed), draw, classes=data.classes, size=len(data))
