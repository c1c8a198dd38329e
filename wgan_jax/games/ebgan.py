"""EBGAN: the critic is an auto-encoder, and its reconstruction error an energy that is low where data are.

Zhao et al., "Energy-based Generative Adversarial Network", Eq. 1-2 and sections 2.3-2.4, https://arxiv.org/abs/1609.03126.
"""

import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, adapt
from wgan_jax.games.autoencoding import Autoencoding
from wgan_jax.networks.augmented import plain
from wgan_jax.networks.autoencoder import Reconstruction


class Ebgan(Autoencoding, kw_only=True):
  """critic: D(x) + max(0, m - D(G(z))); generator: D(G(z)) + weight * pull-away term, with D the energy.

  critic: (x, label, *, train) -> Reconstruction.
  margin: m, in the unit of the energy, which here is a mean square where the paper has a norm.
  pull_away: weight of that term, 0 for none (0.1 in EBGAN-PT).
  """

  margin: float = 1.0
  pull_away: float = 0.1

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = jax.lax.stop_gradient(self.fake(real.shape[0], label))
    on_real, on_fake = energy(self.critic(real, label, train=True)), energy(self.critic(fake, label, train=True))
    adapt(self.critic, -on_real, -on_fake)
    loss = jnp.mean(on_real + jax.nn.relu(self.margin - on_fake))
    return loss, {'energy/real': jnp.mean(on_real), 'energy/fake': jnp.mean(on_fake)}

  def generator_loss(self, batch: Batch):
    label = batch.get('label')
    judged = self.critic(self.fake(batch['image'].shape[0], label), label, train=True)
    pull = pull_away(self.of_all_devices(judged.code))
    return jnp.mean(energy(judged)) + self.pull_away * pull, {'pull_away': pull}

  def judge(self, x, label=None):
    return -energy(plain(self.critic)(x, label, train=False))


def energy(seen: Reconstruction) -> jax.Array:
  """The mean square of the error over all numbers of a sample, [B]."""
  return jnp.mean((seen.output - seen.input).reshape(seen.input.shape[0], -1) ** 2, axis=1)


def pull_away(codes: jax.Array) -> jax.Array:
  """The mean squared cosine between the codes [N, dim] of different samples, [] in [0, 1], N at least 2.

  sum over i != j of (s_i . s_j / (|s_i| |s_j|))^2 / (N (N - 1)), section 2.4. Signed cosines, as some codes have
  them, would reward samples for being opposite.
  """
  n = codes.shape[0]
  unit = codes * jax.lax.rsqrt(jnp.sum(codes**2, axis=1, keepdims=True) + 1e-12)
  squares = (unit @ unit.T) ** 2
  return (jnp.sum(squares) - jnp.trace(squares)) / (n * (n - 1))
