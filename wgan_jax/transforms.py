"""Weight clipping as an optax transform."""

import jax
import jax.numpy as jnp
import optax


def clip_weights(limit: float) -> optax.GradientTransformation:
  """Keeps every parameter inside [-limit, limit] by shortening its update.

  WGAN's way to a Lipschitz critic: w <- clip(w + update, -c, c), on all parameters, biases and norm scales included.
  In a chain it has to be the last one, and it needs the parameters: `tx.update(grads, state, params)`. Since the
  update is added by `optax.apply_updates`, a weight may end outside of the limit by the rounding of that addition.

  Arjovsky et al., "Wasserstein GAN", Algorithm 1, https://arxiv.org/abs/1701.07875.

  Args:
    limit: c of the paper (0.01 there), positive.

  Raises:
    ValueError: when `limit` is not positive, or when `update` is called without params.
  """
  if not isinstance(limit, jax.core.Tracer) and not limit > 0:
    raise ValueError(f'clip_weights needs a positive limit, not {limit}')

  def update(updates, state, params=None):
    if params is None:
      raise ValueError('clip_weights needs the parameters: call update(grads, state, params)')
    return jax.tree.map(lambda u, p: jnp.clip(p + u, -limit, limit) - p, updates, params), state

  return optax.GradientTransformation(lambda params: optax.EmptyState(), update)
