import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import layers
from wgan_jax.networks.spectral import spectral_norm

KEY = jax.random.key(1)


class Normalised(nn.Module):
  """The kernel as a layer that owns it would use it."""

  @nn.compact
  def __call__(self, kernel, train=True):
    return spectral_norm(self, kernel, train=train)


def normalise(kernel, u, train=True, mutable=('spectral',)):
  """(kernel / sigma, u afterwards) from a u of our choice, since the initial one no longer moves much."""
  matrix = kernel.reshape(-1, kernel.shape[-1])
  vectors = {'u': u, 'v': matrix @ u / jnp.maximum(jnp.linalg.norm(matrix @ u), 1e-12)}
  y, moved = Normalised().apply({'spectral': vectors}, kernel, train, mutable=list(mutable))
  return y, moved.get('spectral', vectors)['u']


def draw(*shape):
  return jax.random.normal(KEY, shape), jnp.ones(shape[-1]) / np.sqrt(shape[-1])


def matrix(kernel):
  return np.asarray(kernel, np.float64).reshape(-1, kernel.shape[-1]).T


# Our kernel's shape, PyTorch's layer, how our axes make its weight, and where `out` is if PyTorch sees it elsewhere.
TORCH = {
  'conv': ((3, 3, 2, 4), lambda nn: nn.Conv2d(2, 4, 3), (3, 2, 0, 1), None),
  'transposed conv': ((3, 3, 2, 4), lambda nn: nn.ConvTranspose2d(2, 4, 3), (2, 3, 0, 1), None),
  'dense': ((5, 4), lambda nn: nn.Linear(5, 4), (1, 0), None),
  'embedding': ((5, 4), lambda nn: nn.Embedding(5, 4), (0, 1), 1),
}


@pytest.mark.parametrize('kind', TORCH)
@pytest.mark.parametrize('steps', [1, 3])
def test_kernel_vector_and_gradient_equal_pytorchs_after_as_many_steps(kind, steps):
  torch = pytest.importorskip('torch')
  shape, make, axes, dim = TORCH[kind]
  kernel, u = draw(*shape)
  weights = np.random.default_rng(0).normal(size=shape).astype(np.float32)
  # The older of PyTorch's two, which steps in the paper's order, v before u; the newer one ends on the next v.
  theirs = torch.nn.utils.spectral_norm(make(torch.nn), n_power_iterations=steps, dim=dim)
  theirs.weight_orig.data = torch.tensor(np.transpose(kernel, axes).copy())
  theirs.weight_u.data = torch.tensor(np.asarray(u))
  next(iter(theirs._forward_pre_hooks.values()))(theirs, None)
  (theirs.weight * torch.tensor(np.transpose(weights, axes).copy())).sum().backward()

  @jax.jit
  def ours(kernel, u):
    y, pull, u = jax.vjp(lambda kernel: normalise(kernel, u), kernel, has_aux=True)
    return y, pull(weights)[0], u

  for _ in range(steps):
    y, gradient, u = ours(kernel, u)
  np.testing.assert_allclose(u, theirs.weight_u.numpy(), rtol=1e-5, atol=1e-6)
  np.testing.assert_allclose(np.transpose(y, axes), theirs.weight.detach().numpy(), rtol=1e-5, atol=1e-6)
  np.testing.assert_allclose(np.transpose(gradient, axes), theirs.weight_orig.grad.numpy(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize('shape', [(3, 3, 2, 4), (5, 4), (4, 7)])
def test_after_many_steps_sigma_is_the_largest_singular_value(shape):
  kernel, u = draw(*shape)
  step = jax.jit(normalise)
  for _ in range(200):
    y, u = step(kernel, u)
  left, singular, _ = np.linalg.svd(matrix(kernel))
  np.testing.assert_allclose(y, kernel / singular[0], rtol=1e-5, atol=1e-6)
  assert abs(left[:, 0] @ np.asarray(u)) > 1 - 1e-5


def test_no_gradient_flows_through_the_power_iteration():
  # With u and v fixed, d sigma / d W = u v^T, so that the gradient of sum(R * W / sigma) has a closed form.
  kernel, u = draw(5, 4)
  weights = np.random.default_rng(0).normal(size=(5, 4))
  gradient = jax.grad(lambda kernel: jnp.sum(weights.astype(np.float32) * normalise(kernel, u)[0]))(kernel)
  w, u = np.asarray(kernel, np.float64).T, np.asarray(u, np.float64)
  v = w.T @ u / np.linalg.norm(w.T @ u)
  u = w @ v / np.linalg.norm(w @ v)
  sigma = u @ w @ v
  expected = weights.T / sigma - np.sum(weights.T * w) / sigma**2 * np.outer(u, v)
  np.testing.assert_allclose(gradient.T, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
  'layer, x',
  [(layers.Dense(4), jnp.ones((1, 5))), (layers.Conv(4), jnp.ones((1, 6, 6, 2))), (layers.Embed(5, 4), jnp.array([1]))],
)
def test_initialisation_leaves_the_kernel_as_it_was_drawn(layer, x):
  normalised = layer.clone(reparameterize=spectral_norm)
  chex.assert_trees_all_equal(normalised.init(KEY, x)['params'], layer.init(KEY, x)['params'])


def test_initialisation_brings_u_near_the_first_singular_vector():
  kernel, _ = draw(3, 3, 2, 8)
  u = np.asarray(Normalised().init(jax.random.key(2), kernel)['spectral']['u'])
  _, singular, _ = np.linalg.svd(matrix(kernel))
  np.testing.assert_allclose(np.linalg.norm(u), 1, rtol=1e-6)
  assert np.linalg.norm(matrix(kernel).T @ u) > 0.97 * singular[0] > np.linalg.norm(matrix(kernel).T @ np.eye(8)[0])


@pytest.mark.parametrize('train, mutable, moves', [(True, True, True), (True, False, False), (False, True, False)])
def test_u_moves_only_in_training_and_where_it_may(train, mutable, moves):
  kernel, u = draw(5, 4)
  _, after = normalise(kernel, u, train, ('spectral',) if mutable else ())
  change = jnp.max(jnp.abs(after - u))
  assert change > 1e-3 if moves else change == 0


def test_where_the_vectors_stay_sigma_is_what_they_and_the_kernel_of_now_say():
  torch = pytest.importorskip('torch')
  (kernel, u), later = draw(5, 4), jax.random.normal(jax.random.key(9), (5, 4))
  theirs = torch.nn.utils.spectral_norm(torch.nn.Linear(5, 4))
  theirs.weight_orig.data, theirs.weight_u.data = torch.tensor(np.asarray(kernel.T)), torch.tensor(np.asarray(u))
  theirs(torch.zeros(1, 5))
  vectors = {'u': u, 'v': jnp.zeros(5)}
  _, moved = Normalised().apply({'spectral': vectors}, kernel, True, mutable=['spectral'])
  theirs.eval()
  theirs.weight_orig.data = torch.tensor(np.asarray(later.T))
  theirs(torch.zeros(1, 5))
  ours = Normalised().apply(moved, later, False)
  np.testing.assert_allclose(ours.T, theirs.weight.detach().numpy(), rtol=1e-5, atol=1e-6)


def test_a_kernel_of_zeros_leaves_u_finite():
  _, u = normalise(jnp.zeros((5, 4)), jnp.ones(4) / 2)
  assert jnp.all(jnp.isfinite(u))
