"""ACGAN: the critic also tells the class, of real and of generated samples, and the generator helps it to.

Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", section 3, https://arxiv.org/abs/1610.09585.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax

from wgan_jax.game import Batch, Turn
from wgan_jax.games.adversarial import Adversarial


class Acgan(Adversarial, kw_only=True):
  """The adversarial game with an auxiliary classifier on the critic's features.

  critic: (x, label, *, train) -> (logits [B], features [B, D]).
  classifier: (features, label, *, train) -> class logits [B, classes].
  real_weight, fake_weight: of the cross-entropy in the critic's loss; WGAN-GP's code learns from real samples only.
  generator_weight: of the cross-entropy in the generator's loss (0.1 in WGAN-GP's code).
  """

  classifier: nn.Module
  real_weight: float = 1.0
  fake_weight: float = 1.0
  generator_weight: float = 1.0

  def _turns(self, n_critic):
    return Turn('critic_loss', ('critic', 'classifier'), n_critic), Turn('generator_loss', ('generator',))

  def cross_entropy(self, features: jax.Array, label: jax.Array) -> jax.Array:
    """-log P(label | features), the mean over the batch, in nats."""
    logits = self.classifier(features, None, train=True)
    return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, label))

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch['label']
    fake = jax.lax.stop_gradient(self.fake(real.shape[0], label))
    real_logits, real_features = self.critic(real, label, train=True)
    fake_logits, fake_features = self.critic(fake, label, train=True)
    loss, metrics = self.against(real_logits, fake_logits, real, fake, label)
    on_real, on_fake = self.cross_entropy(real_features, label), self.cross_entropy(fake_features, label)
    loss = loss + self.real_weight * on_real + self.fake_weight * on_fake
    return loss, {**metrics, 'cross_entropy/real': on_real, 'cross_entropy/fake': on_fake}

  def generator_loss(self, batch: Batch):
    real_logits, _ = self.critic(batch['image'], batch['label'], train=True)
    real_logits, label = self.per_fake(real_logits), self.per_fake(batch['label'])
    fake_logits, features = self.critic(self.fake(label.shape[0], label), label, train=True)
    loss = jnp.mean(self.objective.generator(real_logits, fake_logits))
    return loss + self.generator_weight * self.cross_entropy(features, label), {}
