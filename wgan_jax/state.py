"""TrainState: all that training changes, and nothing else."""

from typing import Any

import flax
import jax

# Spectral vectors are not among them: they are directions, and the mean of directions is none.
AVERAGED_COLLECTIONS = ('params', 'batch_stats')


@flax.struct.dataclass
class TrainState:
  """What a round is a pure function of. No functions inside; meant to be donated.

  step: rounds played, int32 [].
  params: {network: parameters}.
  collections: {collection: {network: variables}}, e.g. batch_stats or spectral; a game's own memory by variable name.
  opt_state: {turn's loss: optimiser state}.
  ema: {collection: {network: moving averages}} for the networks in `game.averaged`, 'params' being one collection.
  """

  step: jax.Array
  params: dict[str, Any]
  collections: dict[str, Any]
  opt_state: dict[str, Any]
  ema: dict[str, Any]

  def variables(self) -> dict[str, Any]:
    """What the game computes with while it trains."""
    return {'params': self.params, **self.collections}

  def averaged_variables(self) -> dict[str, Any]:
    """The same with the moving averages in place of what they average: what samples are drawn with."""
    return {name: {**tree, **self.ema.get(name, {})} for name, tree in self.variables().items()}

  def followed(self, networks: tuple[str, ...]) -> dict[str, Any]:
    """The part of `variables()` that the moving averages of `networks` follow."""
    trees = {name: tree for name, tree in self.variables().items() if name in AVERAGED_COLLECTIONS}
    return {name: {n: tree[n] for n in networks if n in tree} for name, tree in trees.items()}
