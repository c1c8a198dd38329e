"""Games on the line: a generator that moves its points, a linear critic, and the paths that the two take."""

from collections.abc import Callable
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.data.toy import Mixture, toy_source
from wgan_jax.engine import Play, initial_state, play_round, play_turn
from wgan_jax.game import Batch
from wgan_jax.lecture.playing import Training, with_fields
from wgan_jax.objectives import Objective
from wgan_jax.prepare import prepare
from wgan_jax.state import TrainState

KEY = jax.random.key(0)
Move = Callable[[Play, TrainState, Batch], TrainState]


class Shift(nn.Module):
  """z [B, D] -> z + theta, with theta [D]. start: what all of theta is in the beginning."""

  start: float = 0.0

  @nn.compact
  def __call__(self, z: jax.Array, label: Any = None, *, train: bool) -> jax.Array:
    return z + self.param('theta', nn.initializers.constant(self.start), z.shape[1:])[None]


class Slope(nn.Module):
  """x [B, D] -> psi . x [B], with psi [D]. start: what all of psi is in the beginning."""

  start: float = 0.0

  @nn.compact
  def __call__(self, x: jax.Array, label: Any = None, *, train: bool) -> jax.Array:
    return x @ self.param('psi', nn.initializers.constant(self.start), x.shape[1:])


def facing(config: Any, apart: float) -> Training:
  """A critic that learns to tell N(-apart / 2, 1) from N(apart / 2, 1), a generator that stays as it is.

  config: of points in the plane, whose data, prior and generator are not looked at; it is changed.
  """
  config.game.n_critic = 1
  config.optimizer.generator_loss.update(name='sgd', learning_rate=0.0)
  config.prior.dim, config.train.devices = 1, 1
  data = toy_source(Mixture(np.float32([[-apart / 2]]), 1.0), config.data.batch_size, 1)
  return Training(config, with_fields(prepare(config, data), generator=Shift(apart / 2)))


def best_logits(x: np.ndarray, theta: float) -> np.ndarray:
  """log p - log q at x [N] of data N(0, 1) and fakes N(theta, 1): of the best discriminator."""
  return theta * (theta / 2 - x)


def codes(theta: float, n: int = 9601) -> tuple[np.ndarray, np.ndarray]:
  """Places z [n] and masses [n] of N(0, 1), which reach to where theta + z are among data from N(0, 1)."""
  z, step = np.linspace(-12 - abs(theta) / 2, 12 + abs(theta) / 2, n, retstep=True)  # n for all: JAX compiles once
  return z, np.exp(-(z**2) / 2) * step / np.sqrt(2 * np.pi)


def slopes_of(objective: Objective, logits: np.ndarray) -> np.ndarray:
  """The derivative of what a generator pays by each logit [N] of its samples: [N] float64."""
  with jax.enable_x64(True):
    return np.asarray(jax.grad(lambda v: jnp.sum(objective.generator(v, v)))(jnp.asarray(logits, jnp.float64)))


def told_by_the_best_logits(objective: Objective, theta: float) -> float:
  """The gradient on theta at the best discriminator of data N(0, 1) and fakes theta + z: an integral over z."""
  z, masses = codes(theta)
  return 0.0 - theta * float(masses @ slopes_of(objective, best_logits(theta + z, theta)))


def in_turns(play: Play, state: TrainState, batch: Batch) -> TrainState:
  """A round as the engine plays it: the generator meets the critic that has just learned."""
  updates = sum(turn.repeats for turn in play.game.turns)
  return play_round(play, state, jax.tree.map(lambda x: jnp.stack([x] * updates), batch), KEY)[0]


def at_once(play: Play, state: TrainState, batch: Batch) -> TrainState:
  """A round in which neither has seen the other's move."""
  key = jax.random.fold_in(KEY, state.step)
  after = {turn.learns[0]: play_turn(play, turn, state, batch, key)[0].params for turn in play.game.turns}
  return state.replace(step=state.step + 1, params={name: params[name] for name, params in after.items()})


def place(state: TrainState) -> jax.Array:
  """theta, psi and the moving average of theta, each of one dimension: [3]."""
  trees = state.params['generator'], state.params['critic'], state.ema
  return jnp.concatenate([jax.tree.leaves(tree)[0] for tree in trees])


def walked(play: Play, batch: Batch, rounds: int, move: Move = in_turns) -> np.ndarray:
  """`place` before the first round and after each: [rounds + 1, 3]."""
  state = initial_state(play, batch, KEY)
  walk = jax.jit(lambda state: jax.lax.scan(lambda s, _: (move(play, s, batch), place(s)), state, length=rounds + 1))
  return np.asarray(walk(state)[1], np.float64)


def spectral_radius(play: Play, batch: Batch, move: Move = in_turns) -> float:
  """How many times as long a round makes a small step away from (0, 0), where the game is at rest."""
  return float(np.abs(np.linalg.eigvals(round_near_rest(play, batch, move))).max())


def round_near_rest(play: Play, batch: Batch, move: Move = in_turns, step: float = 1e-2) -> np.ndarray:
  """What a round makes of small steps away from (0, 0): its derivative there, [2, 2].

  By central differences: losses stop gradients, so that a round has no derivative that JAX could take.
  """
  state = initial_state(play, batch, KEY)

  def after(begin):
    begin = dict(zip(('generator', 'critic'), begin, strict=True))
    params = {name: jax.tree.map(lambda x, new=new: new[None], state.params[name]) for name, new in begin.items()}
    return place(move(play, state.replace(params=params), batch))[:2]

  steps = step * jnp.eye(2)
  there, back = (np.asarray(jax.jit(jax.vmap(after))(begin), np.float64) for begin in (steps, -steps))
  return (there - back).T / (2 * step)
