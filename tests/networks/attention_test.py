import functools

import chex
import jax
import numpy as np
import pytest

from wgan_jax.networks import layers
from wgan_jax.networks.attention import SelfAttention
from wgan_jax.networks.spectral import spectral_norm

KEY = jax.random.key(0)
X = jax.random.normal(KEY, (2, 4, 6, 16))


def test_attention_begins_as_the_identity():
  y, variables = SelfAttention().init_with_output(KEY, X)
  chex.assert_trees_all_equal(y, X)
  assert variables['params']['gamma'] == 0


def test_attention_is_the_papers_written_out():
  torch = pytest.importorskip('torch')
  variables = SelfAttention().init(KEY, X)
  params = variables['params'] | {'gamma': np.float32(0.7)}
  y = SelfAttention().apply({'params': params}, X)
  x = torch.tensor(np.asarray(X)).permute(0, 3, 1, 2)

  def project(name, x):
    return torch.nn.functional.conv2d(x, torch.tensor(np.asarray(params[name]['kernel'])).permute(3, 2, 0, 1))

  def pooled(name):
    return torch.nn.functional.max_pool2d(project(name, x), 2).flatten(2)

  query, key, value = project('query', x).flatten(2), pooled('key'), pooled('value')
  chex.assert_shape([query, key, value], [(2, 2, 24), (2, 2, 6), (2, 8, 6)])
  weights = torch.softmax(torch.bmm(query.transpose(1, 2), key), -1)
  attended = torch.bmm(value, weights.transpose(1, 2)).reshape(2, 8, 4, 6)
  expected = (x + 0.7 * project('output', attended)).permute(0, 2, 3, 1).numpy()
  np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


def test_every_kernel_has_its_spectral_norm():
  conv = functools.partial(layers.Conv, reparameterize=spectral_norm)
  variables = jax.eval_shape(SelfAttention(conv).init, KEY, X)
  assert set(variables['spectral']) == {'query', 'key', 'value', 'output'}
  assert {name: set(layer) for name, layer in variables['params'].items() if name != 'gamma'} == {
    name: {'kernel'} for name in variables['spectral']
  }
