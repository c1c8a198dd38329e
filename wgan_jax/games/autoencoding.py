"""What EBGAN and BEGAN have in common: their critic is an auto-encoder."""

import jax.numpy as jnp

from wgan_jax.game import Batch
from wgan_jax.games.latent import LatentGame


class Autoencoding(LatentGame, kw_only=True):
  """A game that shows how its critic, (x, label, *, train) -> Reconstruction, sees real images."""

  @property
  def judges(self):
    return True

  def shows(self, batch: Batch):
    """Real images above their reconstructions by the critic."""
    seen = self.critic(batch['image'], batch.get('label'), train=False)
    return {'reconstructions': jnp.stack([seen.input, seen.output])}
