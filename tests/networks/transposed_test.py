"""A transposed convolution is a product with the transpose of the convolution's matrix: the example of the lectures."""

import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.convolution import convolve, convolve_transpose

# "Generative adversarial networks", the kernel (1 4 1; 1 4 3; 3 3 1) over 4x4 pixels without padding: its transpose,
# 16x4, as printed.
MATRIX = np.array(
  [
    [1, 0, 0, 0],
    [4, 1, 0, 0],
    [1, 4, 0, 0],
    [0, 1, 0, 0],
    [1, 0, 1, 0],
    [4, 1, 4, 1],
    [3, 4, 1, 4],
    [0, 3, 0, 1],
    [3, 0, 1, 0],
    [3, 3, 4, 1],
    [1, 3, 3, 4],
    [0, 1, 0, 3],
    [0, 0, 3, 0],
    [0, 0, 3, 3],
    [0, 0, 1, 3],
    [0, 0, 0, 1],
  ],
  np.float32,
)
KERNEL = np.float32([[1, 4, 1], [1, 4, 3], [3, 3, 1]]).reshape(3, 3, 1, 1)


def test_the_lectures_example():
  x = jnp.array([[2.0, 1.0], [4.0, 4.0]]).reshape(1, 2, 2, 1)
  y = convolve_transpose(x, KERNEL, strides=(1, 1), padding='VALID')
  np.testing.assert_array_equal(y.reshape(16), [2, 9, 6, 1, 6, 29, 30, 7, 10, 29, 33, 13, 12, 24, 16, 4])


def test_its_matrix_is_the_printed_one_and_the_convolutions_is_the_transpose():
  units = jnp.eye(4).reshape(4, 2, 2, 1)
  columns = convolve_transpose(units, KERNEL, strides=(1, 1), padding='VALID').reshape(4, 16)
  np.testing.assert_array_equal(columns.T, MATRIX)
  units = jnp.eye(16).reshape(16, 4, 4, 1)
  columns = convolve(units, KERNEL, padding='VALID').reshape(16, 4)
  np.testing.assert_array_equal(columns.T, MATRIX.T)


@pytest.mark.parametrize('strides', [(1, 1), (2, 3)])
def test_without_padding_it_is_pytorchs(strides):
  torch = pytest.importorskip('torch')
  rng = np.random.default_rng(0)
  x, kernel = rng.normal(size=(2, 3, 4, 5)).astype('f'), rng.normal(size=(3, 4, 5, 6)).astype('f')
  expected = torch.nn.functional.conv_transpose2d(
    torch.tensor(x.transpose(0, 3, 1, 2)), torch.tensor(kernel.transpose(2, 3, 0, 1)), stride=strides
  )
  y = convolve_transpose(x, kernel, strides=strides, padding='VALID')
  np.testing.assert_allclose(y, expected.numpy().transpose(0, 2, 3, 1), rtol=1e-4, atol=1e-4)
