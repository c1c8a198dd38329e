"""Latent distributions: a Prior turns per-sample keys `[B]` into latent codes `[B, ...]`."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

Prior = Callable[[jax.Array], jax.Array]
Path = Callable[[jax.Array, jax.Array, int], jax.Array]  # from codes to others, in so many steps


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
