"""What a critic is watched by while it trains: whether it measures what it claims, and whether it learns by heart."""

from typing import Any

import numpy as np

from wgan_jax import build, evaluators
from wgan_jax.errors import UserError
from wgan_jax.game import Game
from wgan_jax.looks import Looks
from wgan_jax.watching import duality, overfitting
from wgan_jax.watching.judge import Judge

Samples = dict[str, np.ndarray]  # 'image' [N, ...] and, where known, 'label' [N]


def held_out_samples(config: Any, game: Game) -> Samples | None:
  """Real samples that no network learns from; None where there are none, or no critic that could tell them apart.

  Raises:
    UserError: when there is but one, of which nothing can be tested.
  """
  source = build.build_held_out(config) if game.judges and config.log.n_held_out else None
  if source is None:
    return None
  if (n := min(config.log.n_held_out, source.size)) < 2:
    raise UserError(
      'nothing can be tested on one held-out sample: set --config.log.n_held_out=2 or more, 0 for no test'
    )
  return evaluators.real_samples(source, n)


def of_critic(
  config: Any, judge: Judge, real: Samples, held_out: Samples | None, size: int
) -> list[evaluators.Evaluator]:
  """What watches the critic of a game, if it makes one number of one sample.

  size: how many distinct real samples there are, 0 for no end of them.
  """
  log, game = config.log, judge.game
  distinct = {name: x[: size or None] for name, x in real.items()}  # what comes again counts once
  found = []
  if game.judges and game.estimates_w1 and log.n_critic_w1:
    found.append(duality.evaluator(judge, distinct, log.n_critic_w1, game.critic_conditional))
  if held_out is not None:
    training = {name: x[: log.n_held_out] for name, x in distinct.items()}
    found.append(overfitting.evaluator(judge, training, held_out, Looks.of(config).count()))
  return found
