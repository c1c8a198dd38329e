"""The engine that plays every game: one turn, one round, many rounds.

The only grad of a loss, the only pmean, the only sum over micro-batches and the only moving average of this code base
are here.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import chex
import jax
import jax.numpy as jnp
import optax

from wgan_jax.axis import part_of
from wgan_jax.game import Batch, Game, Turn
from wgan_jax.keys import sample_keys
from wgan_jax.state import TrainState


class Play(NamedTuple):
  """A game and how it is played; none of this changes while it is.

  optimizers: {turn's loss: optax transform}.
  draw: (resident, minibatch, keys [B]) -> Batch, makes a batch of one minibatch of the feed, inside the jitted round.
  ema_decay, ema_start: decay of the moving averages, or rounds played [] -> decay; until round `ema_start` they merely
    copy what they follow.
  accumulate: micro-batches that a device computes its share of a batch in, one after another, for one update.
  """

  game: Game
  optimizers: dict[str, optax.GradientTransformation]
  draw: Callable = lambda resident, minibatch, keys: minibatch
  ema_decay: float | Callable = 0.999
  ema_start: int = 0
  accumulate: int = 1


def initial_state(play: Play, batch: Batch, key: jax.Array) -> TrainState:
  """The state before the first round. Of `batch`, a micro-batch, only shapes and types matter."""
  with part_of(0, play.accumulate):  # so that losses which need the whole batch refuse here already
    variables = play.game.init(key, batch)
  params, collections = variables['params'], {name: tree for name, tree in variables.items() if name != 'params'}
  learned = {turn.loss: {name: params[name] for name in turn.learns} for turn in play.game.turns}
  opt_state = {loss: play.optimizers[loss].init(tree) for loss, tree in learned.items()}
  state = TrainState(jnp.zeros((), jnp.int32), params, collections, opt_state, ema={})
  # A copy, for a state that holds one buffer twice cannot be donated.
  return state.replace(ema=jax.tree.map(jnp.copy, state.followed(play.game.averaged)))


def play_turn(play: Play, turn: Turn, state: TrainState, batch: Batch, key: jax.Array):
  """One update: the networks of `turn` descend its loss on one minibatch. Returns (state, metrics).

  Micro-batches are averaged as devices are: gradients, metrics and collections, each of which starts from the same
  state. So spectral vectors advance once and a game's memory moves once, as with the batch in one piece, to which all
  is equal but for rounding. Batch statistics alone are not: each micro-batch is normalised by its own, and their means
  are averaged, as https://github.com/ajbrock/BigGAN-PyTorch does.
  """
  axis_name = play.game.axis_name
  learned = {name: state.params[name] for name in turn.learns}

  def loss_fn(learned, batch):
    variables = {**state.variables(), 'params': {**state.params, **learned}}
    # Whatever stream of keys a game asks for, Linen falls back on the one called 'params'.
    options = {'method': turn.loss, 'rngs': {'params': key}, 'mutable': list(state.collections)}
    (loss, metrics), moved = play.game.apply(variables, batch, **options)
    return loss, (metrics, moved)

  def slopes(batch):
    (loss, (metrics, moved)), gradients = jax.value_and_grad(loss_fn, has_aux=True)(learned, batch)
    return (loss, metrics), (moved, gradients)

  like = state.collections, learned
  (loss, metrics), (moved, gradients) = _over_parts(slopes, batch, play.accumulate, like)
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
  return _of_floats(lambda x: jax.lax.pmean(x, axis_name), tree)


def _of_floats(fn, tree, *rest):
  # A count in a game's memory is the same in every piece of a batch, and a mean would make it a float.
  return jax.tree.map(lambda x, *others: fn(x, *others) if jnp.issubdtype(x.dtype, jnp.inexact) else x, tree, *rest)


def _over_parts(compute, batch, parts, like):
  """The mean of compute(micro-batch) over the micro-batches of a batch, of which one is in memory at a time.

  compute: batch -> (scalars, large trees): the scalars are kept of each micro-batch, of the trees only their sum.
  like: trees of the large ones' shapes and types.

  `python -m experiments.benchmarks.memory` tells how much memory that saves.
  """
  if parts == 1:
    return compute(batch)

  def add(totals, inputs):
    part, micro_batch = inputs
    with part_of(part, parts):
      scalars, trees = compute(micro_batch)
    return _of_floats(jnp.add, trees, totals), scalars

  micro_batches = jax.tree.map(lambda x: x.reshape(parts, x.shape[0] // parts, *x.shape[1:]), batch)
  totals, scalars = jax.lax.scan(add, jax.tree.map(jnp.zeros_like, like), (jnp.arange(parts), micro_batches))
  return jax.tree.map(lambda x: jnp.mean(x, axis=0), scalars), _of_floats(lambda x: x / parts, totals)


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
  decay = play.ema_decay(state.step) if callable(play.ema_decay) else play.ema_decay
  decay = jnp.where(state.step < play.ema_start, 0.0, decay)
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
