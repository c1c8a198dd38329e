"""WGAN's optimiser in PyTorch is not optax's by default: these are the settings that make them one."""

import jax
import numpy as np
import optax
import pytest

from experiments import mnist_wgan
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
