"""Augmentations that a critic looks through, so that it cannot learn a small data set by heart.

All are differentiable, for the generator learns through them, and act on each sample by a key of its own.
"""

from collections.abc import Callable
from typing import NamedTuple

import chex
import jax
import jax.numpy as jnp

from wgan_jax.ada import bgc
from wgan_jax.schedules import cosine


class Augmentation(NamedTuple):
  """What the critic sees of a sample, and how strongly as training goes on.

  apply: (x [B, ...], keys [B], strength []) -> x of the same shape, differentiable in x, sample i by key i only.
  initial: the strength at the start.
  adapt: (strength [], updates [] int, sign []) -> strength [] after so many updates of the critic, sign being the mean
    sign of its scores of real samples.
  """

  apply: Callable[[jax.Array, jax.Array, jax.Array], jax.Array]
  initial: float = 1.0
  adapt: Callable[[jax.Array, jax.Array, jax.Array], jax.Array] = lambda strength, updates, sign: strength


def diffaug(color: bool = True, translation: bool = True, cutout: bool = True) -> Augmentation:
  """DiffAugment: brightness, saturation and contrast; a shift; a hole. Every sample gets each, x [B, H, W, C].

  Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", section 3.2,
  https://arxiv.org/abs/2006.10738; numbers of the official code, https://github.com/mit-han-lab/data-efficient-gans.
  """
  families = (color, (brightness, saturation, contrast)), (translation, (translate,)), (cutout, (cut_out,))
  steps = [step for wanted, family in families if wanted for step in family]

  def one(image, key):
    for i, step in enumerate(steps):
      image = step(image, jax.random.fold_in(key, i))
    return image

  def apply(x, keys, strength):
    del strength
    chex.assert_rank(x, 4)
    return jax.vmap(one)(x, keys)

  return Augmentation(apply)


def brightness(image: jax.Array, key: jax.Array) -> jax.Array:
  """image [H, W, C] + b, with b ~ U(-1/2, 1/2)."""
  return image + jax.random.uniform(key, (), image.dtype, -0.5, 0.5)


def saturation(image: jax.Array, key: jax.Array) -> jax.Array:
  """m + s (image - m), with m [H, W, 1] the mean of each pixel's channels and s ~ U(0, 2)."""
  mean = jnp.mean(image, axis=-1, keepdims=True)
  return mean + jax.random.uniform(key, (), image.dtype, 0.0, 2.0) * (image - mean)


def contrast(image: jax.Array, key: jax.Array) -> jax.Array:
  """m + c (image - m), with m [] the mean of the image and c ~ U(1/2, 3/2)."""
  mean = jnp.mean(image)
  return mean + jax.random.uniform(key, (), image.dtype, 0.5, 1.5) * (image - mean)


def translate(image: jax.Array, key: jax.Array) -> jax.Array:
  """image [H, W, C] shifted by up to an eighth of each side, zeros following."""
  return _shift(image, key, (image.shape[0] // 8, image.shape[1] // 8), 'constant')


def cut_out(image: jax.Array, key: jax.Array) -> jax.Array:
  """image [H, W, C] with zeros in a window of half its sides, whose centre is anywhere: the border may cut it."""
  sides = image.shape[:2]
  # Of a window of even side the centre lies between two pixels, of which there is one more place.
  centres = jax.random.randint(key, (2,), 0, jnp.array([n + 1 - n // 2 % 2 for n in sides]))
  first = [centre - n // 2 // 2 for centre, n in zip(centres, sides, strict=True)]
  inside = [(jnp.arange(n) >= a) & (jnp.arange(n) < a + n // 2) for a, n in zip(first, sides, strict=True)]
  hole = inside[0][:, None, None] & inside[1][None, :, None]
  return jnp.where(hole, jnp.zeros((), image.dtype), image)


def ada(batch_size: int, target: float = 0.6, images: int = 500_000) -> Augmentation:
  """Adaptive discriminator augmentation: the pipeline 'bgc', every part of it with probability p, the strength.

  p <- clip(p + sign(r - target) batch_size / images, 0, 1), with r = E[sign(D(real))], the paper's r_t: a critic that
  is sure of the real samples overfits, and sees them less clearly. Here p moves in every update, there in every fourth.
  Critics whose score of an undecided sample is not 0 have it taken off first, as `game.adapt` says.

  Karras et al., "Training Generative Adversarial Networks with Limited Data", section 3.1 and appendix B,
  https://arxiv.org/abs/2006.06676.

  Args:
    batch_size: real samples in an update of the critic, on all devices.
    target: of r.
    images: how many real samples it takes p to go from 0 to 1.
  """

  def adapt(strength, updates, sign):
    del updates
    return jnp.clip(strength + jnp.sign(sign - target) * batch_size / images, 0.0, 1.0)

  return Augmentation(bgc, 0.0, adapt)


def rising_bgc(p: float = 0.55, updates: int = 39_062) -> Augmentation:
  """R3GAN's: the pipeline 'bgc', colours half as often, then a hole; p, the strength, rises from 0 as `cosine` does.

  Huang et al., https://arxiv.org/abs/2501.05441, p and pipeline as in the authors' code for CIFAR-10.

  Args:
    p: probability of each part in the end.
    updates: of the critic until then.
  """

  def one(image, key, strength):
    hole_key, there_key = jax.random.split(key)
    return jnp.where(jax.random.bernoulli(there_key, strength), cut_out(image, hole_key), image)

  def apply(x, keys, strength):
    folded = jax.vmap(jax.random.fold_in, (0, None))(keys, 1)
    return jax.vmap(one, (0, 0, None))(bgc(x, keys, strength, strength / 2), folded, strength)

  return Augmentation(apply, 0.0, lambda strength, made, sign: cosine(0.0, p, updates)(made))


def instance_noise(sigma: float = 0.1, updates: int = 10_000) -> Augmentation:
  """x + strength N(0, I), for x [B, ...] of any rank; the strength falls linearly from sigma to 0 in so many updates.

  Sønderby et al., "Amortised MAP Inference for Image Super-resolution", section 3.1, https://arxiv.org/abs/1610.04490;
  Arjovsky and Bottou, "Towards Principled Methods for Training GANs", section 3, https://arxiv.org/abs/1701.04862.
  """

  def apply(x, keys, strength):
    noise = jax.vmap(lambda key: jax.random.normal(key, x.shape[1:], x.dtype))(keys)
    return x + jnp.asarray(strength, x.dtype) * noise

  def adapt(strength, made, sign):
    del strength, sign
    return sigma * jnp.maximum(1 - made / updates, 0.0)

  return Augmentation(apply, sigma, adapt)


def flip_and_shift(x: jax.Array, keys: jax.Array, pixels: int = 4) -> jax.Array:
  """x [B, H, W, C] mirrored left to right or not, then shifted by up to `pixels` each way, mirrored at its borders.

  What consistency regularisation compares a sample with: Zhang et al., "Consistency Regularization for Generative
  Adversarial Networks", section 2.2, https://arxiv.org/abs/1910.12027.
  """

  def one(image, key):
    flip_key, shift_key = jax.random.split(key)
    image = jnp.where(jax.random.bernoulli(flip_key), image[:, ::-1], image)
    return _shift(image, shift_key, (pixels, pixels), 'reflect')

  chex.assert_rank(x, 4)
  return jax.vmap(one)(x, keys)


def _shift(image, key, most, mode):
  """image [H, W, C] shifted by integers, uniform up to `most` (rows, columns) each way, with what `mode` pads."""
  padded = jnp.pad(image, [(n, n) for n in (*most, 0)], mode)
  row, column = jax.random.randint(key, (2,), 0, 2 * jnp.array(most) + 1)
  return jax.lax.dynamic_slice(padded, (row, column, 0), image.shape)
