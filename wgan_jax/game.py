"""A game is one Linen module: its fields are the networks, its methods the losses, its turns the order of play.

Three facts of Linen shape every game:
  - `jax.grad` may not cross a bound module, so a penalty is handed `frozen(network)`, a pure function;
  - a network has no variables before its first call, so `init` needs a call before `frozen`;
  - statistics move when a network is called with train=True in a turn that learns it, and never through `frozen` or
    `sample`.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.axis import gathered
from wgan_jax.data.source import Source
from wgan_jax.keys import sample_keys
from wgan_jax.networks.augmented import Augmented
from wgan_jax.priors import NORMAL, Path, Truncation, arcs

Batch = dict[str, jax.Array]  # 'image' [B, H, W, C] in [-1, 1] or points [B, 2]; 'label' [B] int where known


class Turn(NamedTuple):
  """One move: the networks in `learns` descend a loss, all others keep parameters and statistics.

  loss: the name of a method of the game, batch -> (scalar, metrics).
  learns: the names of the networks that descend it.
  repeats: minibatches in a row, each with an update of its own (n_critic).
  """

  loss: str
  learns: tuple[str, ...]
  repeats: int = 1


class Game(nn.Module, kw_only=True):
  """What every game has. A subclass adds its networks as fields, its losses as methods, and `turns`.

  between: from latent codes to others, (start, end, n) -> [rows, n, ...], on which nothing but latent codes lie.
  truncation: how codes are brought within a threshold; None where that would mean nothing.
  conditional: whether networks look at the label; it is told in scores alone, for they are given it in any case.
  critic_conditional: whether what `judge` says depends on the label.
  axis_name: the mapped axis that cuts the batch over devices, None for one device.
  """

  between: Path = arcs
  truncation: Truncation | None = NORMAL
  conditional: bool = False
  critic_conditional: bool = False
  axis_name: str | None = None

  @property
  def turns(self) -> tuple[Turn, ...]:
    """The moves of a round, in order."""
    raise NotImplementedError

  @property
  def averaged(self) -> tuple[str, ...]:
    """The networks of which an exponential moving average is kept, and which `sample` then uses."""
    return ('generator',)

  def turns_at(self, step: int) -> tuple[Turn, ...]:
    """The moves of round `step`; a game whose rounds are not all alike overrides this and `played_before`."""
    del step
    return self.turns

  def played_before(self, step: int) -> dict[str, int]:
    """{turn's loss: updates made before round `step`}, the sum of what `turns_at` gives, in closed form."""
    return {turn.loss: turn.repeats * step for turn in self.turns}

  def latent(self, n: int) -> jax.Array:
    """n latent codes."""
    raise NotImplementedError

  def generate(self, z: jax.Array, label: jax.Array | None = None, train: bool = False) -> jax.Array:
    """Samples from latent codes, with nothing learned from them; train=True normalises by their own statistics."""
    raise NotImplementedError

  def sample(self, n: int, label: jax.Array | None = None) -> jax.Array:
    """n generated samples."""
    return self.generate(self.latent(n), label)

  @property
  def asks(self) -> str:
    """What `asked` tells: 'label', 'code' (classes of no known meaning), or '' for nothing."""
    return 'label' if self.conditional else ''

  def asked(self, z: jax.Array, label: jax.Array | None) -> jax.Array | None:
    """The class that each sample is asked to be, [B] int, where that can be told."""
    del z
    return label if self.conditional else None

  @property
  def judges(self) -> bool:
    """Whether the critic makes one number of one sample, which `judge` and `cost` then tell."""
    return False

  @property
  def estimates_w1(self) -> bool:
    """Whether E judge(real) - E judge(fake) is what the critic estimates W1 by, up to its Lipschitz constant."""
    return False

  def judge(self, x: jax.Array, label: jax.Array | None = None) -> jax.Array:
    """The critic's score of each sample as it is, [B], large for those that it takes for real."""
    raise NotImplementedError

  def cost(self, real: jax.Array, fake: jax.Array) -> jax.Array:
    """What the critic's loss says of each of the scores `real` [N], its mean over the scores `fake` [M]: [N]."""
    del fake
    return -real

  def shows(self, batch: Batch) -> dict[str, jax.Array]:
    """Pictures beside the samples, by name: [rows, columns, H, W, C], e.g. images above their reconstructions."""
    del batch
    return {}

  def curriculum(self, source: Source) -> Source:
    """What training is shown of the data, and when; they are scored as they are."""
    return source

  def sample_keys(self, stream: str, n: int) -> jax.Array:
    """`[n]` keys, one per sample, the same for any number of devices that share the global batch."""
    return sample_keys(self.make_rng(stream), n, self.axis_name)

  def of_all_devices(self, x: jax.Array) -> jax.Array:
    """The rows of the global batch, for losses that are no mean of terms of single samples."""
    return gathered(x, self.axis_name)

  def __call__(self, batch: Batch):
    """Every loss once, so that `init` creates every variable."""
    return {turn.loss: getattr(self, turn.loss)(batch) for turn in self.turns}


def frozen(network: nn.Module, **rngs: jax.Array) -> Callable:
  """A bound network as the pure function `(x, label) -> output` of what it knows now.

  It runs with train=False and moves no statistics, so `jax.grad` may differentiate it; gradients still reach the
  network's parameters. The network must have been called once before.

  rngs: keys by stream; a critic that augments what it sees does so here only when given one for 'augment'.
  """
  module, variables = network.unbind()
  return functools.partial(module.apply, variables, train=False, rngs=rngs)


def adapt(critic: nn.Module, real: jax.Array, fake: jax.Array, undecided: float | None = None) -> None:
  """Tells a critic that augments what it sees how it fared: once in each of its turns, by the game.

  Args:
    critic: the network; one that does not augment has nothing to learn from this.
    real, fake: its scores of samples, large for those that it takes for real.
    undecided: the score of a sample that might be either; None for scores with no such zero, where it is taken to lie
      halfway between the mean of the real and that of the generated ones.
  """
  if isinstance(critic, Augmented):
    if undecided is None:
      undecided = sum(jnp.mean(gathered(scores, critic.axis_name)) for scores in (real, fake)) / 2
    critic.adapt(real - undecided)
