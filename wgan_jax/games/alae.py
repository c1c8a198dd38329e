"""ALAE: an auto-encoder learned adversarially, whose reciprocity is demanded in latent space and not in pixels.

Pidhorskyi et al., "Adversarial Latent Autoencoders", Algorithm 1, https://arxiv.org/abs/2004.04467. Its first step
needs samples x of the data, where some prints of it draw noise.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, Game, Turn, adapt, frozen
from wgan_jax.games.judging import Judging
from wgan_jax.networks.augmented import plain
from wgan_jax.objectives import Objective, non_saturating
from wgan_jax.penalties import Penalty, r1
from wgan_jax.priors import Prior


class Alae(Judging, Game, kw_only=True):
  """Four networks, z -F-> w -G-> x -E-> w -D-> logit, in three turns.

  mapping: F, (z [B, dim], label, *, train) -> w [B, size]. generator: G, (w, ...) -> samples.
  encoder: E, (x, ...) -> w; in an `Augmented`, E sees augmented samples where D judges them and plain ones elsewhere.
  critic: D, (w, ...) -> logits [B].
  penalty: on D after E as a function of x (R1, gamma 10, in the paper).
  reciprocity: weight of |F(z) - E(G(F(z)))|^2 in the last turn.
  """

  mapping: nn.Module
  generator: nn.Module
  encoder: nn.Module
  critic: nn.Module
  prior: Prior
  objective: Objective = non_saturating()
  penalty: Penalty = r1(10.0)
  reciprocity: float = 1.0

  @property
  def turns(self):
    return (
      Turn('critic_loss', ('encoder', 'critic')),
      Turn('generator_loss', ('mapping', 'generator')),
      Turn('reconstruction_loss', ('encoder', 'generator')),
    )

  @property
  def averaged(self):
    return 'mapping', 'generator', 'encoder'

  def latent(self, n):
    return self.prior(self.sample_keys('latent', n))

  def generate(self, z, label=None, train=False):
    return self.generator(self.mapping(z, label, train=train), label, train=train)

  def _judge(self, x, label):
    return self.critic(self.encoder(x, label, train=True), label, train=True)

  def _fake(self, batch):
    w = self.mapping(self.latent(batch['image'].shape[0]), batch.get('label'), train=True)
    return self.generator(w, batch.get('label'), train=True)

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = jax.lax.stop_gradient(self._fake(batch))
    real_logits, fake_logits = self._judge(real, label), self._judge(fake, label)
    loss = jnp.mean(self.objective.critic(real_logits, fake_logits))
    encoder, critic = frozen(self.encoder, augment=self.make_rng('augment')), frozen(self.critic)
    keys = self.sample_keys('penalty', real.shape[0])
    penalty = jnp.mean(self.penalty(lambda x: critic(encoder(x, label), label), real, fake, keys))
    adapt(self.encoder, real_logits, fake_logits, self.objective.undecided)
    return loss + penalty, {self.objective.value: -loss, 'penalty': penalty}

  def generator_loss(self, batch: Batch):
    label = batch.get('label')
    real_logits, fake_logits = self._judge(batch['image'], label), self._judge(self._fake(batch), label)
    return jnp.mean(self.objective.generator(real_logits, fake_logits)), {}

  def reconstruction_loss(self, batch: Batch):
    label = batch.get('label')
    w = jax.lax.stop_gradient(self.mapping(self.latent(batch['image'].shape[0]), label, train=True))
    back = plain(self.encoder)(self.generator(w, label, train=True), label, train=True)
    error = jnp.mean(jnp.sum((w - back) ** 2, axis=1))
    return self.reciprocity * error, {}

  def judge(self, x, label=None):
    return self.critic(plain(self.encoder)(x, label, train=False), label, train=False)

  def shows(self, batch: Batch):
    """Real images above their reconstructions G(E(x))."""
    x, label = batch['image'], batch.get('label')
    back = self.generator(self.encoder(x, label, train=False), label, train=False)
    return {'reconstructions': jnp.stack([x, back])}
