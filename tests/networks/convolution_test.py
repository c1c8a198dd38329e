"""Against XLA's own convolution and PyTorch's, derivatives of both orders included."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from wgan_jax.networks.convolution import convolve, convolve_mean_pool, convolve_transpose, upsample_convolve

# (B, H, W, in, out, kernel's height, width, strides, padding)
CASES = {
  'few_out': (4, 8, 6, 12, 3, 3, 3, (1, 1), 'SAME'),
  'one_by_one_strided': (3, 5, 4, 5, 12, 1, 1, (2, 2), 'SAME'),
  'odd_strided': (2, 8, 8, 12, 10, 5, 5, (2, 2), 'SAME'),
  'odd_size': (3, 7, 7, 12, 10, 5, 4, (2, 2), 'SAME'),
  'uneven': (2, 9, 7, 12, 10, 3, 5, (3, 2), ((2, 0), (1, 3))),
  'wide_padding': (2, 3, 3, 12, 10, 3, 3, (1, 1), ((4, 3), (3, 4))),
  'smaller_than_window': (3, 2, 4, 12, 10, 3, 5, (1, 1), 'SAME'),
  'smaller_than_window_strided': (3, 2, 3, 12, 10, 5, 5, (2, 2), 'SAME'),
  'stride_beyond_window': (2, 8, 8, 12, 10, 2, 2, (3, 3), 'VALID'),
  'chunks': (6, 32, 32, 12, 10, 3, 3, (1, 1), 'SAME'),
  'prime_batch_few_in': (5, 33, 32, 3, 4, 5, 5, (2, 2), 'SAME'),
}
DIMENSIONS = ('NHWC', 'HWIO', 'NHWC')


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request):
  """(ours, XLA's own, x, kernel)."""
  b, h, w, n_in, n_out, kh, kw, strides, padding = request.param

  def ours(x, kernel):
    return convolve(x, kernel, strides=strides, padding=padding)

  def xla(x, kernel):
    return lax.conv_general_dilated(x, kernel, strides, padding, dimension_numbers=DIMENSIONS)

  return ours, xla, normal(b, h, w, n_in), normal(kh, kw, n_in, n_out, seed=1) / np.sqrt(kh * kw * n_in)


def normal(*shape, seed=0):
  return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def weighted(y):
  """A scalar in which every output counts differently and which is no quadratic form of them."""
  return jnp.sum(jnp.tanh(y) * jnp.cos(jnp.arange(y.size, dtype=y.dtype)).reshape(y.shape))


def loss_and_penalty(op):
  """(x, kernel) -> ((a loss plus a gradient penalty, op's output), the loss's gradients by both)."""

  def loss(x, kernel):
    y, pullback = jax.vjp(lambda x: op(x, kernel), x)
    (gradient,) = pullback(jax.grad(weighted)(y))
    norms = jnp.sqrt(jnp.sum(gradient**2, axis=(1, 2, 3)) + 1e-12)
    return weighted(y) + jnp.sum((norms - 1) ** 2), y

  return jax.jit(jax.value_and_grad(loss, (0, 1), has_aux=True))


def assert_close(actual, expected, tolerance=2e-5):
  """Each leaf within a fraction of the expected leaf's largest entry."""
  for a, b in zip(jax.tree.leaves(actual), jax.tree.leaves(expected), strict=True):
    assert a.shape == b.shape
    np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * (1 + np.abs(b).max()))


def test_convolve_its_gradients_and_a_penaltys_are_xlas(case):
  ours, xla, x, kernel = case
  assert_close(loss_and_penalty(ours)(x, kernel), loss_and_penalty(xla)(x, kernel))


def test_third_derivatives_are_xlas():
  x, kernel = normal(2, 6, 6, 3), normal(4, 4, 3, 4, seed=1) / 7

  def derived(strided):
    def differentiated(function, argument):
      return lambda x, kernel: weighted(jax.grad(function, argument)(x, kernel))

    scalar = functools.reduce(differentiated, (1, 0, 1), lambda x, kernel: weighted(strided(x, kernel)))
    return jax.jit(scalar)(x, kernel)

  expected = derived(lambda x, k: lax.conv_general_dilated(x, k, (2, 2), 'SAME', dimension_numbers=DIMENSIONS))
  assert_close(derived(lambda x, k: convolve(x, k, strides=(2, 2))), expected, 1e-4)


@pytest.mark.parametrize('size, window, stride', [(4, 5, 2), (4, 4, 2), (7, 3, 2), (4, 2, 2), (3, 3, 1), (2, 1, 2)])
def test_convolve_transpose_is_lax_conv_transpose_of_the_turned_kernel(size, window, stride):
  x, kernel = normal(2, size, size, 5), normal(window, window, 5, 4, seed=1)
  strides = (stride, stride)
  y = convolve_transpose(x, kernel, strides=strides)
  assert y.shape == (2, size * stride, size * stride, 4)
  expected = lax.conv_transpose(x, kernel[::-1, ::-1], strides, 'SAME', dimension_numbers=DIMENSIONS)
  assert_close(y, expected)


@pytest.mark.parametrize('window, strides', [((5, 5), (2, 2)), ((4, 3), (2, 1)), ((3, 3), (3, 3))])
def test_convolve_transpose_is_the_transpose(window, strides):
  kernel = normal(*window, 6, 5, seed=1)
  x, y = normal(2, 4 * strides[0], 4 * strides[1], 6), normal(2, 4, 4, 5, seed=2)
  image = convolve_transpose(y, kernel.swapaxes(2, 3), strides=strides)
  np.testing.assert_allclose(np.vdot(convolve(x, kernel, strides=strides), y), np.vdot(x, image), rtol=1e-4)


def test_convolve_transpose_refuses_a_padding_that_leads_elsewhere():
  with pytest.raises(ValueError, match='makes'):
    convolve_transpose(normal(1, 4, 4, 2), normal(5, 5, 2, 2), strides=(2, 2), padding=((0, 0), (0, 0)))


def pooled(x, kernel):
  y = lax.conv_general_dilated(x, kernel, (1, 1), 'SAME', dimension_numbers=DIMENSIONS)
  b, h, w, c = y.shape
  return y.reshape(b, h // 2, 2, w // 2, 2, c).mean((2, 4))


def upsampled(x, kernel):
  x = x.repeat(2, axis=1).repeat(2, axis=2)
  return lax.conv_general_dilated(x, kernel, (1, 1), 'SAME', dimension_numbers=DIMENSIONS)


@pytest.mark.parametrize('window', [(3, 3), (1, 1), (2, 5)])
@pytest.mark.parametrize('ours, steps', [(convolve_mean_pool, pooled), (upsample_convolve, upsampled)])
def test_resampled_convolutions_are_their_two_steps(ours, steps, window):
  x, kernel = normal(2, 6, 4, 5), normal(*window, 5, 4, seed=1) / np.sqrt(5 * window[0] * window[1])
  assert_close(loss_and_penalty(ours)(x, kernel), loss_and_penalty(steps)(x, kernel))


def test_pytorch_gives_the_same_double_backward():
  torch = pytest.importorskip('torch')
  x, kernel = normal(3, 8, 8, 4), normal(5, 5, 4, 6, seed=1) / 10

  def loss(x, kernel):
    gradient = jax.grad(lambda x: jnp.sum(jnp.tanh(convolve(x, kernel, strides=(2, 2), padding=((2, 2), (2, 2))))))(x)
    return jnp.sum(gradient**2)

  expected = jax.grad(loss, (0, 1))(x, kernel)
  tx = torch.tensor(x.transpose(0, 3, 1, 2), requires_grad=True)
  tk = torch.tensor(kernel.transpose(3, 2, 0, 1), requires_grad=True)
  y = torch.nn.functional.conv2d(tx, tk, stride=2, padding=2).tanh().sum()
  (gradient,) = torch.autograd.grad(y, tx, create_graph=True)
  (gradient**2).sum().backward()
  assert_close((tx.grad.numpy().transpose(0, 2, 3, 1), tk.grad.numpy().transpose(2, 3, 1, 0)), expected)


def test_pytorchs_transposed_convolution_is_ours_but_for_the_padding():
  torch = pytest.importorskip('torch')
  x, kernel = normal(2, 4, 4, 5), normal(4, 4, 5, 3, seed=1)
  y = torch.nn.functional.conv_transpose2d(
    torch.tensor(x.transpose(0, 3, 1, 2)), torch.tensor(kernel.transpose(2, 3, 0, 1)), stride=2, padding=1
  )
  assert_close(y.numpy().transpose(0, 2, 3, 1), convolve_transpose(x, kernel, strides=(2, 2)))


def value_and_gradients(op):
  return jax.value_and_grad(lambda x, kernel: weighted(op(x, kernel)), (0, 1))


def test_every_transformation_of_jax_gives_what_a_plain_call_gives():
  x, kernels = normal(2, 6, 6, 4), normal(3, 4, 4, 4, 5, seed=1) / 8
  op = functools.partial(convolve, strides=(2, 2))
  gradient, plain = value_and_gradients(op), jax.jit(value_and_gradients(op))
  expected = jax.tree.map(lambda *leaves: jnp.stack(leaves), *[plain(x, kernel) for kernel in kernels])
  xs = jnp.broadcast_to(x, (3, *x.shape))
  assert_close(jax.jit(jax.vmap(gradient, (None, 0)))(x, kernels), expected)
  assert_close(jax.jit(jax.vmap(gradient))(xs, kernels), expected)
  assert_close(jax.pmap(gradient)(xs, kernels), expected)
  assert_close(lax.scan(lambda carry, kernel: (carry, gradient(x, kernel)), 0, kernels)[1], expected)
  saved = jax.jit(value_and_gradients(jax.checkpoint(op)))
  assert_close(saved(x, kernels[0]), plain(x, kernels[0]))
  assert jax.eval_shape(gradient, x, kernels[0])[1][1].shape == kernels[0].shape


def test_a_penalty_may_be_vmapped_over_kernels_and_taken_in_a_while_loop():
  x, kernels = normal(2, 6, 6, 4), normal(2, 3, 3, 4, 5, seed=1) / 8
  gradient = loss_and_penalty(convolve)
  expected = [gradient(x, kernel)[1][1] for kernel in kernels]
  assert_close(jax.vmap(gradient, (None, 0))(x, kernels)[1][1], jnp.stack(expected))

  def body(carry):
    return carry[0] + 1, gradient(x, jnp.asarray(kernels)[carry[0]])[1][1]

  looped = lax.while_loop(lambda carry: carry[0] < 2, body, (0, jnp.zeros(kernels.shape[1:])))
  assert_close(looped[1], expected[1])


def test_bfloat16_stays_bfloat16_and_adds_up_in_float32():
  x, kernel = jnp.ones((64, 16, 16, 16), jnp.bfloat16), jnp.zeros((3, 3, 16, 16), jnp.bfloat16)

  @jax.jit
  def run(x, kernel):
    y, pullback = jax.vjp(convolve, x, kernel)
    return y, *pullback(jnp.ones(y.shape, y.dtype))

  y, *gradients = run(x, kernel)
  assert {a.dtype for a in (y, *gradients)} == {jnp.dtype(jnp.bfloat16)}
  np.testing.assert_allclose(gradients[1][1, 1].astype(np.float32), 64 * 16 * 16, rtol=0.01)
