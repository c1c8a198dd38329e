"""MMD GAN: the generator descends the maximum mean discrepancy between features that the critic learns to tell apart.

Li et al., "MMD GAN", https://arxiv.org/abs/1705.08584; with the gradient penalty on the witness function of Binkowski
et al., "Demystifying MMD GANs", section 3, https://arxiv.org/abs/1801.01401.
"""

import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, adapt, frozen
from wgan_jax.games.latent import LatentGame
from wgan_jax.kernels import Kernel, rational_quadratic, squared_mmd
from wgan_jax.penalties import Penalty, gradient_penalty


class Mmd(LatentGame, kw_only=True):
  """critic: -MMD^2(h(x), h(G(z))) + penalty(witness); generator: MMD^2(h(x), h(G(z))), unbiased in the global batch.

  critic: h, (x, label, *, train) -> features [B, D].
  """

  kernel: Kernel = rational_quadratic()
  penalty: Penalty = gradient_penalty(1.0)
  n_critic: int = 5

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = jax.lax.stop_gradient(self.fake(real.shape[0], label))
    at_real, at_fake = (self.of_all_devices(self.critic(x, label, train=True)) for x in (real, fake))
    h = frozen(self.critic, augment=self.make_rng('augment'))

    def witness(x):
      at_x = h(x, label)
      return jnp.mean(self.kernel(at_x, at_real) - self.kernel(at_x, at_fake), axis=1)

    penalty = jnp.mean(self.penalty(witness, real, fake, self.sample_keys('penalty', real.shape[0])))
    scores = [jnp.mean(self.kernel(x, at_real) - self.kernel(x, at_fake), axis=1) for x in (at_real, at_fake)]
    adapt(self.critic, *scores)
    distance = squared_mmd(self.kernel, at_real, at_fake)
    return penalty - distance, {'squared_mmd': distance, 'penalty': penalty}

  def generator_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = self.fake(real.shape[0], label)
    at_real, at_fake = (self.of_all_devices(self.critic(x, label, train=True)) for x in (real, fake))
    return squared_mmd(self.kernel, at_real, at_fake), {}
