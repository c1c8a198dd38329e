"""LeCam regularisation: logits on one kind of samples are tied to a moving average of those on the other.

Tseng et al., "Regularizing Generative Adversarial Networks under Limited Data",
https://arxiv.org/abs/2104.03310.
"""

import jax
import jax.numpy as jnp

from wgan_jax.games.adversarial import Adversarial


class LeCam(Adversarial, kw_only=True):
  """The adversarial game with that regulariser; the moving averages are the game's memory.

  weight * E[max(0, D(x) - a_fake)^2 + max(0, a_real - D(G(z)))^2], with the averages a of the updates before. The
  paper squares the differences themselves; the maximum is of the authors' code, https://github.com/google/lecam-gan.

  weight: lambda of the paper (0.3 for CIFAR-10 with DiffAug).
  decay: of the moving averages, per critic update.
  start: critic updates before the regulariser sets in, while the averages settle.
  """

  weight: float = 0.3
  decay: float = 0.99
  start: int = 1000

  def setup(self):
    super().setup()
    self.anchors = self.variable('memory', 'anchors', jnp.zeros, (2,))  # of real and of fake logits
    self.updates = self.variable('memory', 'updates', jnp.zeros, (), jnp.int32)

  def against(self, real_logits, fake_logits, real, fake, label):
    loss, metrics = super().against(real_logits, fake_logits, real, fake, label)
    real_anchor, fake_anchor = self.anchors.value
    away = jnp.mean(jax.nn.relu(real_logits - fake_anchor) ** 2 + jax.nn.relu(real_anchor - fake_logits) ** 2)
    regularizer = jnp.where(self.updates.value >= self.start, self.weight * away, 0.0)
    if not self.is_initializing():
      means = jax.lax.stop_gradient(jnp.stack([jnp.mean(real_logits), jnp.mean(fake_logits)]))
      self.anchors.value = self.decay * self.anchors.value + (1 - self.decay) * means
      self.updates.value = self.updates.value + 1
    return loss + regularizer, {**metrics, 'lecam': regularizer}
