"""Latent distributions: a Prior turns per-sample keys `[B]` into latent codes `[B, ...]`."""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

Prior = Callable[[jax.Array], jax.Array]
Path = Callable[[jax.Array, jax.Array, int], jax.Array]  # from codes to others, in so many steps


class Truncation(NamedTuple):
  """Two ways to bring the entries of codes [..., dim] of one prior into [-t, t], each (codes, t) -> codes.

  Both move each entry by itself, so that one code has one truncated code for every t.

  resample: to where the law of entries that are drawn anew until they lie inside has the same quantile.
  threshold: entries outside are put on the border, where they pile up.
  """

  resample: Callable[[jax.Array, float], jax.Array]
  threshold: Callable[[jax.Array, float], jax.Array]


def normal(dim: int) -> Prior:
  """N(0, I) in `dim` dimensions."""
  return jax.vmap(lambda key: jax.random.normal(key, (dim,)))


def uniform(dim: int) -> Prior:
  """U(-1, 1) in each of `dim` dimensions, as in DCGAN."""
  return jax.vmap(lambda key: jax.random.uniform(key, (dim,), minval=-1.0))


def empirical(samples: jax.Array) -> Prior:
  """One of `samples` [N, ...], drawn with replacement: a latent distribution need not be noise."""
  return jax.vmap(lambda key: jnp.asarray(samples)[jax.random.randint(key, (), 0, len(samples))])


def with_codes(noise: Prior, categories: int, continuous: int) -> Prior:
  """InfoGAN's codes behind the noise: [noise, one-hot of a uniform category, U(-1, 1) of each continuous code].

  Chen et al., "InfoGAN", section 4, https://arxiv.org/abs/1606.03657.
  """

  def codes(key):
    category_key, continuous_key = jax.random.split(key)
    category = jax.random.randint(category_key, (), 0, categories)
    rest = jax.random.uniform(continuous_key, (continuous,), minval=-1.0)
    return jnp.concatenate([jax.nn.one_hot(category, categories), rest])

  def prior(keys):
    noise_keys, code_keys = jnp.moveaxis(jax.vmap(jax.random.split)(keys), 1, 0)
    return jnp.concatenate([noise(noise_keys), jax.vmap(codes)(code_keys)], axis=1)

  return prior


def arcs(start: jax.Array, end: jax.Array, n: int) -> jax.Array:
  """[rows, dim] and [rows, dim] -> [rows, n, dim], on the arc cos(t) start + sin(t) end.

  Every point on the way between two normal codes is then itself a normal code, which it is not on a straight line.
  Codes of a cube, on the other hand, would leave it.
  White, "Sampling Generative Networks", section 2.1, https://arxiv.org/abs/1609.04468.
  """
  t = (jnp.linspace(0, jnp.pi / 2, n)[None, :, None]).astype(start.dtype)
  return jnp.cos(t) * jnp.expand_dims(start, 1) + jnp.sin(t) * jnp.expand_dims(end, 1)


def lines(start: jax.Array, end: jax.Array, n: int) -> jax.Array:
  """[rows, ...] and [rows, ...] -> [rows, n, ...], on straight lines, which leave no convex set of codes."""
  t = jnp.linspace(0, 1, n, dtype=start.dtype).reshape((1, n) + (1,) * (start.ndim - 1))
  return (1 - t) * jnp.expand_dims(start, 1) + t * jnp.expand_dims(end, 1)


def quantile_inside(z: jax.Array, t: float) -> jax.Array:
  """Normal codes with each entry at the same quantile of the normal law given |z| <= t: [..., dim] -> the same shape.

  To draw an entry anew until it lies inside is to draw it from that law, and so is this, with no loop: if z is normal,
  erf(z / sqrt 2) is uniform on (-1, 1), and its erf(t / sqrt 2)-fold is where that law has its quantiles.
  Brock et al., "Large Scale GAN Training", section 3.1, https://arxiv.org/abs/1809.11096.
  """
  uniform = jax.lax.erf(z / math.sqrt(2)) * math.erf(t / math.sqrt(2))
  return clip(math.sqrt(2) * jax.lax.erf_inv(uniform), t)  # of an entry so large that erf is 1, the border


def clip(z: jax.Array, t: float) -> jax.Array:
  """Each entry of codes [..., dim] brought to the nearest of [-t, t]."""
  return jnp.clip(z, -t, t)


def shrink(z: jax.Array, t: float) -> jax.Array:
  """Codes of U(-1, 1) as codes of U(-t, t), the law of entries drawn anew until inside; as they are for t > 1."""
  return z * min(t, 1.0)


NORMAL, UNIFORM = Truncation(quantile_inside, clip), Truncation(shrink, clip)


def of_first(dim: int, truncation: Truncation) -> Truncation:
  """The same of the first `dim` entries alone: what `with_codes` puts behind the noise means something else."""

  def inside(bring):
    return lambda z, t: jnp.concatenate([bring(z[..., :dim], t), z[..., dim:]], axis=-1)

  return Truncation(*map(inside, truncation))
