"""A critic against a generator that does not learn, until there is nothing more to learn about it."""

import dataclasses
from typing import Any

import flax.linen as nn
import jax

from wgan_jax.errors import UserError
from wgan_jax.evaluators import Look
from wgan_jax.game import Turn
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.lecture.playing import Training
from wgan_jax.prepare import prepare
from wgan_jax.priors import Prior
from wgan_jax.state import TrainState
from wgan_jax.watching import duality


class Same(nn.Module):
  """A generator whose samples are its codes."""

  def __call__(self, z, label=None, *, train):
    del label, train
    return z


class CriticAlone(Adversarial, kw_only=True):
  """The critic's half of the game of two; what the prior draws are the fakes, for ever."""

  @property
  def averaged(self):
    return ()

  def _turns(self, n_critic):
    return (Turn('critic_loss', ('critic',), n_critic),)

  def played_before(self, step):
    return {'critic_loss': super().played_before(step)['critic_loss']}


def settings(experiment: Any, data: str, updates: int, rate: float, seed: int, **critic: int) -> Any:
  """The config of a toy experiment for a critic alone, whose rate falls to 0 within so many updates.

  critic: its keys, such as width and depth.
  """
  config = experiment.get_config()
  config.seed = seed
  config.data.name = data
  config.critic.update(critic)
  config.generator.update(width=1, depth=1)  # which is not used
  config.game.n_critic = 1
  config.optimizer.critic_loss.update(learning_rate=rate, decay='linear')
  config.train.update(steps=updates, rounds_per_dispatch=min(updates, 250), devices=1)
  config.log.n_evaluate = 2000
  return config


def clip(config: Any, limit: float) -> None:
  """Has the critic's weights clipped to ±limit.

  Raises:
    UserError: for a limit that leaves nothing.
  """
  if not limit > 0:
    raise UserError(f'weights are clipped to a number above 0, not to {limit:g}')
  config.optimizer.critic_loss.clip_weights = limit


def noisy(density: Any, sigma: float) -> Prior:
  """Samples of a toy density plus Gaussian noise, as FIXED_GENERATOR in the WGAN-GP authors' gan_toy.py."""

  def one(key):
    where, noise = jax.random.split(key)
    return density.sample(where[None])[0] + sigma * jax.random.normal(noise, (2,))

  return jax.vmap(one)


def critic_alone(config: Any, noise: float) -> Training:
  """The game of two that `config` describes on a toy density, with the fakes of `noisy` in place of the generator.

  Raises:
    UserError: for other data.
  """
  made = prepare(config)
  if made.source.density is None:
    raise UserError(
      f'{config.data.name} is of no known density: choose 8gaussians, 25gaussians, swissroll or 2gaussians'
    )
  game = made.play.game
  fields = {f.name: getattr(game, f.name) for f in dataclasses.fields(game) if f.name not in ('name', 'parent')}
  fields.update(generator=Same(), prior=noisy(made.source.density, noise))
  return Training(config, made._replace(play=made.play._replace(game=CriticAlone(**fields))))


def duality_of(training: Training, state: TrainState, n: int) -> dict[str, float]:
  """What `watching.duality` says of the critic on n samples of each kind: its names, without 'critic/'."""
  scores = duality.evaluator(training.judge, training.real, n, within_classes=False).scores(Look(0, state, None))
  return {name.removeprefix('critic/'): value for name, value in scores}
