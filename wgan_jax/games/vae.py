"""VAE: the baseline that plays against nobody; one turn maximises a lower bound of the likelihood.

Kingma & Welling, "Auto-Encoding Variational Bayes", Eq. 10, https://arxiv.org/abs/1312.6114.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, Game, Turn
from wgan_jax.likelihoods import Likelihood
from wgan_jax.priors import normal


class Vae(Game, kw_only=True):
  """Minus E log p(x | z) + beta KL(q(z | x) || N(0, I)), in nats per sample.

  encoder: (x, label, *, train) -> [B, 2 * dim]: means and log-variances of q.
  generator: (z [B, dim], label, *, train) -> what the likelihood takes, [B, ...].
  dim: of the latent codes. beta: weight of the divergence, 1 for the bound itself.
  """

  encoder: nn.Module
  generator: nn.Module
  likelihood: Likelihood
  dim: int
  beta: float = 1.0

  @property
  def turns(self):
    return (Turn('negative_elbo', ('encoder', 'generator')),)

  @property
  def averaged(self):
    return 'encoder', 'generator'

  def latent(self, n):
    return normal(self.dim)(self.sample_keys('latent', n))

  def generate(self, z, label=None, train=False):
    return self.likelihood.mean(self.generator(z, label, train=train))

  def negative_elbo(self, batch: Batch):
    x, label = batch['image'], batch.get('label')
    mean, log_variance = jnp.split(self.encoder(x, label, train=True), 2, axis=1)
    z = mean + jnp.exp(log_variance / 2) * self.latent(x.shape[0])
    distortion = -jnp.mean(self.likelihood.log_prob(self.generator(z, label, train=True), x))
    rate = jnp.mean(kl_to_standard_normal(mean, log_variance))
    return distortion + self.beta * rate, {'distortion': distortion, 'rate': rate}

  def shows(self, batch: Batch):
    """Real images above their reconstructions from the mean of q."""
    x, label = batch['image'], batch.get('label')
    mean, _ = jnp.split(self.encoder(x, label, train=False), 2, axis=1)
    return {'reconstructions': jnp.stack([x, self.generate(mean, label)])}


def kl_to_standard_normal(mean: jax.Array, log_variance: jax.Array) -> jax.Array:
  """KL(N(mean, diag(exp(log_variance))) || N(0, I)) in nats, [B, dim] and [B, dim] -> [B]."""
  return jnp.sum(mean**2 + jnp.exp(log_variance) - 1 - log_variance, axis=1) / 2
