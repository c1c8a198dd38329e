"""Optimisers in PyTorch are not optax's by default: these are the settings, and the schedules, that make them one."""

import jax
import numpy as np
import optax
import pytest

from experiments import mnist_wgan, toy_wgan_gp
from wgan_jax import build

torch = pytest.importorskip('torch')


def test_rmsprop_walks_as_pytorchs_does():
  # From 1e-9, where epsilon rules and its place shows, to 1. In float64, for the formula alone is in question.
  gradients = np.random.default_rng(0).normal(size=(20, 12)) * np.logspace(-9, 0, 12)
  theirs = torch.zeros(12, dtype=torch.float64, requires_grad=True)
  optimizer = torch.optim.RMSprop([theirs], lr=5e-5, alpha=0.99, eps=1e-8)
  with jax.enable_x64(True):
    ours = jax.numpy.zeros(12, 'float64')
    tx = build.build_play(mnist_wgan.get_config(), (28, 28, 1)).optimizers['generator_loss']
    state = tx.init(ours)
    for gradient in gradients:
      updates, state = tx.update(jax.numpy.asarray(gradient), state)
      ours = optax.apply_updates(ours, updates)
      theirs.grad = torch.from_numpy(gradient)
      optimizer.step()
      np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-6)


def test_adam_walks_as_pytorchs_does_whose_rate_and_b2_take_half_a_cosine():
  gradients = np.random.default_rng(0).normal(size=(12, 5))
  theirs = torch.zeros(5, dtype=torch.float64, requires_grad=True)
  optimizer = torch.optim.Adam([theirs], lr=1.0, betas=(0.0, 0.9), eps=1e-8)
  config = toy_wgan_gp.get_config()
  config.optimizer.critic_loss.update(learning_rate=2e-4, last_rate=5e-5, b1=0.0, b2=0.9, last_b2=0.99, decay='cosine')
  config.optimizer.critic_loss.decay_updates = 8
  with jax.enable_x64(True):
    ours = jax.numpy.zeros(5, 'float64')
    tx = build.build_play(config, (2,)).optimizers['critic_loss']
    state = tx.init(ours)
    for i, gradient in enumerate(gradients):
      updates, state = tx.update(jax.numpy.asarray(gradient), state)
      ours = optax.apply_updates(ours, updates)
      share = (1 - np.cos(np.pi * min(i / 8, 1))) / 2
      group = optimizer.param_groups[0]
      group['lr'], group['betas'] = 2e-4 - 1.5e-4 * share, (0.0, 0.9 + 0.09 * share)
      theirs.grad = torch.from_numpy(gradient)
      optimizer.step()
      np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize('decay, half', [('linear', 0.55), ('cosine', 0.55), ('constant', 1.0)])
def test_a_rate_ends_at_its_floor_after_so_many_updates(decay, half):
  config = toy_wgan_gp.get_config()
  config.optimizer.generator_loss.update(learning_rate=1.0, last_rate=0.1, decay=decay, decay_updates=4, name='sgd')
  tx = build.build_play(config, (2,)).optimizers['generator_loss']
  one = jax.numpy.ones(())
  state, rates = tx.init(one), []
  for _ in range(7):
    update, state = tx.update(one, state)
    rates.append(-float(update))
  last = 1.0 if decay == 'constant' else 0.1
  np.testing.assert_allclose([rates[i] for i in (0, 2, 4, 6)], [1.0, half, last, last], rtol=1e-6)
