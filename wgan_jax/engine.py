"""The engine that plays every game: one turn, one round, many rounds.

The only grad of a loss, the only pmean and the only moving average of this code base are here.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import chex
import jax
import jax.numpy as jnp
import optax

from wgan_jax.game import Batch, Game, Turn
from wgan_jax.keys import sample_keys
from wgan_jax.state import TrainState


class Play(NamedTuple):
  """A game and how it is played; none of this changes while it is.

  optimizers: {turn's loss: optax transform}.
  draw: (resident, minibatch, keys [B]) -> Batch, makes a batch of one minibatch of the feed, inside the jitted round.
  ema_decay, ema_start: decay of the moving averages, which merely copy what they follow until round `ema_start`.
  """

  game: Game
  optimizers: dict[str, optax.GradientTransformation]
  draw: Callable = lambda resident, minibatch, keys: minibatch
  ema_decay: float = 0.999
  ema_start: int = 0


def initial_state(play: Play, batch: Batch, key: jax.Array) -> TrainState:
  """The state before the first round. Of `batch` only shapes and types matter."""
  variables = play.game.init(key, batch)
  params, collections = variables['params'], {name: tree for name, tree in variables.items() if name != 'params'}
  learned = {turn.loss: {name: params[name] for name in turn.learns} for turn in play.game.turns}
  opt_state = {loss: play.optimizers[loss].init(tree) for loss, tree in learned.items()}
  state = TrainState(jnp.zeros((), jnp.int32), params, collections, opt_state, ema={})
  # A copy, for a state that holds one buffer twice cannot be donated.
  return state.replace(ema=jax.tree.map(jnp.copy, state.followed(play.game.averaged)))


def play_turn(play: Play, turn: Turn, state: TrainState, batch: Batch, key: jax.Array):
  """One update: the networks of `turn` descend its loss on one minibatch. Returns (state, metrics)."""
  axis_name = play.game.axis_name
  learned = {name: state.params[name] for name in turn.learns}

  def loss_fn(learned):
    variables = {**state.variables(), 'params': {**state.params, **learned}}
    # Whatever stream of keys a game asks for, Linen falls back on the one called 'params'.
    options = {'method': turn.loss, 'rngs': {'params': key}, 'mutable': list(state.collections)}
    (loss, metrics), moved = play.game.apply(variables, batch, **options)
    return loss, (metrics, moved)

  (loss, (metrics, moved)), gradients = jax.value_and_grad(loss_fn, has_aux=True)(learned)
  if axis_name is not None:
    loss, metrics, moved, gradients = _mean((loss, metrics, moved, gradients), axis_name)
  updates, opt_state = play.optimizers[turn.loss].update(gradients, state.opt_state[turn.loss], learned)
  norms = {f'gradient_norm/{turn.loss}/{name}': optax.tree.norm(tree) for name, tree in gradients.items()}
  stays = set(state.params) - set(turn.learns)
  state = state.replace(
    params={**state.params, **optax.apply_updates(learned, updates)},
    collections={
      name: {key: tree[key] if key in stays else moved[name][key] for key in tree}
      for name, tree in state.collections.items()
    },
    opt_state={**state.opt_state, turn.loss: opt_state},
  )
  return state, {turn.loss: loss, **metrics, **norms}


def _mean(tree, axis_name):
  # A count in a game's memory is the same on every device, and a mean would make it a float.
  return jax.tree.map(lambda x: jax.lax.pmean(x, axis_name) if jnp.issubdtype(x.dtype, jnp.inexact) else x, tree)


def play_round(play: Play, state: TrainState, feed: Any, key: jax.Array, resident: Any = None, turns=None):
  """Every turn once, with its repeats. Returns (state, metrics of the last repeat of each turn).

  Args:
    feed: a tree of arrays [sum of the turns' repeats, B, ...], a minibatch for each update.
    key: the key of the whole run: the round's own is folded from it and `state.step`.
    resident: data that `play.draw` indexes; it stays on the device.
    turns: the turns to play, `play.game.turns` by default.
  """
  round_key, metrics, first = jax.random.fold_in(key, state.step), {}, 0
  turns = turns or play.game.turns
  chex.assert_tree_shape_prefix(feed, (sum(turn.repeats for turn in turns),))
  for index, turn in enumerate(turns):
    turn_key = jax.random.fold_in(round_key, index)

    def update(state, inputs, turn=turn, turn_key=turn_key):
      minibatch, repeat = inputs
      draw_key, play_key = jax.random.split(jax.random.fold_in(turn_key, repeat))
      size = jax.tree.leaves(minibatch)[0].shape[0]
      batch = play.draw(resident, minibatch, sample_keys(draw_key, size, play.game.axis_name))
      return play_turn(play, turn, state, batch, play_key)

    minibatches = jax.tree.map(lambda x, a=first, b=first + turn.repeats: x[a:b], feed)
    state, history = jax.lax.scan(update, state, (minibatches, jnp.arange(turn.repeats)))
    metrics.update(jax.tree.map(lambda x: x[-1], history))
    first += turn.repeats
  return _follow(play, state.replace(step=state.step + 1)), metrics


def _follow(play: Play, state: TrainState) -> TrainState:
  decay = jnp.where(state.step < play.ema_start, 0.0, play.ema_decay)
  ema = optax.incremental_update(state.followed(play.game.averaged), state.ema, 1 - decay)
  return state.replace(ema=ema)


def _all_finite(tree):
  return jnp.all(jnp.stack([jnp.all(jnp.isfinite(x)) for x in jax.tree.leaves(tree)]))


def play_rounds(
  play: Play, state: TrainState, feed: Any, key: jax.Array, n: jax.Array, resident: Any = None, turns=None
):
  """Up to n rounds in one program, leaving at the first whose metrics and parameters are not all finite.

  n is traced and the loop a while-loop, so that one program serves any number of rounds: the bits of a run then do not
  depend on where it was cut into dispatches, as they would if XLA compiled loops of other lengths in other ways.

  Args:
    feed: as in `play_round` with a leading axis of K >= n rounds.

  Returns:
    (state, metrics [K] of which the rounds played are filled, rounds played [] int32).
  """
  capacity = jax.tree.leaves(feed)[0].shape[0]

  def one(state, i):
    return play_round(play, state, jax.tree.map(lambda x: x[i], feed), key, resident, turns)

  def proceed(carry):
    _, _, i, finite = carry
    return (i < n) & finite

  def body(carry):
    state, history, i, _ = carry
    state, metrics = one(state, i)
    history = jax.tree.map(lambda h, m: h.at[i].set(m), history, metrics)
    return state, history, i + 1, _all_finite((metrics, state.params))

  shapes = jax.eval_shape(one, state, 0)[1]
  history = jax.tree.map(lambda m: jnp.zeros((capacity,), m.dtype), shapes)
  state, history, played, _ = jax.lax.while_loop(proceed, body, (state, history, jnp.int32(0), jnp.bool_(True)))
  return state, history, played
