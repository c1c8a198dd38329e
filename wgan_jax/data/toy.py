"""Toy densities, most of them in the plane: a sampler and the exact log-density of each.

The data of the WGAN-GP authors, https://github.com/igul222/improved_wgan_training (gan_toy.py), scaled as there.
"""

import math
from typing import NamedTuple

import chex
import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.data.source import WHOLE, Source


class Mixture(NamedTuple):
  """Gaussians of one width and equal weight. centers [K, D]; sigma: standard deviation along each axis."""

  centers: np.ndarray
  sigma: float

  def sample(self, keys: jax.Array) -> jax.Array:
    """One point for each of keys [B]: [B, D]."""

    def one(key):
      which, where = jax.random.split(key)
      center = jnp.asarray(self.centers)[jax.random.randint(which, (), 0, len(self.centers))]
      return center + self.sigma * jax.random.normal(where, center.shape)

    return jax.vmap(one)(keys)

  def log_density(self, x: jax.Array) -> jax.Array:
    """log p at x [B, D], in nats: [B]."""
    return _log_of_gaussians(x, jnp.asarray(self.centers), self.sigma, jnp.full(len(self.centers), 1.0))


class SwissRoll(NamedTuple):
  """A spiral (t cos t, t sin t) / scale, t uniform on [1.5 pi, 4.5 pi], blurred by a Gaussian of width sigma."""

  sigma: float = 0.25 / 7.5
  scale: float = 7.5

  def sample(self, keys: jax.Array) -> jax.Array:
    """One point for each of keys [B]: [B, 2]."""

    def one(key):
      which, where = jax.random.split(key)
      t = 1.5 * math.pi * (1 + 2 * jax.random.uniform(which))
      return self.curve(t) + self.sigma * jax.random.normal(where, (2,))

    return jax.vmap(one)(keys)

  def curve(self, t: jax.Array) -> jax.Array:
    """The spiral's points [..., 2] at t [...]."""
    return jnp.stack([t * jnp.cos(t), t * jnp.sin(t)], axis=-1) / self.scale

  def log_density(self, x: jax.Array) -> jax.Array:
    """log p at x [B, 2], in nats: [B].

    The integral over t by Simpson's rule on 4,097 nodes, which lie a tenth of sigma apart: exact to float precision.
    """
    t = jnp.linspace(1.5 * math.pi, 4.5 * math.pi, 4097)
    weights = jnp.ones(4097).at[1:-1:2].set(4.0).at[2:-1:2].set(2.0)
    return _log_of_gaussians(x, self.curve(t), self.sigma, weights)


def _log_of_gaussians(x, centers, sigma, weights):
  chex.assert_shape(x, (None, centers.shape[1]))
  squared = jnp.sum((x[:, None] - centers[None]) ** 2, axis=-1)
  log_weights = jnp.log(weights / jnp.sum(weights))[None]
  area = math.log(2 * math.pi * sigma**2)  # of a Gaussian in the plane, by which others are powers of it
  return jax.nn.logsumexp(log_weights - squared / (2 * sigma**2), axis=1) - x.shape[1] / 2 * area


def eight_gaussians() -> Mixture:
  """Eight on a ring of radius 2, sigma 0.02, divided by sqrt(2)."""
  angles = np.arange(8) * math.pi / 4
  ring = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
  return Mixture((ring / math.sqrt(2)).astype(np.float32), 0.02 / math.sqrt(2))


def twenty_five_gaussians() -> Mixture:
  """Twenty-five on the grid {-4, -2, 0, 2, 4}^2, sigma 0.05, divided by sqrt(8)."""
  grid = np.stack(np.meshgrid(np.arange(-4, 5, 2), np.arange(-4, 5, 2), indexing='ij'), axis=-1).reshape(-1, 2)
  return Mixture((grid / math.sqrt(8)).astype(np.float32), 0.05 / math.sqrt(8))


def two_gaussians() -> Mixture:
  """Two at (-1, 0) and (1, 0), sigma 0.25."""
  return Mixture(np.array([[-1.0, 0.0], [1.0, 0.0]], np.float32), 0.25)


def toy_source(density, batch_size: int, dim: int = 2) -> Source:
  """Fresh samples [dim] of a density in every minibatch, drawn on the device; the feed only tells how many."""

  def feed(first, count, share=WHOLE):
    return np.zeros((count, batch_size // share[1]), np.int8)

  def draw(resident, minibatch, keys):
    del resident, minibatch
    return {'image': density.sample(keys)}

  return Source((dim,), feed, draw, density=density)
