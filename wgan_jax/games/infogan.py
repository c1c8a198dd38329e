"""InfoGAN: part of the latent code must be readable from the sample, by a network on the critic's features.

Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets",
Eq. 5-6, https://arxiv.org/abs/1606.03657.
"""

import math

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax

from wgan_jax.game import Batch, Turn
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.priors import Path, lines


class Infogan(Adversarial, kw_only=True):
  """The adversarial game with a lower bound of the mutual information between codes and samples, which all maximise.

  prior: as `priors.with_codes`: noise, then a one-hot category, then continuous codes.
  critic: (x, label, *, train) -> (logits [B], features [B, D]).
  recognizer: Q, (features, label, *, train) -> [B, categories + continuous]: logits, then means of normal
    distributions of unit variance. It is learned with the critic, whose features it shares.
  categories, continuous: how many of each there are.
  weight: lambda of the paper.
  """

  between: Path = lines  # which leave neither the simplex of the categories nor a cube
  recognizer: nn.Module
  categories: int
  continuous: int = 0
  weight: float = 1.0

  def _turns(self, n_critic):
    return Turn('critic_loss', ('critic', 'recognizer'), n_critic), Turn('generator_loss', ('generator',))

  @property
  def asks(self):
    return 'code'

  def asked(self, z, label):
    return jnp.argmax(self.codes(z)[:, : self.categories], axis=1)

  def codes(self, z: jax.Array) -> jax.Array:
    """The part of z [B, dim] that is to be readable: [B, categories + continuous]."""
    return z[:, z.shape[1] - self.categories - self.continuous :]

  def information(self, features: jax.Array, z: jax.Array) -> dict[str, jax.Array]:
    """Lower bounds of the mutual information of samples with their codes, in nats, by kind of code.

    H(c) + E log Q(c | x). A continuous code has H(c) = log 2, and the bound with unit variance stays below zero.
    """
    k = self.categories
    codes, read = self.codes(z), self.recognizer(features, None, train=True)
    category = jnp.mean(math.log(k) - optax.softmax_cross_entropy(read[:, :k], codes[:, :k]))
    squares = jnp.sum((codes[:, k:] - read[:, k:]) ** 2, axis=1)
    constant = self.continuous * (math.log(2) - math.log(2 * math.pi) / 2)
    return {'information/category': category, 'information/continuous': jnp.mean(constant - squares / 2)}

  def critic_loss(self, batch: Batch):
    real = batch['image']
    z = self.latent(real.shape[0])
    fake = jax.lax.stop_gradient(self.generator(z, None, train=True))
    real_logits, _ = self.critic(real, None, train=True)
    fake_logits, features = self.critic(fake, None, train=True)
    loss, metrics = self.against(real_logits, fake_logits, real, fake, None)
    information = self.information(features, z)
    return loss - self.weight * sum(information.values()), {**metrics, **information}

  def generator_loss(self, batch: Batch):
    real_logits = self.per_fake(self.critic(batch['image'], None, train=True)[0])
    z = self.latent(real_logits.shape[0])
    fake_logits, features = self.critic(self.generator(z, None, train=True), None, train=True)
    loss = jnp.mean(self.objective.generator(real_logits, fake_logits))
    return loss - self.weight * sum(self.information(features, z).values()), {}

  def shows(self, batch: Batch):
    """One row for each category, always of the same ten noises; one sweep from -1 to 1 for each continuous code."""
    codes = self.categories + self.continuous
    z = self.latent(10)
    rows = [z.at[:, -codes:].set(jnp.eye(1, codes, row)[0][None]) for row in range(self.categories)]
    sweep = jnp.linspace(-1, 1, 10)
    same = jnp.repeat(z[:1], 10, axis=0).at[:, -self.continuous or codes :].set(0.0)
    sweeps = [same.at[:, column - self.continuous].set(sweep) for column in range(self.continuous)]
    rows = jnp.stack([*rows, *sweeps])
    samples = self.generate(rows.reshape(-1, rows.shape[-1]))
    return {'codes': samples.reshape(*rows.shape[:2], *samples.shape[1:])}
