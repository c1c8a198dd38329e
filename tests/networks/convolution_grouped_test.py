"""The grouped convolution against XLA's own and PyTorch's, derivatives of both orders included, and its layer."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import export, lax

from wgan_jax.networks import layers
from wgan_jax.networks.convolution import convolve, convolve_grouped


def normal(*shape, seed=0):
  return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def value_and_gradients(operation, x, kernel):
  """Of a gradient's square, so that second derivatives are in it."""

  def loss(x, kernel):
    y, pull = jax.vjp(lambda x: operation(x, kernel), x)
    return jnp.sum(pull(jnp.cos(y))[0] ** 2)

  return jax.jit(jax.value_and_grad(loss, (0, 1)))(x, kernel)


def assert_close(found, expected):
  for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
    np.testing.assert_allclose(a, b, rtol=0, atol=2e-5 * (1 + np.abs(b).max()))


@pytest.mark.parametrize('groups, n_in, n_out, window', [(3, 6, 12, (3, 3)), (4, 4, 8, (3, 1)), (1, 5, 4, (2, 3))])
def test_value_and_second_derivatives_are_xlas(groups, n_in, n_out, window):
  x, kernel = normal(2, 5, 4, n_in), normal(*window, n_in // groups, n_out, seed=1) / 3

  def xla(x, kernel):
    dimensions = ('NHWC', 'HWIO', 'NHWC')
    return lax.conv_general_dilated(x, kernel, (1, 1), 'SAME', dimension_numbers=dimensions, feature_group_count=groups)

  assert_close(convolve_grouped(x, kernel), xla(x, kernel))
  assert_close(value_and_gradients(convolve_grouped, x, kernel), value_and_gradients(xla, x, kernel))


def test_pytorch_gives_the_same_double_backward():
  torch = pytest.importorskip('torch')
  x, kernel = normal(2, 6, 6, 8), normal(3, 3, 2, 12, seed=1) / 4
  tx = torch.tensor(x.transpose(0, 3, 1, 2), requires_grad=True)
  tk = torch.tensor(kernel.transpose(3, 2, 0, 1), requires_grad=True)
  y = torch.nn.functional.conv2d(tx, tk, padding=1, groups=4)
  (gradient,) = torch.autograd.grad(y.sin().sum(), tx, create_graph=True)
  loss = (gradient**2).sum()
  loss.backward()
  gradients = tx.grad.numpy().transpose(0, 2, 3, 1), tk.grad.numpy().transpose(2, 3, 1, 0)
  assert_close(value_and_gradients(convolve_grouped, x, kernel), (loss.detach().numpy(), gradients))


def test_on_an_accelerator_it_is_one_convolution_of_groups():
  program = export.export(jax.jit(convolve_grouped), platforms=['cuda'])(normal(2, 6, 6, 8), normal(3, 3, 2, 12))
  assert program.mlir_module().count('stablehlo.convolution') == 1
  assert 'feature_group_count = 4' in program.mlir_module()


@pytest.mark.parametrize('shape', [(3, 3, 3, 8), (3, 3, 2, 6)])
def test_channels_that_make_no_groups_are_refused(shape):
  with pytest.raises(ValueError, match='in groups of'):
    convolve_grouped(normal(1, 4, 4, 8), normal(*shape))


def test_a_layer_of_groups_has_a_kernel_as_deep_as_a_group():
  x = normal(2, 4, 4, 8)
  layer = layers.Conv(12, op=convolve_grouped, groups=4)
  y, variables = layer.init_with_output(jax.random.key(0), x)
  kernel = variables['params']['kernel']
  assert kernel.shape == (3, 3, 2, 12)
  parts = [convolve(x[..., 2 * i : 2 * i + 2], kernel[..., 3 * i : 3 * i + 3]) for i in range(4)]
  assert_close(y, jnp.concatenate(parts, axis=-1))
