"""Spectral normalisation of one kernel, as a small layer of our own.

Flax's own does not serve here: its `init` overwrites the kernel by a normalised one, and it keeps its vectors among the
batch statistics, where moving averages and devices would average them.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp


def spectral_norm(
  module: nn.Module, kernel: jax.Array, *, train: bool, init_steps: int = 15, epsilon: float = 1e-12
) -> jax.Array:
  """The kernel divided by its largest singular value, estimated by power iteration.

  sigma = u^T W v with W = kernel reshaped to [out, -1]. A training forward advances v and then u by one step, through
  which no gradient flows, while sigma itself is differentiated with respect to the kernel. Without train, or where the
  collection 'spectral' is not mutable (a penalty's passes, sampling), both stay as they are.

  Miyato et al., "Spectral Normalization for Generative Adversarial Networks", Algorithm 1,
  https://arxiv.org/abs/1802.05957; so does torch.nn.utils.spectral_norm, while torch.nn.utils.parametrizations steps
  u before v.

  Args:
    module: the layer that owns the kernel; it gets variables 'u' [out] and 'v' [rest] in the collection 'spectral'.
    kernel: [..., out], as the initialiser drew it; conv [H, W, in, out], dense [in, out], embedding [n, out].
    init_steps: power steps at initialisation, which leave the kernel alone.
    epsilon: lower bound of a vector's norm, as in PyTorch.
  """
  matrix = kernel.reshape(-1, kernel.shape[-1]).T  # [out, in]
  fixed = jax.lax.stop_gradient(matrix)

  def initial_u():
    u = _normalise(jax.random.normal(module.make_rng('params'), matrix.shape[:1], matrix.dtype), epsilon)
    return jax.lax.fori_loop(0, init_steps, lambda _, u: _power_step(fixed, u, epsilon)[0], u)

  u = module.variable('spectral', 'u', initial_u)
  v = module.variable('spectral', 'v', lambda: _normalise(fixed.T @ u.value, epsilon))
  if train and not module.is_initializing() and module.is_mutable_collection('spectral'):
    u.value, v.value = _power_step(fixed, u.value, epsilon)
  sigma = jnp.vdot(u.value, matrix @ v.value)
  return kernel / sigma


def _power_step(matrix, u, epsilon):
  v = _normalise(matrix.T @ u, epsilon)
  return _normalise(matrix @ v, epsilon), v


def _normalise(x, epsilon):
  return x / jnp.maximum(jnp.linalg.norm(x), epsilon)
