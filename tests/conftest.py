"""What tests share: eight devices on a CPU, quick compilation, strict ranks, a cache folder of their own, and a
tiny game to play.
"""

import os
import tempfile

# All of this is read once, when jax is imported. Tests compile much and compute little, so XLA is told not to optimise,
# which makes it ten times as fast here. NPROC gives XLA's pool threads enough for eight devices on few cores,
# without which collectives that wait for one another deadlock.
FLAGS = '--xla_force_host_platform_device_count=8', '--xla_backend_optimization_level=0'
FLAGS += '--xla_llvm_disable_expensive_passes=true', '--xla_cpu_use_fusion_emitters=false'
os.environ['XLA_FLAGS'] = ' '.join([os.environ.get('XLA_FLAGS', ''), *FLAGS])
os.environ['NPROC'] = '32'
os.environ.setdefault('JAX_PLATFORMS', 'cpu')
_cache = tempfile.TemporaryDirectory(prefix='wgan_jax-tests-')
os.environ['XDG_CACHE_HOME'] = _cache.name

import flax.linen as nn  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402
import pytest  # noqa: E402

from wgan_jax import Adversarial, Play, gradient_penalty, initial_state, priors, wasserstein  # noqa: E402
from wgan_jax.networks import layers, norms  # noqa: E402
from wgan_jax.networks.spectral import spectral_norm  # noqa: E402

jax.config.update('jax_numpy_rank_promotion', 'raise')


def pytest_unconfigure():
  _cache.cleanup()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
  """One worker runs a file, whose tests share what they compile; of the contract, a case."""
  for item in items:
    case = item.callspec.id if item.path.stem == 'contract_test' and hasattr(item, 'callspec') else ''
    item.add_marker(pytest.mark.xdist_group(f'{item.path}{case}'))


class TinyGenerator(nn.Module):
  """z [B, dim] -> points [B, 2], with batch statistics.

  No bias before them: its gradient would be rounding noise, of which Adam makes steps of full length.
  """

  @nn.compact
  def __call__(self, z, label=None, *, train):
    h = norms.BatchNorm()(layers.Dense(8, use_bias=False)(z), label, train=train)
    return layers.Dense(2)(jax.nn.relu(h))


class TinyCritic(nn.Module):
  """points [B, 2] -> logits [B], with batch statistics and spectral vectors."""

  @nn.compact
  def __call__(self, x, label=None, *, train):
    h = jax.nn.tanh(layers.Dense(8, reparameterize=spectral_norm, train=train)(x))
    h = norms.BatchNorm()(h, label, train=train)
    return layers.Dense(1, reparameterize=spectral_norm, train=train)(jax.nn.tanh(h))[:, 0]


@pytest.fixture(scope='session')
def make_play():
  """make(optimizer, ema_decay, ema_start, **fields of the game) -> Play of a tiny WGAN-GP on points."""

  def make(optimizer=None, ema_decay=0.9, ema_start=0, **differences):
    fields = dict(
      generator=TinyGenerator(),
      critic=TinyCritic(),
      prior=priors.normal(3),
      objective=wasserstein(),
      penalty=gradient_penalty(),
      n_critic=2,
    )
    game = Adversarial(**{**fields, **differences})
    optimizers = {turn.loss: optimizer or optax.adam(1e-2) for turn in game.turns}
    return Play(game, optimizers, ema_decay=ema_decay, ema_start=ema_start)

  return make


@pytest.fixture(scope='session')
def make_feed():
  """make(*leading axes) -> {'image': points [*leading axes, 2]}, a minibatch where the last of them is B."""

  def make(*shape, seed=0):
    return {'image': np.random.default_rng(seed).normal(1.0, 0.5, (*shape, 2)).astype(np.float32)}

  return make


@pytest.fixture(scope='session')
def begin():
  """begin(play, batch) -> a state whose spectral vectors still have to turn, which initialisation makes converge."""

  def turned(u):
    return jnp.ones(u.shape) / jnp.sqrt(u.size)

  def begin(play, batch, seed=0):
    state = jax.jit(lambda batch, key: initial_state(play, batch, key))(batch, jax.random.key(seed))
    spectral = {k: jax.tree.map(turned, tree) for k, tree in state.collections.items() if k == 'spectral'}
    return state.replace(collections={**state.collections, **spectral})

  return begin


@pytest.fixture(scope='session')
def make_tiny():
  """make(experiment, steps) -> its config, so small that a run takes seconds; there are two checkpoints in the end."""

  def make(experiment, steps):
    config = experiment.get_config()
    config.data.batch_size = 16
    config.generator.update(width=16, depth=2)
    config.critic.update(width=16, depth=1)
    config.train.update(steps=steps, rounds_per_dispatch=2, devices=1)
    config.log.update(samples_every_steps=steps, n_samples=10, n_classifier=100, n_critic_w1=16)
    config.checkpoint.update(every_steps=steps // 2, keep=2)
    return config

  return make
