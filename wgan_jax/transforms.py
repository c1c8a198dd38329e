"""What is done to gradients and to weights apart from descending, as optax transforms."""

from collections.abc import Sequence

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


def orthogonal_regularization(beta: float, exempt: Sequence[str] = ('shared',)) -> optax.GradientTransformation:
  """Adds the gradient of beta |W^T W * (1 - I)|_F^2 for every kernel: columns are drawn apart, their lengths are free.

  W is a parameter called 'kernel', reshaped to [in, out], and * is elementwise. The gradient is
  4 beta W (W^T W * (1 - I)); https://github.com/ajbrock/BigGAN-PyTorch adds 2 beta W (W^T W * (1 - I)) and calls that
  beta, so its 1e-4 is 5e-5 here. Being a part of the gradient, it comes first in a chain, and it needs the parameters:
  `tx.update(grads, state, params)`.

  Brock et al., "Large Scale GAN Training for High Fidelity Natural Image Synthesis", Eq. 3,
  https://arxiv.org/abs/1809.11096.

  Args:
    beta: weight (1e-4 in the paper), positive.
    exempt: names of modules whose kernels are left alone: the embedding that all of BigGAN's blocks share. Of any other
      embedding [n, features] it is the features that are drawn apart.

  Raises:
    ValueError: when `beta` is not positive, or when `update` is called without params.
  """
  if not isinstance(beta, jax.core.Tracer) and not beta > 0:
    raise ValueError(f'orthogonal_regularization needs a positive beta, not {beta}')

  def add(path, gradient, parameter):
    names = [getattr(step, 'key', None) for step in path]
    if names[-1:] != ['kernel'] or not {*exempt}.isdisjoint(names):
      return gradient
    w = parameter.reshape(-1, parameter.shape[-1])
    gram = w.T @ w
    others = gram - jnp.diag(jnp.diag(gram))
    return gradient + 4 * beta * (w @ others).reshape(parameter.shape)

  def update(updates, state, params=None):
    if params is None:
      raise ValueError('orthogonal_regularization needs the parameters: call update(grads, state, params)')
    return jax.tree_util.tree_map_with_path(add, updates, params), state

  return optax.GradientTransformation(lambda params: optax.EmptyState(), update)
