"""The table of a game's networks: inputs, outputs and parameters, module by module."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import rich.box

from wgan_jax import parallel
from wgan_jax.data.source import Source
from wgan_jax.dispatch import drawn_shapes
from wgan_jax.game import Game

WIDTH = 150  # columns


def parameter_table(game: Game, source: Source, size: int, depth: int) -> str:
  """What `nn.tabulate` says of the game's first round on batches of `size` samples.

  depth: of the modules that have a row of their own: 1 for the networks, 2 for their layers or blocks.
  """
  batch, table = drawn_shapes(source, size), []
  options = {'console_kwargs': {'width': WIDTH, 'force_terminal': False}, 'table_kwargs': {'box': rich.box.MINIMAL}}

  def tabulate(key):
    zeros = jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), batch)
    table.append(nn.tabulate(game, key, depth=depth, **options)(zeros))
    return key

  # Some losses look along the axis of the devices; only shapes are computed, and the table while they are.
  jax.eval_shape(jax.vmap(tabulate, axis_name=parallel.AXIS), jax.random.key(0)[None])
  return '\n'.join(line.rstrip() for line in table[0].strip('\n').splitlines())
