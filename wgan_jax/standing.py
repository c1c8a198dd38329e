"""Standing statistics: the batch statistics of a generator gathered anew, from codes like those it is sampled with.

Running statistics lag behind the weights, and know nothing of truncated codes. Brock et al., "Large Scale GAN
Training", appendix C, https://arxiv.org/abs/1809.11096, run the generator many times in training mode and pool what
its norms see.
"""

from collections.abc import Callable, Iterable
from typing import Any

import flax
import jax
import jax.numpy as jnp

from wgan_jax.game import Game
from wgan_jax.networks.norms import MOMENTUM
from wgan_jax.parallel import AXIS

COLLECTION = 'batch_stats'


def of_pass(game: Game, variables: dict[str, Any], z: jax.Array, label: jax.Array | None) -> dict[str, Any]:
  """{network: means and variances} of the batch that each norm meets in one pass; {} where there are no such norms.

  Nothing but these statistics is mutable: spectral vectors stay.

  Args:
    game: whose networks make samples; those that do not have no part in it.
    variables: of all its networks.
    z, label: of a batch.
  """

  def generate(variables):
    return game.apply(variables, z, label, train=True, method='generate', mutable=[COLLECTION])[1].get(COLLECTION, {})

  # Norms were built for an axis of devices: here it has the length 1.
  alone = jax.vmap(generate, axis_name=AXIS, axis_size=1, in_axes=None)
  others = {name: tree for name, tree in variables.items() if name != COLLECTION}
  zeros = jax.tree.map(lambda x: jnp.zeros(x.shape[1:], x.dtype), jax.eval_shape(alone, others))
  # From zeros, a running average is the new value times its weight, exactly.
  return jax.tree.map(lambda x: x[0] / (1 - MOMENTUM), alone({**others, COLLECTION: zeros}))


def pooled(passes: list[dict[str, Any]]) -> dict[str, Any]:
  """Means and variances of all batches together, which are of one size: the variance of the means is part of it."""
  found = [flax.traverse_util.flatten_dict(one) for one in passes]
  result = {}
  for path in found[0]:
    means = jnp.stack([one[(*path[:-1], 'mean')] for one in found])
    mean = jnp.mean(means, axis=0)
    spread = jnp.mean((means - mean[None]) ** 2, axis=0)  # mean(mean_i^2) - mean^2, and never below zero
    within = jnp.mean(jnp.stack([one[(*path[:-1], 'var')] for one in found]), axis=0)
    result[path] = {'mean': mean, 'var': within + spread}[path[-1]]
  return flax.traverse_util.unflatten_dict(result)


def standing_statistics(
  one_pass: Callable, variables: dict[str, Any], batches: Iterable[tuple[jax.Array, jax.Array | None]]
) -> dict[str, Any]:
  """The variables with the standing statistics of the networks that make samples; all else is as it was.

  Args:
    one_pass: `of_pass` of a game, (variables, z, label) -> statistics, compiled or not.
    variables: moving averages or those of one round.
    batches: (codes, labels) of one size; without any, and without batch statistics, nothing changes.
  """
  passes = []
  for z, label in batches:
    passes.append(one_pass(variables, z, label))
    if not passes[0]:
      break
  if not any(passes):
    return variables
  return {**variables, COLLECTION: {**variables[COLLECTION], **pooled(passes)}}
