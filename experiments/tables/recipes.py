"""The rows of the table of modes: games on points in the plane that differ in what their name says."""

import functools
from typing import Any

from experiments import base, base_games

DIVERGENCES = 'kl', 'reverse_kl', 'pearson', 'neyman', 'squared_hellinger', 'jeffrey', 'jensen_shannon', 'gan'
RATE = 1e-3
# Exponentials of logits run away at higher rates.
F_GAN_RATE = 2e-4
SMALL = functools.partial(base.network, width=64, depth=2)


def duel(objective='non_saturating', penalty='none', weight=1.0, rate=RATE, **changes: Any) -> Any:
  """The game of two; changes are keys of it by their full names, dots being double underscores."""
  config = base.get_config()
  for optimizer in config.optimizer.values():
    optimizer.learning_rate = rate
  config.game.update(objective=objective, n_critic=1)
  config.game.penalty.update(name=penalty, weight=weight)
  config.update_from_flattened_dict({name.replace('__', '.'): value for name, value in changes.items()})
  return config


def other(game: dict, **groups: Any) -> Any:
  """Another game, with the networks that it has more."""
  config = duel()
  config.game = game
  for name, group in groups.items():
    config[name] = group
  return config


def unpenalised(game: dict, objective: str = 'non_saturating', **groups: Any) -> Any:
  """A game that adds to the game of two, with one critic update and no penalty."""
  config = other(game, **groups)
  config.game.update(objective=objective, n_critic=1)
  config.game.penalty.name = 'none'
  return config


def five(config: Any) -> Any:
  """The same with five critic updates in a round."""
  config.game.n_critic = 5
  return config


def objectives() -> dict[str, Any]:
  """{row: config} of the game of two."""
  clipped = duel('wasserstein', optimizer__critic_loss__clip_weights=0.1)
  for optimizer in clipped.optimizer.values():
    optimizer.name = 'rmsprop'
  return {
    'minimax': duel('minimax'),
    'non_saturating': duel(),
    'lsgan': duel('least_squares'),
    'wgan (clip 0.1)': five(clipped),
    'wgan_gp': five(duel('wasserstein', 'gradient_penalty', 0.1)),
    'wgan_gp one-sided': five(duel('wasserstein', 'gradient_penalty', 0.1, game__penalty__sided='one')),
    'hinge + spectral norm': duel('hinge', critic__spectral_norm=True),
    'dragan': duel(penalty='dragan', weight=0.1),
    'non_saturating + r1': duel(penalty='r1', weight=0.1),
    'non_saturating + r2': duel(penalty='r2', weight=0.1),
    'non_saturating + 0-gp': duel(penalty='zero_centered', weight=0.1),
    'r3gan': duel('relativistic', 'r1_r2', 0.1),
    'instance noise': duel(game__augment__name='instance_noise', game__augment__sigma=0.3),
    **{
      f'f-gan: {name}': duel('f_gan', rate=F_GAN_RATE, game__divergence=name, game__alternative=True)
      for name in DIVERGENCES
    },
  }


def games() -> dict[str, Any]:
  """{row: config} of the other games."""
  turns = {f'{turn}_loss': base.optimizer(learning_rate=RATE) for turn in ('critic', 'generator', 'reconstruction')}
  cramer, mmd = (five(other(keys(features=16))) for keys in (base_games.cramer, base_games.mmd))
  cramer.game.penalty.weight = mmd.game.penalty.weight = 0.1
  return {
    'lecam': unpenalised(base_games.lecam(), 'hinge'),
    'unrolled': unpenalised(base_games.unrolled()),
    'feature_matching': duel(game__name='feature_matching'),
    'infogan': unpenalised(base_games.infogan(categories=8, continuous=0), recognizer=SMALL(depth=0)),
    'ebgan': other(base_games.ebgan(code=8), decoder=SMALL()),
    'began': other(base_games.began(code=8), decoder=SMALL()),
    'cramer': cramer,
    'mmd': mmd,
    'alae': other(base_games.alae(), mapping=SMALL(), encoder=SMALL(), optimizer=turns),
    'vae': other(
      base_games.vae(likelihood='gaussian', sigma=0.05),
      encoder=SMALL(),
      optimizer=dict(negative_elbo=base.optimizer(learning_rate=RATE)),
    ),
  }


def recipes() -> dict[str, Any]:
  """{row: config} of the whole table."""
  return objectives() | games()
