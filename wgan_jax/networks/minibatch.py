"""How much samples differ from one another, told to a critic, which so sees that a generator repeats itself."""

import math

import jax
import jax.numpy as jnp

from wgan_jax.axis import gathered
from wgan_jax.networks import layers


def with_deviation(h: jax.Array, group: int = 4, axis_name: str | None = None) -> jax.Array:
  """h [B, H, W, C] with one more channel: the mean, over places and channels, of their standard deviations in a group.

  Karras et al., "Progressive Growing of GANs", section 3, https://arxiv.org/abs/1710.10196; in groups as in
  https://github.com/tkarras/progressive_growing_of_gans, there of strided samples, here of neighbours.

  A group is `group` neighbours of the global batch. Where devices (or micro-batches) hold whole groups, nothing crosses
  between them; else the devices gather the batch, and the groups stay the same. Of a batch that does not divide, the
  groups are as large as its greatest common divisor with `group`.

  It couples samples: the gradient of the sum of logits, which a gradient penalty takes for that of each sample's own
  logit, then holds what a sample does to the logits of its group. So it is in the paper's code, and here.
  """
  own = h.shape[0]
  every = layers.full(h if own % group == 0 else gathered(h, axis_name))
  size = math.gcd(every.shape[0], group)
  groups = every.reshape(-1, size, *h.shape[1:])
  deviation = jnp.sqrt(jnp.var(groups, axis=1) + 1e-8)  # its gradient at 0 would be infinite
  told = jnp.repeat(jnp.mean(deviation, axis=(1, 2, 3)), size)
  if len(told) > own:
    told = jax.lax.dynamic_slice_in_dim(told, jax.lax.axis_index(axis_name) * own, own)
  told = jnp.broadcast_to(told.astype(h.dtype).reshape(-1, 1, 1, 1), (*h.shape[:3], 1))
  return jnp.concatenate([h, told], axis=-1)
