"""A critic behind an augmentation, with the memory by which the augmentation adapts its strength."""

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.augmentations import Augmentation
from wgan_jax.keys import sample_keys


class Augmented(nn.Module):
  """A critic that sees augmented samples: `(x, label, *, train)` -> what `network` returns.

  It augments in training, and wherever the stream 'augment' is given by that name: so does a penalty, whose critic is
  frozen, see what the loss saw, `frozen(critic)(x, label, rngs={'augment': key})`. Otherwise x passes as it is.

  The collection 'memory' holds the strength [], the number of updates [] and the mean sign of the real scores [].

  network: the critic itself.
  augmentation: what it looks through.
  axis_name: the mapped axis that cuts the batch over devices, None for one device.
  """

  network: nn.Module
  augmentation: Augmentation
  axis_name: str | None = None

  def setup(self):
    self.strength = self.variable('memory', 'strength', lambda: jnp.float32(self.augmentation.initial))
    self.updates = self.variable('memory', 'updates', jnp.zeros, (), jnp.int32)
    self.sign = self.variable('memory', 'sign', jnp.zeros, ())

  def __call__(self, x, label=None, *, train):
    # A stream that is not given falls back on 'params', but `has_rng` does not: it tells what the caller said.
    if train or self.has_rng('augment'):
      keys = sample_keys(self.make_rng('augment'), x.shape[0], self.axis_name)
      x = self.augmentation.apply(x, keys, self.strength.value)
    return self.network(x, label, train=train)

  def adapt(self, real_scores: jax.Array) -> None:
    """Moves the strength; `game.adapt` calls it with scores of real samples, positive where they are taken for real."""
    if self.is_initializing() or not self.is_mutable_collection('memory'):
      return
    self.updates.value += 1
    # By the sign of the update before: until the engine averages the memory over devices, after a turn, each knows its
    # own part of the batch only. Strengths averaged instead would differ, as a sign of a mean is no mean of signs.
    self.strength.value = self.augmentation.adapt(self.strength.value, self.updates.value, self.sign.value)
    self.sign.value = jnp.mean(jnp.sign(real_scores), dtype=jnp.float32)


def plain(critic: nn.Module) -> nn.Module:
  """The network behind the augmentation, where there is one: for what a loss asks of it besides judging."""
  return critic.network if isinstance(critic, Augmented) else critic
