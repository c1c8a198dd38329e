"""The game of two: a critic tells real samples from generated ones, a generator makes it fail."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, Turn, adapt, frozen
from wgan_jax.games.judging import Judging
from wgan_jax.games.latent import LatentGame
from wgan_jax.networks.augmented import plain
from wgan_jax.objectives import Objective
from wgan_jax.penalties import Penalty, no_penalty
from wgan_jax.schedules import Schedule


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


class Adversarial(Judging, LatentGame, kw_only=True):
  """Every GAN with a scalar critic: the objective and the penalty say which.

  critic: (x, label, *, train) -> logits [B].
  annealing: critic updates [] -> what the penalty is multiplied by, None for nothing; their count is the game's memory.
  fakes_per_real: samples in the generator's turn for each of the critic's (2 in WGAN-GP's and SN-GAN's ResNets).
  """

  objective: Objective
  penalty: Penalty = no_penalty()
  annealing: Schedule | None = None
  fakes_per_real: int = 1
  warmup: Warmup = Warmup()

  def setup(self):
    if self.annealing:
      self.penalised = self.variable('memory', 'penalised', jnp.zeros, (), jnp.int32)

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

  def critic_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    fake = jax.lax.stop_gradient(self.fake(real.shape[0], label))
    real_logits, fake_logits = self.critic(real, label, train=True), self.critic(fake, label, train=True)
    return self.against(real_logits, fake_logits, real, fake, label)

  def against(self, real_logits, fake_logits, real, fake, label):
    """What the critic pays for its logits [B] of these samples: objective and penalty, and both as metrics."""
    loss = jnp.mean(self.objective.critic(real_logits, fake_logits))
    critic = frozen(self.critic, augment=self.make_rng('augment'))
    keys = self.sample_keys('penalty', real.shape[0])
    penalty = self.annealed(jnp.mean(self.penalty(lambda x: logits_of(critic(x, label)), real, fake, keys)))
    adapt(self.critic, real_logits, fake_logits, self.objective.undecided)
    return loss + penalty, {self.objective.value: -loss, 'penalty': penalty}

  def annealed(self, penalty: jax.Array) -> jax.Array:
    """The penalty [] of one more update of the critic, as its weight is by now."""
    if not self.annealing:
      return penalty
    updates = self.penalised.value
    if not self.is_initializing():
      self.penalised.value = updates + 1
    return self.annealing(updates) * penalty

  def generator_loss(self, batch: Batch):
    real, label = batch['image'], batch.get('label')
    real_logits = self.per_fake(self.critic(real, label, train=True))
    label = jax.tree.map(self.per_fake, label)
    fake_logits = self.critic(self.fake(real_logits.shape[0], label), label, train=True)
    return jnp.mean(self.objective.generator(real_logits, fake_logits)), {}

  def judge(self, x, label=None):
    return logits_of(plain(self.critic)(x, label, train=False))

  def per_fake(self, x: jax.Array) -> jax.Array:
    """What a real sample has, [B], for each of its fakes in the generator's turn, [B * fakes_per_real].

    Repeated, not tiled, so that a label meets the same latent code however devices cut the batch.
    """
    return jnp.repeat(x, self.fakes_per_real, axis=0)


def logits_of(output: jax.Array | tuple) -> jax.Array:
  """The logits [B] of a critic that may give its features beside them."""
  return output[0] if isinstance(output, tuple) else output
