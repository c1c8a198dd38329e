"""Norms that are told a vector, and those of groups and of pixels."""

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import norms

RNG = np.random.default_rng(0)
X = (2 + 3 * RNG.normal(size=(6, 4, 5, 8))).astype('f')
CONDITION = RNG.normal(size=(6, 3)).astype('f')
SCALE, SHIFT = (RNG.normal(size=(3, 8)).astype('f') for _ in range(2))


def normalized(x):
  return (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 1e-5)


def test_modulation_is_one_plus_a_product_times_what_is_normalised_plus_another():
  network = norms.ModulatedBatchNorm()
  variables = network.init(jax.random.key(0), X, CONDITION, train=True)
  chex.assert_trees_all_equal_shapes(variables['params'], {'scale': {'kernel': SCALE}, 'bias': {'kernel': SHIFT}})
  variables = {**variables, 'params': {'scale': {'kernel': SCALE}, 'bias': {'kernel': SHIFT}}}
  y, _ = network.apply(variables, X, CONDITION, train=True, mutable=['batch_stats'])
  scale, shift = ((CONDITION @ matrix)[:, None, None] for matrix in (SCALE, SHIFT))
  np.testing.assert_allclose(y, (1 + scale) * normalized(X) + shift, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize('network', [norms.ModulatedBatchNorm(), norms.ConditionalBatchNorm(4)])
def test_without_a_label_both_are_plain_batch_normalisation(network):
  y, variables = network.init_with_output(jax.random.key(0), X, train=True)
  np.testing.assert_allclose(y, normalized(X), rtol=1e-4, atol=1e-4)
  assert [leaf.shape for leaf in jax.tree.leaves(variables['params'])] == [(8,), (8,)]


def test_a_mixture_of_labels_has_the_mixture_of_their_scales_and_shifts():
  network = norms.ConditionalBatchNorm(4)
  variables = network.init(jax.random.key(0), X, np.zeros(6, int), train=True)
  table = RNG.normal(size=(2, 4, 8)).astype('f')
  variables = {**variables, 'params': {'scale': table[0], 'bias': table[1]}}
  one, other, half = (
    network.apply(variables, X, label, train=False)
    for label in (np.full(6, 1), np.full(6, 3), np.tile(np.float32([0, 0.25, 0, 0.75]), (6, 1)))
  )
  np.testing.assert_allclose(half, 0.25 * one + 0.75 * other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize('groups, effective', [(4, 4), (32, 8), (6, 2)])
def test_groups_are_normalised_as_by_pytorch(groups, effective):
  torch = pytest.importorskip('torch')
  network = norms.GroupNorm(groups)
  variables = network.init(jax.random.key(0), X, train=True)
  params = {'GroupNorm_0': {'scale': SCALE[0], 'bias': SHIFT[0]}}
  chex.assert_trees_all_equal_shapes(variables['params'], params)
  y = network.apply({'params': params}, X, train=True)
  expected = torch.nn.functional.group_norm(
    torch.tensor(np.moveaxis(X, -1, 1)), effective, torch.tensor(SCALE[0]), torch.tensor(SHIFT[0])
  )
  np.testing.assert_allclose(np.moveaxis(y, -1, 1), expected.numpy(), rtol=1e-4, atol=1e-4)


def test_pixels_have_a_mean_square_of_one():
  y = norms.PixelNorm().apply({}, X, train=True)
  np.testing.assert_allclose(y, X / np.sqrt(np.mean(X**2, axis=-1, keepdims=True) + 1e-8), rtol=1e-5)


@pytest.mark.parametrize('make', [norms.BatchNorm, norms.LayerNorm, norms.GroupNorm, norms.PixelNorm])
def test_norms_compute_in_float32_and_return_what_they_were_given(make):
  x = jnp.asarray(X, jnp.bfloat16)
  y, variables = make().init_with_output(jax.random.key(0), x, train=True)
  assert y.dtype == jnp.bfloat16
  assert {leaf.dtype for leaf in jax.tree.leaves(variables)} <= {jnp.dtype('float32')}
  expected = make().init_with_output(jax.random.key(0), x.astype('float32'), train=True)[0]
  chex.assert_trees_all_equal(y, expected.astype(jnp.bfloat16))
