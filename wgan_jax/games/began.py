"""BEGAN: auto-encoding critic whose losses on real and on generated samples are kept in proportion by feedback.

Berthelot et al., "BEGAN: Boundary Equilibrium Generative Adversarial Networks", Eq. 1 and sections 3.3-3.4,
https://arxiv.org/abs/1703.10717.
"""

import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, adapt
from wgan_jax.games.autoencoding import Autoencoding
from wgan_jax.networks.augmented import plain
from wgan_jax.networks.autoencoder import Reconstruction


class Began(Autoencoding, kw_only=True):
  """critic: L(x) - k L(G(z)); generator: L(G(z)); k <- clip(k + rate (gamma L(x) - L(G(z))), 0, 1).

  L is the mean absolute error of the reconstruction; k is moved in the critic's turn, by its fakes. Metric
  `convergence` is M = L(x) + |gamma L(x) - L(G(z))|.

  critic: (x, label, *, train) -> Reconstruction.
  gamma: the proportion L(G(z)) / L(x) aimed at, diversity against quality (0.5). rate: lambda_k (0.001).
  """

  gamma: float = 0.5
  rate: float = 0.001

  def setup(self):
    self.k = self.variable('memory', 'k', jnp.zeros, ())

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = jax.lax.stop_gradient(self.fake(real.shape[0], label))
    on_real, on_fake = (self.critic(x, label, train=True) for x in (real, fake))
    adapt(self.critic, -error(on_real), -error(on_fake))
    # Of the global batch, since neither the clipping of k nor the convergence measure is linear in them.
    real_loss, fake_loss = (jnp.mean(self.of_all_devices(error(seen))) for seen in (on_real, on_fake))
    balance, k = jax.lax.stop_gradient(self.gamma * real_loss - fake_loss), self.k.value
    if not self.is_initializing():
      self.k.value = jnp.clip(k + self.rate * balance, 0.0, 1.0)
    return real_loss - k * fake_loss, {'convergence': real_loss + jnp.abs(balance), 'k': k}

  def generator_loss(self, batch: Batch):
    label = batch.get('label')
    fake = self.fake(batch['image'].shape[0], label)
    return jnp.mean(error(self.critic(fake, label, train=True))), {}

  def judge(self, x, label=None):
    return -error(plain(self.critic)(x, label, train=False))


def error(seen: Reconstruction) -> jax.Array:
  """The mean absolute error over all numbers of a sample, [B]."""
  return jnp.mean(jnp.abs(seen.output - seen.input).reshape(seen.input.shape[0], -1), axis=1)
