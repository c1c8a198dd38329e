"""What keeps a critic smooth, by its gradient or by its answers, instead of clipping its weights.

A Penalty is a pure function `(critic_fn, real, fake, key) -> [B]` of any critic `x -> logits [B]`, one number per
sample, weight included. It knows neither Flax nor the range of the data. `key` is one key, or typed keys `[B]`, one per
sample. Most of them are a cost of the critic's gradient at certain points: real samples, generated ones, or between.
"""

from collections.abc import Callable

import chex
import jax
import jax.numpy as jnp

from wgan_jax.axis import gathered
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
  return _norm_penalty(interpolate, weight, sided, target, epsilon)


def lipschitz_penalty(weight: float = 10.0, target: float = 1.0) -> Penalty:
  """WGAN-LP's penalty, the one-sided of `gradient_penalty`: weight * max(0, |grad f(x_hat)| - target)^2.

  Petzka et al., "On the regularization of Wasserstein GANs", https://arxiv.org/abs/1709.08894.
  """
  return gradient_penalty(weight, 'one', target)


def uniform_noise(key: jax.Array, shape: tuple[int, ...]) -> jax.Array:
  """alpha u: one alpha ~ U(0, 1) for all, u ~ U(0, 1) for each number, as in DRAGAN's code."""
  alpha_key, noise_key = jax.random.split(key)
  return jax.random.uniform(alpha_key) * jax.random.uniform(noise_key, shape)


def dragan(
  weight: float = 10.0,
  scale: float = 0.5,
  target: float = 1.0,
  axis_name: str | None = None,
  noise: Callable = uniform_noise,
) -> Penalty:
  """DRAGAN's penalty around the data, which needs no generated sample.

  weight * (|grad D(x_hat)| - target)^2 at x_hat = x + scale * std * noise, std being the standard deviation of all
  numbers of the global batch.

  Kodali et al., "On Convergence and Stability of GANs", https://arxiv.org/abs/1705.07215, whose noise is
  normal; that of the authors' code, https://github.com/kodalinaveen3/DRAGAN, is `uniform_noise`.

  Args:
    weight: lambda; 10 in the code. scale: 0.5 there. target: the norm asked for.
    axis_name: the mapped axis that cuts the batch over devices.
    noise: (key, shape) -> noise of a sample, `uniform_noise` or `jax.random.normal`.
  """

  def around(real, fake, key):
    del fake
    spread = scale * jnp.std(gathered(real, axis_name))
    return real + spread * jax.vmap(lambda k: noise(k, real.shape[1:]))(per_sample(key, real.shape[0]))

  return _norm_penalty(around, weight, 'two', target)


def r1(gamma: float = 10.0) -> Penalty:
  """Zero-centred on real samples: gamma / 2 * |grad D(x)|^2.

  Mescheder et al., "Which Training Methods for GANs do actually Converge?", Eq. 9, https://arxiv.org/abs/1801.04406.
  """
  return _square_penalty(lambda real, fake, key: real, gamma / 2)


def r2(gamma: float = 10.0) -> Penalty:
  """Zero-centred on generated samples: gamma / 2 * |grad D(G(z))|^2. Mescheder et al., Eq. 10, as `r1`."""
  return _square_penalty(lambda real, fake, key: fake, gamma / 2)


def zero_centered(weight: float = 10.0) -> Penalty:
  """Zero-centred between real and generated samples: weight * |grad D(x_hat)|^2, x_hat as in `gradient_penalty`.

  Thanh-Tung et al., "Improving Generalization and Stability of GANs", https://arxiv.org/abs/1902.03984.
  """
  return _square_penalty(interpolate, weight)


def consistency(weight: float = 10.0, *, augment: Callable) -> Penalty:
  """Consistency regularisation: weight * (D(x) - D(augment(x)))^2 on real samples.

  Zhang et al., "Consistency Regularization for GANs", https://arxiv.org/abs/1910.12027.

  Args:
    weight: lambda; 10 in the paper.
    augment: (x [B, ...], keys [B]) -> x, what the critic should not mind.
  """

  def penalty(critic_fn, real, fake, key):
    del fake
    other = augment(real, per_sample(key, real.shape[0]))
    return weight * (_logits(critic_fn, real) - _logits(critic_fn, other)) ** 2

  return penalty


def drift(weight: float = 1e-3) -> Penalty:
  """Keeps logits from drifting away together, which no Wasserstein loss sees: weight * D(x)^2 on real samples.

  Karras et al., "Progressive Growing of GANs", appendix A.1, https://arxiv.org/abs/1710.10196.

  weight: epsilon_drift of the paper.
  """
  return lambda critic_fn, real, fake, key: weight * _logits(critic_fn, real) ** 2


def total(*penalties: Penalty) -> Penalty:
  """The sum of penalties, e.g. R3GAN's `total(r1(gamma), r2(gamma))`; each draws from keys of its own."""

  def penalty(critic_fn, real, fake, key):
    keys = per_sample(key, real.shape[0])
    owns = [jax.vmap(jax.random.fold_in, (0, None))(keys, i) for i in range(len(penalties))]
    return sum(p(critic_fn, real, fake, own) for p, own in zip(penalties, owns, strict=True))

  return penalty


def interpolate(real: jax.Array, fake: jax.Array, key: jax.Array) -> jax.Array:
  """A uniformly drawn point between each real sample and its fake partner, shaped like them."""
  chex.assert_equal_shape([real, fake])
  alpha = jax.vmap(lambda k: jax.random.uniform(k, dtype=real.dtype))(per_sample(key, real.shape[0]))
  alpha = alpha.reshape((-1,) + (1,) * (real.ndim - 1))
  return alpha * real + (1 - alpha) * fake


def gradient_square(critic_fn: CriticFn, x: jax.Array) -> jax.Array:
  """|grad f|^2 at each sample of x, `[B]`, over all non-batch axes.

  The gradient of the sum of the logits holds each sample's own gradient, since sample i alone moves logit i; a critic
  that couples its samples (batch statistics in training mode) breaks this, and is not a function of one sample anyway.
  """
  gradient = jax.grad(lambda points: jnp.sum(_logits(critic_fn, points)))(x)
  return jnp.sum(gradient.reshape(x.shape[0], -1) ** 2, axis=1)


def gradient_norm(critic_fn: CriticFn, x: jax.Array, epsilon: float = 1e-12) -> jax.Array:
  """|grad f| at each sample of x, `[B]`; epsilon stands under the root."""
  return jnp.sqrt(gradient_square(critic_fn, x) + epsilon)


def _norm_penalty(points, weight, sided, target, epsilon=1e-12):
  if sided not in _DEVIATION:
    raise ValueError(f"sided must be 'one' or 'two', not {sided!r}")
  deviation = _DEVIATION[sided]

  def penalty(critic_fn: CriticFn, real: jax.Array, fake: jax.Array, key: jax.Array) -> jax.Array:
    return weight * deviation(gradient_norm(critic_fn, points(real, fake, key), epsilon), target) ** 2

  return penalty


def _square_penalty(points, weight):
  return lambda critic_fn, real, fake, key: weight * gradient_square(critic_fn, points(real, fake, key))


def _logits(critic_fn: CriticFn, x: jax.Array) -> jax.Array:
  logits = critic_fn(x)
  chex.assert_shape(logits, (x.shape[0],))
  return logits
