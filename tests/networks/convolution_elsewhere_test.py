"""The branch that GPUs and TPUs take: XLA's own convolutions."""

import functools

import chex
import jax
import numpy as np
import pytest
from jax import export, lax

from wgan_jax.networks.convolution import convolve, convolve_mean_pool, convolve_transpose, upsample_convolve

OPERATIONS = {
  'plain': convolve,
  'strided': functools.partial(convolve, strides=(2, 2)),
  'transposed': functools.partial(convolve_transpose, strides=(2, 2)),
  'pooled': convolve_mean_pool,
  'upsampled': upsample_convolve,
}


def penalised(operation, x, kernel):
  """A value whose derivative by the kernel takes every primitive, as a gradient penalty's does."""
  gradient = jax.grad(lambda x: (operation(x, kernel) ** 3).sum())(x)
  return (gradient**2).sum()


@pytest.fixture
def operands():
  rng = np.random.default_rng(0)
  return rng.normal(size=(2, 6, 6, 3)).astype(np.float32), rng.normal(size=(3, 3, 3, 4)).astype(np.float32)


@pytest.mark.parametrize('name', OPERATIONS)
def test_both_branches_agree_up_to_second_derivatives(name, operands, monkeypatch):
  everything = jax.value_and_grad(functools.partial(penalised, OPERATIONS[name]), argnums=(0, 1))
  ours = everything(*operands)
  jax.clear_caches()
  monkeypatch.setattr(lax, 'platform_dependent', lambda *operands, cpu, default: default(*operands))
  chex.assert_trees_all_close(everything(*operands), ours, rtol=1e-3, atol=1.0)  # values reach 1e5


@pytest.mark.parametrize('platform', ['cuda', 'tpu'])
def test_there_no_loop_over_chunks_is_left(operands, platform):
  gradient = jax.jit(jax.grad(functools.partial(penalised, convolve), argnums=1))
  program = export.export(gradient, platforms=[platform])(*operands).mlir_module()
  assert 'stablehlo.convolution' in program
  assert 'stablehlo.while' not in program and 'optimization_barrier' not in program
