"""Numbers that change with the count of updates, or of rounds: functions of that count, traced or not."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

Schedule = Callable[[jax.Array], jax.Array]


def cosine(start: float, end: float, updates: int) -> Schedule:
  """From `start` to `end` along half a wave of a cosine within so many updates, then `end`.

  count -> end + (start - end) (1 + cos(pi min(count / updates, 1))) / 2. Loshchilov & Hutter, "SGDR", Eq. 5,
  https://arxiv.org/abs/1608.03983, without restarts.
  """
  return lambda count: end + (start - end) * (1 + jnp.cos(jnp.pi * jnp.minimum(count / updates, 1.0))) / 2


def rising_decay(decay: float, rounds: int) -> Schedule:
  """The decay of a moving average whose half-life rises from 0 to that of `decay`, as `cosine` does, in `rounds`.

  A decay d has the half-life log(1/2) / log(d), a share s of which is that of d^(1 / s).
  """
  share = cosine(0.0, 1.0, rounds)
  return lambda count: decay ** (1 / jnp.maximum(share(count), 1e-9))
