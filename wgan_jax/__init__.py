"""wgan_jax: train, compare and understand Wasserstein GANs and their relatives in JAX and Flax Linen.

A game is one Linen module: its submodules are the networks, its methods are the losses, and a round is a sequence of
turns. One small engine plays every game.
"""

from wgan_jax.engine import Play, initial_state, play_round, play_rounds
from wgan_jax.game import Game, Turn, frozen
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.objectives import Objective, hinge, wasserstein
from wgan_jax.penalties import gradient_penalty
from wgan_jax.state import TrainState
from wgan_jax.transforms import clip_weights

__all__ = [
  'Adversarial',
  'Game',
  'Objective',
  'Play',
  'TrainState',
  'Turn',
  'clip_weights',
  'frozen',
  'gradient_penalty',
  'hinge',
  'initial_state',
  'play_round',
  'play_rounds',
  'wasserstein',
]
