"""What games have in common that make samples out of latent codes of a known distribution."""

import flax.linen as nn
import jax

from wgan_jax.game import Batch, Game, Turn
from wgan_jax.priors import Prior


class LatentGame(Game, kw_only=True):
  """A generator and the prior of its codes, against a critic whose losses a subclass says.

  generator: (z [B, ...], label, *, train) -> samples.
  critic: (x, label, *, train) -> what the game makes use of.
  n_critic: critic updates for one of the generator.
  """

  generator: nn.Module
  critic: nn.Module
  prior: Prior
  n_critic: int = 1

  @property
  def turns(self):
    return Turn('critic_loss', ('critic',), self.n_critic), Turn('generator_loss', ('generator',))

  def latent(self, n):
    return self.prior(self.sample_keys('latent', n))

  def generate(self, z, label=None, train=False):
    return self.generator(z, label, train=train)

  def fake(self, n: int, label: jax.Array | None) -> jax.Array:
    """n generated samples to learn from."""
    return self.generator(self.latent(n), label, train=True)

  def critic_loss(self, batch: Batch):
    """What the critic descends: (loss, metrics)."""
    raise NotImplementedError

  def generator_loss(self, batch: Batch):
    """What the generator descends: (loss, metrics)."""
    raise NotImplementedError
