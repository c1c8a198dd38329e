import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import layers
from wgan_jax.networks.inits import ORTHOGONAL, strided_he

# From tflib's formulas for a 5x5 kernel of 64 -> 128 channels: sqrt(4 / (fan_in + fan_out)), the strided side / 4, and
# sqrt(2 / ...) where no ReLU comes before.
CASES = [
  (1, 1, 2.0, (4 / (1600 + 3200)) ** 0.5),
  (1, 2, 2.0, (4 / (1600 + 800)) ** 0.5),
  (2, 1, 2.0, (4 / (400 + 3200)) ** 0.5),
  (1, 2, 1.0, (2 / (1600 + 800)) ** 0.5),
]


@pytest.mark.parametrize('stride_in, stride_out, gain, deviation', CASES)
def test_kernels_are_uniform_with_tflibs_deviation(stride_in, stride_out, gain, deviation):
  kernel = np.asarray(strided_he(stride_in, stride_out, gain)(jax.random.key(0), (5, 5, 64, 128)))
  np.testing.assert_allclose(kernel.std(), deviation, rtol=0.01)
  np.testing.assert_allclose([kernel.min(), kernel.max()], np.array([-1, 1]) * deviation * 3**0.5, rtol=0.01)
  np.testing.assert_allclose(kernel.mean(), 0, atol=0.01 * deviation)


def off_orthonormal(kernel):
  """How far the columns of a kernel as [in, out] are from orthonormal, or the rows where those are fewer."""
  w = np.float64(kernel).reshape(-1, kernel.shape[-1])
  gram = w.T @ w if w.shape[0] >= w.shape[1] else w @ w.T
  return np.abs(gram - np.eye(len(gram))).max()


LAYERS = {  # more inputs than outputs, then fewer
  'conv in': (layers.Conv(8, (3, 3), **ORTHOGONAL.conv), (1, 4, 4, 5)),
  'conv out': (layers.Conv(40, (3, 3), **ORTHOGONAL.conv), (1, 4, 4, 2)),
  'dense in': (layers.Dense(5, **ORTHOGONAL.dense), (1, 9)),
  'dense out': (layers.Dense(9, **ORTHOGONAL.dense), (1, 5)),
  'embed in': (layers.Embed(9, 5, **ORTHOGONAL.embed), (1,)),
  'embed out': (layers.Embed(5, 9, **ORTHOGONAL.embed), (1,)),
}


@pytest.mark.parametrize('layer, shape', LAYERS.values(), ids=LAYERS)
def test_orthogonal_kernels_are_orthonormal_on_their_smaller_side(layer, shape):
  kernel = layer.init(jax.random.key(0), jnp.zeros(shape, jnp.int32 if len(shape) == 1 else None))['params']['kernel']
  assert off_orthonormal(kernel) < 1e-5


@pytest.mark.parametrize('out, into', [(8, 5), (40, 2)])
def test_pytorchs_orthogonal_kernels_are_so_on_the_same_side(out, into):
  torch = pytest.importorskip('torch')
  kernel = torch.nn.init.orthogonal_(torch.empty(out, into, 3, 3)).numpy().transpose(2, 3, 1, 0)
  assert off_orthonormal(kernel) < 1e-5
