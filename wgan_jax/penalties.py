"""Gradient penalties: what keeps a critic Lipschitz without clipping it.

A Penalty is a pure function `(critic_fn, real, fake, key) -> [B]` of any critic `x -> logits [B]`, one number per
sample, weight included. It knows neither Flax nor the range of the data.
"""

from collections.abc import Callable

import chex
import jax
import jax.numpy as jnp

from wgan_jax.keys import per_sample

CriticFn = Callable[[jax.Array], jax.Array]
Penalty = Callable[[CriticFn, jax.Array, jax.Array, jax.Array], jax.Array]

_DEVIATION = {
  'two': lambda norm, target: norm - target,
  'one': lambda norm, target: jax.nn.relu(norm - target),
}


def no_penalty() -> Penalty:
  """Zero for every sample: the critic is kept Lipschitz in another way, or not at all."""
  return lambda critic_fn, real, fake, key: jnp.zeros(real.shape[0])


def gradient_penalty(weight: float = 10.0, sided: str = 'two', target: float = 1.0, epsilon: float = 1e-12) -> Penalty:
  """WGAN-GP's penalty on straight lines between real and generated samples.

  weight * (|grad f(x_hat)| - target)^2, with x_hat = alpha * real + (1 - alpha) * fake and one alpha ~ U(0, 1) per
  sample; one-sided, weight * max(0, |grad f(x_hat)| - target)^2. The norm runs over all axes but the first.

  Gulrajani et al., "Improved Training of Wasserstein GANs", Eq. 3 and section 4, https://arxiv.org/abs/1704.00028.

  Args:
    weight: lambda of the paper; 10 for images, 0.1 for points in the plane.
    sided: 'two' pulls the norm to the target from both sides, 'one' only from above.
    target: the norm asked for.
    epsilon: added under the root, whose own gradient is infinite at 0.

  Raises:
    ValueError: when `sided` is neither 'one' nor 'two'.
  """
  if sided not in _DEVIATION:
    raise ValueError(f"sided must be 'one' or 'two', not {sided!r}")
  deviation = _DEVIATION[sided]

  def penalty(critic_fn: CriticFn, real: jax.Array, fake: jax.Array, key: jax.Array) -> jax.Array:
    """`key` is one key, or typed keys `[B]`, one per sample."""
    points = interpolate(real, fake, key)
    return weight * deviation(gradient_norm(critic_fn, points, epsilon), target) ** 2

  return penalty


def interpolate(real: jax.Array, fake: jax.Array, key: jax.Array) -> jax.Array:
  """A uniformly drawn point between each real sample and its fake partner, shaped like them."""
  chex.assert_equal_shape([real, fake])
  alpha = jax.vmap(lambda k: jax.random.uniform(k, dtype=real.dtype))(per_sample(key, real.shape[0]))
  alpha = alpha.reshape((-1,) + (1,) * (real.ndim - 1))
  return alpha * real + (1 - alpha) * fake


def gradient_norm(critic_fn: CriticFn, x: jax.Array, epsilon: float = 1e-12) -> jax.Array:
  """|grad f| at each sample of x, `[B]`, over all non-batch axes.

  The gradient of the sum of the logits holds each sample's own gradient, since sample i alone moves logit i; a critic
  that couples its samples (batch statistics in training mode) breaks this, and is not a function of one sample anyway.
  """
  gradient = jax.grad(lambda points: jnp.sum(_logits(critic_fn, points)))(x)
  return jnp.sqrt(jnp.sum(gradient.reshape(x.shape[0], -1) ** 2, axis=1) + epsilon)


def _logits(critic_fn: CriticFn, x: jax.Array) -> jax.Array:
  logits = critic_fn(x)
  chex.assert_shape(logits, (x.shape[0],))
  return logits
