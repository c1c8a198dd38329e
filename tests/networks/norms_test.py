import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import norms

X = 2 + 3 * jax.random.normal(jax.random.key(0), (6, 4, 5, 3))
SCALE, BIAS = np.float32([1, -2, 0.5]), np.float32([0.3, 0, -1])
LABEL = np.array([2, 0, 2, 2, 0, 2])  # of four classes, two of which are absent
RNG = np.random.default_rng(1)
SCALES, SHIFTS = (RNG.normal(size=(4, 3)).astype(np.float32) for _ in range(2))


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


@pytest.mark.parametrize('make', [norms.BatchNorm, functools.partial(norms.ConditionalBatchNorm, 4)])
def test_batch_norm_over_devices_sees_the_whole_batch(make):
  variables = make().init(jax.random.key(0), X, LABEL, train=True)
  whole, moved = make().apply(variables, X, LABEL, train=True, mutable=['batch_stats'])

  def part(x, label):
    return make(axis_name='batch').apply(variables, x, label, train=True, mutable=['batch_stats'])

  parts, moved_parts = jax.vmap(part, axis_name='batch')(X.reshape(3, 2, *X.shape[1:]), LABEL.reshape(3, 2))
  chex.assert_trees_all_close(parts.reshape(X.shape), whole, rtol=1e-4, atol=1e-5)
  chex.assert_trees_all_close(jax.tree.map(lambda x: x[0], moved_parts), moved, rtol=1e-5)


def conditional(x, label, mean=(0, 0, 0), var=(1, 1, 1), train=True, scale=SCALES, bias=SHIFTS):
  """(output, running statistics afterwards) of a conditional batch normalisation."""
  statistics = {'BatchNorm_0': {'mean': jnp.float32(mean), 'var': jnp.float32(var)}}
  variables = {'params': {'scale': scale, 'bias': bias}, 'batch_stats': statistics}
  y, moved = norms.ConditionalBatchNorm(4).apply(variables, x, label, train=train, mutable=['batch_stats'])
  return y, moved['batch_stats']['BatchNorm_0']


@pytest.mark.parametrize('axes', [(0, 1, 2), (0,)])
def test_conditional_batch_norm_scales_and_shifts_by_class_what_the_whole_batch_normalises(axes):
  x = X if len(axes) == 3 else X[:, 0, 0]
  y, _ = conditional(x, LABEL)
  plain = np.asarray(x, np.float64)
  plain = (plain - plain.mean(axes)) / np.sqrt(plain.var(axes) + 1e-5)
  for label in (0, 2):
    expected = plain[label == LABEL] * SCALES[label] + SHIFTS[label]
    np.testing.assert_allclose(y[label == LABEL], expected, rtol=1e-4, atol=1e-5)


def test_conditional_batch_norm_begins_as_plain_batch_norm_with_a_pair_for_each_class():
  variables = norms.ConditionalBatchNorm(4).init(jax.random.key(0), X, LABEL, train=True)
  expected = {'scale': jnp.ones((4, 3)), 'bias': jnp.zeros((4, 3))}
  chex.assert_trees_all_equal(variables['params'], expected)
  y, _ = conditional(X, LABEL, **expected)
  same = norms.BatchNorm().init_with_output(jax.random.key(0), X, train=True)[0]
  chex.assert_trees_all_close(y, same, rtol=1e-5, atol=1e-6)


@pytest.fixture
def pytorchs_conditional():
  """(batch norm without scale and shift, embedding of scales, embedding of shifts) -> a function (x, label)."""
  torch = pytest.importorskip('torch')
  norm = torch.nn.BatchNorm2d(3, affine=False)
  scales, shifts = (torch.nn.Embedding.from_pretrained(torch.tensor(x), freeze=False) for x in (SCALES, SHIFTS))

  def apply(x, label):
    return norm(x) * scales(label)[:, :, None, None] + shifts(label)[:, :, None, None]

  return norm, scales, shifts, apply


def test_conditional_batch_norm_trains_as_pytorchs_with_embeddings(pytorchs_conditional):
  torch = pytest.importorskip('torch')
  norm, scales, shifts, apply = pytorchs_conditional
  weights = RNG.normal(size=X.shape).astype(np.float32)

  def weighted(scale, bias):
    y, statistics = conditional(X, LABEL, scale=scale, bias=bias)
    return jnp.sum(weights * y), (y, statistics)

  gradients, (y, statistics) = jax.grad(weighted, (0, 1), has_aux=True)(SCALES, SHIFTS)
  expected = apply(channels_first(X, torch), torch.tensor(LABEL))
  (channels_first(weights, torch) * expected).sum().backward()
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected.detach().numpy(), rtol=1e-4, atol=1e-5)
  np.testing.assert_allclose(statistics['mean'], norm.running_mean.numpy(), rtol=1e-5)
  n = X.size // 3
  np.testing.assert_allclose(statistics['var'], 0.9 + (norm.running_var.numpy() - 0.9) * (n - 1) / n, rtol=1e-5)
  for ours, theirs in zip(gradients, (scales, shifts), strict=True):
    np.testing.assert_allclose(ours, theirs.weight.grad.numpy(), rtol=1e-4, atol=1e-4)
    rows = np.abs(ours).max(1)
    assert (rows[[1, 3]] == 0).all() and (rows[[0, 2]] > 0.1).all()


def test_conditional_batch_norm_evaluates_as_pytorchs_with_embeddings(pytorchs_conditional):
  torch = pytest.importorskip('torch')
  norm, *_, apply = pytorchs_conditional
  mean, var = np.float32([1, -1, 2]), np.float32([0.5, 4, 1e-4])
  norm.running_mean.data, norm.running_var.data = torch.tensor(mean), torch.tensor(var)
  norm.eval()
  y, statistics = conditional(X, LABEL, mean, var, train=False)
  expected = apply(channels_first(X, torch), torch.tensor(LABEL)).detach().numpy()
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected, rtol=1e-4, atol=1e-4)
  chex.assert_trees_all_equal(statistics, {'mean': mean, 'var': var})


def test_instance_norm_is_pytorchs():
  torch = pytest.importorskip('torch')
  expected = torch.nn.functional.instance_norm(channels_first(X, torch), eps=1e-5).numpy()
  y, variables = norms.InstanceNorm().init_with_output(jax.random.key(0), X, train=True)
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected, rtol=1e-4, atol=1e-5)
  assert not variables


def test_layer_norm_is_pytorchs_over_all_axes_with_scale_and_shift_per_channel():
  torch = pytest.importorskip('torch')
  x = channels_first(X, torch)
  expected = torch.nn.functional.layer_norm(x, x.shape[1:], eps=1e-5).numpy() * SCALE.reshape(3, 1, 1)
  y = norms.LayerNorm().apply({'params': {'LayerNorm_0': {'scale': SCALE, 'bias': BIAS}}}, X, train=True)
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected + BIAS.reshape(3, 1, 1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
  'norm, coupled',
  [
    (norms.BatchNorm, True),
    (lambda: norms.ConditionalBatchNorm(4), True),
    (norms.InstanceNorm, False),
    (norms.LayerNorm, False),
    (norms.NoNorm, False),
  ],
)
def test_only_batch_norm_couples_samples(norm, coupled):
  variables = norm().init(jax.random.key(0), X, LABEL, train=True)

  def first(x):
    return norm().apply(variables, x, LABEL, train=True, mutable=['batch_stats'])[0][0]

  change = jnp.max(jnp.abs(first(X) - first(X.at[1:].add(1.0))))
  assert (change > 0.1) == coupled and (coupled or change == 0)


def test_no_norm_is_the_identity():
  chex.assert_trees_all_equal(norms.NoNorm().apply({}, X, train=True), X)
