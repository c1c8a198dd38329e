"""Each block against PyTorch's layers on the same weights, with the pooling and the upsampling written out."""

import functools

import jax
import numpy as np
import pytest

from wgan_jax.networks import blocks, layers, norms

torch = pytest.importorskip('torch')
functional = torch.nn.functional

X = jax.random.normal(jax.random.key(0), (2, 4, 6, 3))
NORM = norms.NoNorm


def convolve(params, i, h):
  layer = params[f'Conv_{i}']
  kernel = torch.tensor(np.asarray(layer['kernel'])).permute(3, 2, 0, 1)
  return functional.conv2d(h, kernel, torch.tensor(np.asarray(layer['bias'])), padding='same')


relu, pool = functional.relu, functools.partial(functional.avg_pool2d, kernel_size=2)
upsample = functools.partial(functional.interpolate, scale_factor=2, mode='nearest')

WRITTEN_OUT = {
  'UpBlock': lambda c, x: c(1, relu(c(0, upsample(relu(x))))) + c(2, upsample(x)),
  'DownBlock': lambda c, x: pool(c(1, relu(c(0, relu(x))))) + pool(c(2, x)),
  'FirstBlock': lambda c, x: pool(c(1, relu(c(0, x)))) + pool(c(2, x)),
  'Block': lambda c, x: x + c(1, relu(c(0, relu(x)))),
}


@pytest.mark.parametrize('name', WRITTEN_OUT)
def test_a_block_is_its_layers_written_out(name):
  width = 3 if name == 'Block' else 5
  if name == 'FirstBlock':
    block, options = blocks.FirstBlock(width, layers.Conv), {}
  else:
    block, options = getattr(blocks, name)(width, layers.Conv, NORM, train=True), {}
  params = block.init(jax.random.key(1), X, **options)['params']
  # Biases begin as zeros, which would hide where they are added.
  params = jax.tree.map(lambda p: p + 0.1 * jax.random.normal(jax.random.key(p.size), p.shape), params)
  y = block.apply({'params': params}, X, **options)
  x = torch.tensor(np.asarray(X)).permute(0, 3, 1, 2)
  expected = WRITTEN_OUT[name](functools.partial(convolve, params), x).permute(0, 2, 3, 1).numpy()
  np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
  'name, i, gain', [('DownBlock', 0, 2), ('DownBlock', 2, 1), ('UpBlock', 1, 2), ('Block', 1, 2)]
)
def test_kernels_have_glorots_variance_doubled_on_the_residual_branch(name, i, gain):
  x = jax.ShapeDtypeStruct((1, 4, 4, 64), 'float32')
  block = getattr(blocks, name)(64, layers.Conv, NORM, train=True)
  draw = jax.jit(lambda key: block.init(key, np.zeros(x.shape, x.dtype))['params'][f'Conv_{i}']['kernel'])
  kernel = draw(jax.random.key(0))
  fans = kernel.shape[0] * kernel.shape[1] * (64 + 64)
  np.testing.assert_allclose(np.var(kernel), gain * 2 / fans, rtol=0.05)
