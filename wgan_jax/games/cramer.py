"""Cramer GAN: the generator descends an energy distance in learned features, whose gradients samples do not bias.

Bellemare et al., "The Cramer Distance as a Solution to Biased Wasserstein Gradients", Algorithm 1,
https://arxiv.org/abs/1705.10743.
"""

import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, adapt, frozen
from wgan_jax.games.latent import LatentGame
from wgan_jax.penalties import Penalty, gradient_penalty


class Cramer(LatentGame, kw_only=True):
  """With h the critic, x_g and x_g' two independent generated samples, and f(x) = |h(x) - h(x_g')| - |h(x)|:

  critic: f(x_g) - f(x) + penalty(f); generator: |h(x) - h(x_g)| + |h(x) - h(x_g')| - |h(x_g) - h(x_g')|.

  critic: (x, label, *, train) -> features [B, D].
  """

  penalty: Penalty = gradient_penalty()
  n_critic: int = 5

  def _samples(self, batch):
    """Real samples and two independent generated ones for each."""
    real, label = batch['image'], batch.get('label')
    fakes = (self.fake(real.shape[0], label) for _ in range(2))
    return real, *fakes

  def critic_loss(self, batch: Batch):
    label = batch.get('label')
    real, fake, other = (jax.lax.stop_gradient(x) for x in self._samples(batch))
    at_real, at_fake, at_other = (self.critic(x, label, train=True) for x in (real, fake, other))
    on_real = length(at_real - at_other) - length(at_real)
    on_fake = length(at_fake - at_other) - length(at_fake)
    h = frozen(self.critic, augment=self.make_rng('augment'))

    def f(x):
      at_x = h(x, label)
      return length(at_x - h(other, label)) - length(at_x)

    penalty = jnp.mean(self.penalty(f, real, fake, self.sample_keys('penalty', real.shape[0])))
    adapt(self.critic, on_real, on_fake)
    surrogate = jnp.mean(on_real - on_fake)
    return penalty - surrogate, {'surrogate': surrogate, 'penalty': penalty}

  def generator_loss(self, batch: Batch):
    real, fake, other = (self.critic(x, batch.get('label'), train=True) for x in self._samples(batch))
    return jnp.mean(length(real - fake) + length(real - other) - length(fake - other)), {}


def length(x: jax.Array, epsilon: float = 1e-12) -> jax.Array:
  """|x| of vectors [B, D]: [B]; epsilon stands under the root, whose gradient is infinite at 0."""
  return jnp.sqrt(jnp.sum(x**2, axis=1) + epsilon)
