"""The game of two: a critic tells real samples from generated ones, a generator makes it fail."""

from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, Game, Turn, frozen
from wgan_jax.objectives import Objective
from wgan_jax.penalties import Penalty, no_penalty
from wgan_jax.priors import Prior


class Warmup(NamedTuple):
  """Rounds in which the critic is trained much longer, as in WGAN's official code: the first ones and every n-th.

  repeats: critic updates in such a round (100 there); 0 for no warm-up at all.
  first_rounds: how many rounds at the start (25 there).
  every: then one round in so many (500 there); 0 for none.
  """

  repeats: int = 0
  first_rounds: int = 25
  every: int = 500

  def covers(self, step: int) -> bool:
    """Whether round `step` is such a round."""
    return self.repeats > 0 and (step < self.first_rounds or (self.every > 0 and step % self.every == 0))

  def rounds_before(self, step: int) -> int:
    """How many of the rounds before `step` are such rounds."""
    first = min(step, self.first_rounds)
    # Multiples of `every` in [first, step): those below step less those below first.
    later = -(-step // self.every) + (-first // self.every) if self.every > 0 else 0
    return first + later if self.repeats > 0 else 0


class Adversarial(Game, kw_only=True):
  """Every GAN with a scalar critic: the objective and the penalty say which.

  generator: (z [B, dim], label, *, train) -> samples.
  critic: (x, label, *, train) -> logits [B].
  n_critic: critic updates for one of the generator.
  fakes_per_real: samples in the generator's turn for each of the critic's (2 in WGAN-GP's and SN-GAN's ResNets).
  """

  generator: nn.Module
  critic: nn.Module
  prior: Prior
  objective: Objective
  penalty: Penalty = no_penalty()
  n_critic: int = 1
  fakes_per_real: int = 1
  warmup: Warmup = Warmup()

  @property
  def turns(self):
    return self._turns(self.n_critic)

  def turns_at(self, step):
    return self._turns(self.warmup.repeats if self.warmup.covers(step) else self.n_critic)

  def played_before(self, step):
    longer = (self.warmup.repeats - self.n_critic) * self.warmup.rounds_before(step)
    return {'critic_loss': self.n_critic * step + longer, 'generator_loss': step}

  def _turns(self, n_critic):
    return Turn('critic_loss', ('critic',), n_critic), Turn('generator_loss', ('generator',))

  def latent(self, n):
    return self.prior(self.sample_keys('latent', n))

  def generate(self, z, label=None):
    return self.generator(z, label, train=False)

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = jax.lax.stop_gradient(self.generator(self.latent(real.shape[0]), label, train=True))
    real_logits, fake_logits = self.critic(real, label, train=True), self.critic(fake, label, train=True)
    loss = jnp.mean(self.objective.critic(real_logits, fake_logits))
    critic = frozen(self.critic)
    penalty = self.penalty(lambda x: critic(x, label), real, fake, self.sample_keys('penalty', real.shape[0]))
    penalty = jnp.mean(penalty)
    return loss + penalty, {self.objective.value: -loss, 'penalty': penalty}

  def generator_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    real_logits = self.critic(real, label, train=True)
    # Repeated, not tiled, so that a label meets the same latent code however devices cut the batch.
    label = jax.tree.map(lambda x: jnp.repeat(x, self.fakes_per_real), label)
    fake = self.generator(self.latent(real.shape[0] * self.fakes_per_real), label, train=True)
    fake_logits = self.critic(fake, label, train=True)
    return jnp.mean(self.objective.generator(real_logits, fake_logits)), {}
