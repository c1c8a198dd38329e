import functools
from collections.abc import Callable

import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.autoencoder import Autoencoder, Reconstruction
from wgan_jax.networks.heads import Vector
from wgan_jax.networks.mlp import MlpCritic, MlpGenerator

KEY, LABEL = jax.random.key(0), jnp.array([1, 0, 1])
# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})
X = np.random.default_rng(0).normal(size=(3, 4, 4, 2)).astype(np.float32)


class Recording(nn.Module):
  """Its input times a factor; what else it was told is told on."""

  factor: float
  tell: Callable

  @nn.compact
  def __call__(self, x, label=None, *, train):
    self.tell((label, train))
    return self.factor * x


@pytest.mark.parametrize('label', [LABEL, None])
@pytest.mark.parametrize('train', [True, False])
def test_the_decoder_reads_the_code_and_both_are_told_the_label_and_whether_they_train(label, train):
  told = []
  seen = Autoencoder(Recording(2.0, told.append), Recording(5.0, told.append)).apply({}, X, label, train=train)
  assert isinstance(seen, Reconstruction)
  assert seen.input is X
  chex.assert_trees_all_close((seen.code, seen.output), (2 * X, 10 * X), rtol=1e-6)
  assert len(told) == 2 and all(a is label and b is train for a, b in told)


@pytest.fixture(scope='module')
def played():
  """(variables, reconstruction, gradient of its error) of two perceptrons."""
  critic = Autoencoder(MlpCritic(8, 1, head=functools.partial(Vector, size=5)), MlpGenerator((4, 4, 2), 8, 1))
  rng, shapes = np.random.default_rng(1), jax.eval_shape(lambda: critic.init(KEY, X, train=True))
  variables = jax.tree.map(lambda p: rng.normal(0, 0.3, p.shape).astype(np.float32), shapes)

  def loss(variables):
    seen = critic.apply(variables, X, train=True)
    return jnp.mean((seen.output - seen.input) ** 2), seen

  gradient, seen = quick(jax.grad(loss, has_aux=True))(variables)
  return variables, seen, gradient


def test_networks_of_any_kind_make_a_critic_that_reconstructs(played):
  variables, seen, _ = played
  chex.assert_shape(list(seen), [(3, 4, 4, 2), (3, 4, 4, 2), (3, 5)])
  assert set(variables['params']) == {'encoder', 'decoder'}
  first, second = (variables['params']['decoder'][f'Dense_{i}'] for i in range(2))
  h = np.maximum(np.asarray(seen.code) @ first['kernel'] + first['bias'], 0)
  expected = np.tanh(h @ second['kernel'] + second['bias']).reshape(3, 4, 4, 2)
  np.testing.assert_allclose(seen.output, expected, rtol=1e-4, atol=1e-5)


def test_a_loss_of_the_reconstruction_reaches_both_networks(played):
  assert all(jnp.max(jnp.abs(leaf)) > 1e-4 for leaf in jax.tree.leaves(played[2]))
