import jax
import numpy as np
import pytest

from wgan_jax.networks.inits import strided_he

# From tflib's formulas for a 5x5 kernel of 64 -> 128 channels: sqrt(4 / (fan_in + fan_out)), the strided side / 4.
CASES = [(1, 1, (4 / (1600 + 3200)) ** 0.5), (1, 2, (4 / (1600 + 800)) ** 0.5), (2, 1, (4 / (400 + 3200)) ** 0.5)]


@pytest.mark.parametrize('stride_in, stride_out, deviation', CASES)
def test_kernels_are_uniform_with_tflibs_deviation(stride_in, stride_out, deviation):
  kernel = np.asarray(strided_he(stride_in, stride_out)(jax.random.key(0), (5, 5, 64, 128)))
  np.testing.assert_allclose(kernel.std(), deviation, rtol=0.01)
  np.testing.assert_allclose([kernel.min(), kernel.max()], np.array([-1, 1]) * deviation * 3**0.5, rtol=0.01)
  np.testing.assert_allclose(kernel.mean(), 0, atol=0.01 * deviation)
