import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.biggan_deep import BigganDeepCritic, BigganDeepGenerator, BottleneckDown, BottleneckUp
from wgan_jax.networks.conditional import Shared
from wgan_jax.networks.plans import BIGGAN_DEEP, Plan

KEY = jax.random.key(0)
X = jax.random.normal(KEY, (2, 4, 6, 8))


def count(network, x):
  shapes = jax.eval_shape(lambda: network.init(KEY, x, jnp.zeros(1, int), train=True))
  return sum(leaf.size for leaf in jax.tree.leaves(shapes['params']))


# Counted from BigGANdeep.py of https://github.com/ajbrock/BigGAN-PyTorch: 128 channels, z and embedding of 128 numbers,
# 1,000 classes, attention on 64x64 where there is such a map.
@pytest.mark.parametrize(
  'size, generator, critic',
  [
    (32, 7_561_987, 3_088_129),
    (64, 49_501_955, 20_869_633),
    (128, 50_244_484, 34_590_210),
    (256, 55_736_708, 38_247_426),
  ],
)
def test_the_pair_has_as_many_parameters_as_the_public_code(size, generator, critic):
  plan, attention = BIGGAN_DEEP[size], 64 if size > 64 else 0
  ours = BigganDeepGenerator((size, size, 3), 128, plan, attention, norm=norms.ModulatedBatchNorm)
  assert count(Shared(ours, 1000, 128), jnp.zeros((1, 128))) == generator
  head = functools.partial(heads.Projection, embed=functools.partial(layers.Embed, 1000))
  ours = BigganDeepCritic(128, plan=plan, attention=attention, head=head)
  assert count(ours, jnp.zeros((1, size, size, 3))) == critic


def written_out(params, resample, down):
  """The block on PyTorch's layers, without norms."""
  torch = pytest.importorskip('torch')
  relu, pool = torch.nn.functional.relu, functools.partial(torch.nn.functional.avg_pool2d, kernel_size=2)
  up = functools.partial(torch.nn.functional.interpolate, scale_factor=2)

  def conv(i, h):
    kernel, bias = (torch.tensor(np.asarray(params[f'Conv_{i}'][name])) for name in ('kernel', 'bias'))
    return torch.nn.functional.conv2d(h, kernel.permute(3, 2, 0, 1), bias, padding='same')

  h = x = torch.tensor(np.asarray(X)).permute(0, 3, 1, 2)
  h = conv(0, relu(h))
  h = relu(up(h) if resample and not down else h)
  h = relu(conv(2, relu(conv(1, h))))
  h = conv(3, pool(h) if resample and down else h)
  if down:
    x = pool(x) if resample else x
    return h + torch.cat([x, conv(4, x)], 1) if 'Conv_4' in params else h + x
  x = x[:, : h.shape[1]]
  return h + (up(x) if resample else x)


@pytest.mark.parametrize('resample', [False, True])
@pytest.mark.parametrize(
  'block, width', [(BottleneckUp, 5), (BottleneckUp, 8), (BottleneckDown, 8), (BottleneckDown, 12)]
)
def test_a_block_is_its_layers_written_out(block, width, resample):
  network = block(width, layers.Conv, norms.NoNorm, train=True, resample=resample)
  params = network.init(KEY, X)['params']
  params = jax.tree.map(lambda p: p + 0.1 * jax.random.normal(jax.random.key(p.size), p.shape), params)
  expected = written_out(params, resample, block is BottleneckDown).permute(0, 2, 3, 1).numpy()
  np.testing.assert_allclose(network.apply({'params': params}, X), expected, rtol=1e-4, atol=1e-5)


def test_the_first_layer_and_every_block_are_told_the_embedding_and_the_whole_of_z():
  plan = Plan((2, 1), (1, 2), 1)
  network = Shared(BigganDeepGenerator((4, 4, 1), 4, plan, norm=norms.ModulatedBatchNorm), 3, 5)
  images, variables = network.init_with_output(KEY, jnp.ones((2, 6)), jnp.array([0, 2]), train=True)
  assert images.shape == (2, 4, 4, 1)
  inner = variables['params']['network']
  told = [
    inner['Dense_0'],
    inner['block0_0']['ModulatedBatchNorm_0']['scale'],
    inner['block0_1']['ModulatedBatchNorm_3']['bias'],
  ]
  assert [layer['kernel'].shape[0] for layer in told] == [11, 11, 11]
