"""What the convolutions keep (precision) and what they refuse."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import cpu_convolution
from wgan_jax.networks.convolution import convolve, convolve_mean_pool
from wgan_jax.networks.cpu_convolution import Geometry


def test_in_float64_the_kernel_gradient_has_that_precision():
  rng = np.random.default_rng(0)
  with jax.enable_x64(True):
    x, kernel, y = (jnp.asarray(rng.normal(size=s)) for s in [(3, 8, 8, 4), (3, 3, 4, 5), (3, 8, 8, 5)])
    gradient = np.asarray(jax.jit(jax.grad(lambda kernel: jnp.sum(convolve(x, kernel) * y)))(kernel))
  padded = np.pad(np.asarray(x), ((0, 0), (1, 1), (1, 1), (0, 0)))
  for i, j in np.ndindex(3, 3):
    expected = np.einsum('bhwi,bhwo->io', padded[:, i : i + 8, j : j + 8], np.asarray(y))
    np.testing.assert_allclose(gradient[i, j], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize('stride', [1, 2])
def test_on_a_cpu_no_image_is_smaller_than_the_window(stride):
  geometry = Geometry((stride, stride), ((2, 2), (2, 2)), (2, 3), (5, 5))
  op = jax.jit(lambda x, kernel: cpu_convolution.convolve(geometry, x, kernel))
  program = op.lower(jnp.ones((2, 2, 3, 4)), jnp.ones((5, 5, 4, 6))).as_text()
  # The image has its padding already, and no pass of the compiler may take it back.
  assert re.search(r'optimization_barrier .*tensor<2x6x7x4xf32>', program)
  assert re.search(r'convolution.*pad = \[\[0, 0\], \[0, 0\]\]', program)


@pytest.mark.parametrize('side', [1, 3])
def test_pooling_odd_sides_is_an_error(side):
  with pytest.raises(ValueError, match='pooling 2x2 needs even sides, not 7x8'):
    convolve_mean_pool(jnp.ones((1, 7, 8, 2)), jnp.ones((side, side, 2, 2)))
