"""Tables of a game's networks: inputs, outputs and parameters, module by module."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import rich.box

from wgan_jax import parallel
from wgan_jax.data.source import Source
from wgan_jax.dispatch import drawn_shapes
from wgan_jax.game import Game


def parameter_tables(game: Game, source: Source, size: int, depth: int, width: int) -> str:
  """What `nn.tabulate` says of each network, at its first call of a round on batches of `size` samples.

  depth: of the modules that have a row of their own: 0 for whole networks, 1 for their layers or blocks.
  width: of a line, in columns.
  """
  batch, tables = drawn_shapes(source, size), []

  def tabulate(key):
    for name, (network, arguments, options) in _first_calls(game, batch, key).items():
      looks = {'console_kwargs': {'width': width, 'force_terminal': False}, 'table_kwargs': {'box': rich.box.MINIMAL}}
      rows = nn.tabulate(network, key, depth=depth and depth + _wrapped(network), **looks)(
        *arguments, **options
      ).splitlines()
      # Without the last line, whose total takes in statistics and spectral vectors.
      rows = [row.rstrip() for row in rows[:-2] if row.strip()]
      tables.append('\n'.join([f'{name}: {rows[0].strip()}', *rows[1:-1]]))
    return key

  # Some losses look along the axis of the devices; only shapes are computed, and the tables while they are.
  jax.eval_shape(jax.vmap(tabulate, axis_name=parallel.AXIS), jax.random.key(0)[None])
  return '\n\n'.join(tables) + '\n'


def _first_calls(game, batch, key):
  """{network: (module, arguments, options)} of each network's first call."""
  names, calls = {name for turn in game.turns for name in turn.learns}, {}

  def record(call, arguments, options, context):
    path = context.module.path
    if context.method_name == '__call__' and len(path) == 1 and path[0] in names - set(calls):
      calls[path[0]] = context.module.clone(parent=None), arguments, options
    return call(*arguments, **options)

  with nn.intercept_methods(record):
    game.init(key, jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), batch))
  return calls


def _wrapped(network):
  """How many networks this one is wrapped in, which are no level of their own."""
  return 1 + _wrapped(network.network) if hasattr(network, 'network') else 0
