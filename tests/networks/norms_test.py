import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import norms

X = 2 + 3 * jax.random.normal(jax.random.key(0), (6, 4, 5, 3))
SCALE, BIAS = np.float32([1, -2, 0.5]), np.float32([0.3, 0, -1])


def channels_first(x, torch):
  return torch.tensor(np.moveaxis(np.asarray(x), -1, 1))


@pytest.fixture
def batch_norms():
  """(ours, its variables, PyTorch's) with the same scale and shift."""
  torch = pytest.importorskip('torch')
  ours, theirs = norms.BatchNorm(), torch.nn.BatchNorm2d(3)
  variables = ours.init(jax.random.key(0), X, train=True)
  theirs.weight.data, theirs.bias.data = torch.tensor(SCALE), torch.tensor(BIAS)
  return ours, {**variables, 'params': {'BatchNorm_0': {'scale': SCALE, 'bias': BIAS}}}, theirs


def test_batch_norm_trains_as_pytorchs(batch_norms):
  torch = pytest.importorskip('torch')
  ours, variables, theirs = batch_norms
  y, moved = ours.apply(variables, X, train=True, mutable=['batch_stats'])
  expected = theirs(channels_first(X, torch)).detach().numpy()
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected, rtol=1e-4, atol=1e-5)
  statistics = moved['batch_stats']['BatchNorm_0']
  np.testing.assert_allclose(statistics['mean'], theirs.running_mean.numpy(), rtol=1e-5)
  # PyTorch's running variance is the unbiased one, of n samples: Flax's is n - 1 of n parts of it.
  n = X.size // 3
  np.testing.assert_allclose(statistics['var'], 0.9 + (theirs.running_var.numpy() - 0.9) * (n - 1) / n, rtol=1e-5)


def test_batch_norm_evaluates_as_pytorchs(batch_norms):
  torch = pytest.importorskip('torch')
  ours, variables, theirs = batch_norms
  mean, var = np.float32([1, -1, 2]), np.float32([0.5, 4, 1e-4])
  theirs.running_mean.data, theirs.running_var.data = torch.tensor(mean), torch.tensor(var)
  variables = {**variables, 'batch_stats': {'BatchNorm_0': {'mean': mean, 'var': var}}}
  y, moved = ours.apply(variables, X, train=False, mutable=['batch_stats'])
  expected = theirs.eval()(channels_first(X, torch)).detach().numpy()
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected, rtol=1e-4, atol=1e-5)
  chex.assert_trees_all_equal(moved['batch_stats'], variables['batch_stats'])


def test_batch_norm_over_devices_sees_the_whole_batch():
  variables = norms.BatchNorm().init(jax.random.key(0), X, train=True)
  whole, moved = norms.BatchNorm().apply(variables, X, train=True, mutable=['batch_stats'])

  def part(x):
    return norms.BatchNorm(axis_name='batch').apply(variables, x, train=True, mutable=['batch_stats'])

  parts, moved_parts = jax.vmap(part, axis_name='batch')(X.reshape(3, 2, *X.shape[1:]))
  chex.assert_trees_all_close(parts.reshape(X.shape), whole, rtol=1e-4, atol=1e-5)
  chex.assert_trees_all_close(jax.tree.map(lambda x: x[0], moved_parts), moved, rtol=1e-5)


def test_layer_norm_is_pytorchs_over_all_axes_with_scale_and_shift_per_channel():
  torch = pytest.importorskip('torch')
  x = channels_first(X, torch)
  expected = torch.nn.functional.layer_norm(x, x.shape[1:], eps=1e-5).numpy() * SCALE.reshape(3, 1, 1)
  y = norms.LayerNorm().apply({'params': {'LayerNorm_0': {'scale': SCALE, 'bias': BIAS}}}, X, train=True)
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected + BIAS.reshape(3, 1, 1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize('norm, coupled', [(norms.BatchNorm, True), (norms.LayerNorm, False), (norms.NoNorm, False)])
def test_only_batch_norm_couples_samples(norm, coupled):
  variables = norm().init(jax.random.key(0), X, train=True)

  def first(x):
    return norm().apply(variables, x, train=True, mutable=['batch_stats'])[0][0]

  change = jnp.max(jnp.abs(first(X) - first(X.at[1:].add(1.0))))
  assert (change > 0.1) == coupled and (coupled or change == 0)


def test_no_norm_is_the_identity():
  chex.assert_trees_all_equal(norms.NoNorm().apply({}, X, train=True), X)
