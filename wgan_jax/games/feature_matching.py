"""Feature matching: the generator aims at the mean of the critic's features on real data, not at its logits.

Salimans et al., "Improved Techniques for Training GANs", section 3.1, https://arxiv.org/abs/1606.03498.
"""

import jax
import jax.numpy as jnp

from wgan_jax.game import Batch
from wgan_jax.games.adversarial import Adversarial


class FeatureMatching(Adversarial, kw_only=True):
  """The critic of the adversarial game, and |E f(x) - E f(G(z))|^2 for the generator.

  critic: (x, label, *, train) -> (logits [B], features [B, D]).
  """

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = jax.lax.stop_gradient(self.fake(real.shape[0], label))
    (real_logits, _), (fake_logits, _) = self.critic(real, label, train=True), self.critic(fake, label, train=True)
    return self.against(real_logits, fake_logits, real, fake, label)

  def generator_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    _, real_features = self.critic(real, label, train=True)
    label = jax.tree.map(self.per_fake, label)
    _, fake_features = self.critic(self.fake(real.shape[0] * self.fakes_per_real, label), label, train=True)
    difference = [jnp.mean(self.of_all_devices(f), axis=0) for f in (real_features, fake_features)]
    return jnp.sum((difference[0] - difference[1]) ** 2), {}
