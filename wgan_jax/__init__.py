"""wgan_jax: train, compare and understand Wasserstein GANs and their relatives in JAX and Flax Linen.

A game is one Linen module: its submodules are the networks, its methods are the losses, and a round is a sequence of
turns. One small engine plays every game.
"""

from wgan_jax.divergences import Divergence, f_gan
from wgan_jax.engine import Play, initial_state, play_round, play_rounds
from wgan_jax.game import Game, Turn, frozen
from wgan_jax.games.acgan import Acgan
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.games.alae import Alae
from wgan_jax.games.began import Began
from wgan_jax.games.cramer import Cramer
from wgan_jax.games.cyclegan import CycleGan
from wgan_jax.games.ebgan import Ebgan
from wgan_jax.games.feature_matching import FeatureMatching
from wgan_jax.games.infogan import Infogan
from wgan_jax.games.lecam import LeCam
from wgan_jax.games.mmd import Mmd
from wgan_jax.games.progressive import Progressive
from wgan_jax.games.unrolled import Unrolled
from wgan_jax.games.vae import Vae
from wgan_jax.networks.augmented import Augmented
from wgan_jax.objectives import (
  Objective,
  hinge,
  least_squares,
  minimax,
  non_saturating,
  relativistic,
  wasserstein,
)
from wgan_jax.penalties import (
  consistency,
  dragan,
  drift,
  gradient_penalty,
  lipschitz_penalty,
  r1,
  r2,
  total,
  zero_centered,
)
from wgan_jax.state import TrainState
from wgan_jax.transforms import clip_weights, orthogonal_regularization

__all__ = [
  'Acgan',
  'Adversarial',
  'Alae',
  'Augmented',
  'Began',
  'Cramer',
  'CycleGan',
  'Divergence',
  'Ebgan',
  'FeatureMatching',
  'Game',
  'Infogan',
  'LeCam',
  'Mmd',
  'Objective',
  'Play',
  'Progressive',
  'TrainState',
  'Turn',
  'Unrolled',
  'Vae',
  'clip_weights',
  'consistency',
  'dragan',
  'drift',
  'f_gan',
  'frozen',
  'gradient_penalty',
  'hinge',
  'initial_state',
  'least_squares',
  'lipschitz_penalty',
  'minimax',
  'non_saturating',
  'orthogonal_regularization',
  'play_round',
  'play_rounds',
  'r1',
  'r2',
  'relativistic',
  'total',
  'wasserstein',
  'zero_centered',
]
