"""The same rounds as a plain eager PyTorch loop. It keeps no moving averages, which ours does."""

import os

import torch
import torch.nn.functional as F

from experiments.benchmarks.jax_rounds import N_CRITIC, Round
from experiments.benchmarks.torch_networks import NETWORKS

PENALTY = {'dcgan': 10.0, 'resnet': 10.0, 'sngan': 0.0, 'toy512': 0.1, 'toy64': 0.1}


def torch_round(name: str, kind: Round, rounds: int):
  """() -> None, plays so many rounds; warm already."""
  torch.set_num_threads(len(os.sched_getaffinity(0)))
  torch.manual_seed(0)
  generator, critic = (network.to(memory_format=torch.channels_last) for network in NETWORKS[name]())
  options = dict(lr=1e-4, betas=(0.5, 0.9))
  optimizers = torch.optim.Adam(generator.parameters(), **options), torch.optim.Adam(critic.parameters(), **options)
  shape = (kind.shape[-1], *kind.shape[:-1])
  reals = [torch.rand(kind.batch, *shape) * 2 - 1 for _ in range(N_CRITIC)]
  if len(shape) == 3:
    reals = [real.to(memory_format=torch.channels_last) for real in reals]

  def run():
    for _ in range(rounds):
      _round(generator, critic, *optimizers, reals, kind, PENALTY[name])

  run()
  return run


def _round(generator, critic, generator_optimizer, critic_optimizer, reals, kind, weight):
  critic.requires_grad_(True)
  for real in reals:
    with torch.no_grad():
      fake = generator(torch.randn(kind.batch, kind.dim))
    loss = _critic_loss(critic, real, fake, weight)
    critic_optimizer.zero_grad()
    loss.backward()
    critic_optimizer.step()
  critic.requires_grad_(False)
  loss = -critic(generator(torch.randn(kind.batch, kind.dim))).mean()
  generator_optimizer.zero_grad()
  loss.backward()
  generator_optimizer.step()


def _critic_loss(critic, real, fake, weight):
  """WGAN-GP's with a penalty, the hinge without one."""
  if weight == 0:
    return F.relu(1 - critic(real)).mean() + F.relu(1 + critic(fake)).mean()
  alpha = torch.rand(real.shape[0], *[1] * (real.ndim - 1))
  points = (alpha * real + (1 - alpha) * fake).requires_grad_()
  (gradient,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
  penalty = weight * ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()
  return critic(fake).mean() - critic(real).mean() + penalty
