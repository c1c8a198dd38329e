"""The rounds that are measured, played by this library: 5 critic updates and 1 of the generator."""

import functools
import itertools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from wgan_jax.engine import Play, initial_state, play_rounds
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.networks import layers
from wgan_jax.networks.dcgan import DcganCritic, DcganGenerator
from wgan_jax.networks.mlp import MlpCritic, MlpGenerator
from wgan_jax.networks.resnet import ResnetCritic, ResnetGenerator, sum_pool
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.objectives import hinge, wasserstein
from wgan_jax.penalties import gradient_penalty, no_penalty
from wgan_jax.priors import normal

N_CRITIC = 5
IMAGE = (32, 32, 3)
POINT = (2,)


class Round(NamedTuple):
  """One line of the table.

  title: what it is called there. shape: of a sample. batch: samples of a minibatch. dim: of the latent codes.
  dispatch: rounds in one program. play: () -> Play. goal: torch's time divided by ours.
  """

  title: str
  shape: tuple[int, ...]
  batch: int
  dim: int
  dispatch: int
  play: Callable
  goal: float


def dcgan():
  return _play(DcganGenerator(IMAGE, width=64), DcganCritic(width=64), 128, wasserstein(), gradient_penalty(10.0))


def resnet():
  return _play(ResnetGenerator(IMAGE, width=128), ResnetCritic(width=128), 128, wasserstein(), gradient_penalty(10.0))


def sngan():
  dense, conv = (functools.partial(layer, reparameterize=spectral_norm) for layer in (layers.Dense, layers.Conv))
  critic = ResnetCritic(width=128, pool=sum_pool, dense=dense, conv=conv)
  return _play(ResnetGenerator(IMAGE, width=256), critic, 128, hinge(), no_penalty())


def toy(width):
  critic = MlpCritic(width=width, depth=3)
  return _play(MlpGenerator(POINT, width=width, depth=3), critic, 2, wasserstein(), gradient_penalty(0.1))


def _play(generator, critic, dim, objective, penalty):
  networks = dict(generator=generator, critic=critic, prior=normal(dim))
  game = Adversarial(**networks, objective=objective, penalty=penalty, n_critic=N_CRITIC)
  return Play(game, {turn.loss: optax.adam(1e-4, b1=0.5, b2=0.9) for turn in game.turns})


ROUNDS = {
  'dcgan': Round('DCGAN 64-128-256', IMAGE, 64, 128, 1, dcgan, 0.8),
  'resnet': Round('WGAN-GP ResNet 128', IMAGE, 64, 128, 1, resnet, 0.8),
  'sngan': Round('SNGAN 256 / 128', IMAGE, 64, 128, 1, sngan, 0.8),
  'toy512': Round('toy 3x512', POINT, 256, 2, 5, functools.partial(toy, 512), 1.4),
  'toy64': Round('toy 3x64', POINT, 64, 2, 100, functools.partial(toy, 64), 12.0),
}


def prepare(kind: Round):
  """(jitted function (state, feed, key, n) -> (state, metrics, played), state, feed) of a round, nothing compiled."""
  play = kind.play()
  shape = (kind.dispatch, N_CRITIC + 1, kind.batch, *kind.shape)
  feed = {'image': np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)}
  batch = {'image': feed['image'][0, 0]}
  state = jax.jit(lambda batch, key: initial_state(play, batch, key))(batch, jax.random.key(0))
  return jax.jit(functools.partial(play_rounds, play), donate_argnums=0), state, feed


def jax_round(kind: Round):
  """() -> None, plays `kind.dispatch` rounds and waits; compiled already."""
  play_all, state, feed = prepare(kind)
  feed, key, n = jax.device_put(feed), jax.random.key(1), jnp.int32(kind.dispatch)
  box = [state]

  def run():
    box[0], metrics, played = play_all(box[0], feed, key, n)
    if int(played) != kind.dispatch:
      raise FloatingPointError(f'{kind.title}: {metrics}')

  run()
  return run


def mlp_flops(kind: Round, width: int, depth: int = 3) -> float:
  """Floating point operations of a toy round's matrix products.

  A network's pass costs F = 2 B sum(in * out). The gradient of a loss costs 3 F: forward, input and kernel gradients.
  The penalty costs 4 F: forward, the gradient at the points, and its derivatives by both factors, while nothing flows
  back into the forward pass, since a ReLU's second derivative is 0. The generator's turn: 3 F of its own and 2 F of the
  critic, which does not learn.
  """

  def one_pass(sizes):
    return 2.0 * kind.batch * sum(a * b for a, b in itertools.pairwise(sizes))

  generator = one_pass([kind.dim, *[width] * depth, *kind.shape])
  critic = one_pass([*kind.shape, *[width] * depth, 1])
  return N_CRITIC * (generator + (3 + 3 + 4) * critic) + 3 * generator + 2 * critic
