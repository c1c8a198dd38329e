"""Progressive growing: the game of two whose networks begin with small images and go on to larger ones.

Karras et al., "Progressive Growing of GANs", https://arxiv.org/abs/1710.10196.
"""

import flax.linen as nn
import jax.numpy as jnp

from wgan_jax.data.growing import Growth, fading
from wgan_jax.data.source import Source
from wgan_jax.game import Batch
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.networks.plans import resolutions
from wgan_jax.networks.progressive import Growing


class Progressive(Adversarial, kw_only=True):
  """The adversarial game with a 'level' [B] in each batch, all equal, at which both networks then are.

  What a network keeps is the level of the last turn that it learned in. Parameters of levels to come have gradients of
  exactly zero, by which Adam moves nothing. Its moments stay when a level is added, where the paper's code begins with
  new ones: of parameters that come in after n updates, the first steps are up to 1 / sqrt(1 - b2) times as long.

  growth: how many images the critic learns from at each level.
  """

  growth: Growth = Growth()

  def curriculum(self, source: Source) -> Source:
    highest = len(resolutions(*source.shape[:2])) - 1
    return fading(source, self.growth, highest, self.n_critic / (self.n_critic + 1))

  @property
  def judges(self):
    return not _innermost(self.critic).group  # else a sample's score depends on the others of its group

  def critic_loss(self, batch: Batch):
    level = self._grow(batch)
    loss, metrics = super().critic_loss(batch)
    return loss, {**metrics, 'level': level}

  def generator_loss(self, batch: Batch):
    self._grow(batch)
    return super().generator_loss(batch)

  def generate(self, z, label=None, train=False):
    """Samples; clipped, since the last layer is linear."""
    return jnp.clip(super().generate(z, label, train), -1, 1)

  def _grow(self, batch):
    level = batch['level'][0]
    for network in (self.generator, self.critic):
      _innermost(network).grow(level)
    return level


def _innermost(network: nn.Module) -> nn.Module:
  """What grows, inside of an augmentation and of what is told a label."""
  return network if isinstance(network, Growing) else _innermost(network.network)
