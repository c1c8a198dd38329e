"""What to say when a run has left the finite numbers."""

from collections.abc import Iterable
from typing import Any

import jax
import numpy as np

from wgan_jax.game import Turn
from wgan_jax.state import TrainState


def all_finite(tree: Any) -> bool:
  """Whether every number of a tree of arrays is finite."""
  return all(np.isfinite(x).all() for x in jax.tree.leaves(jax.device_get(tree)))


def explain(turns: Iterable[Turn], metrics: dict[str, float], state: TrainState) -> str:
  """Which turn and which network of a round were the first to be not finite, in one clause.

  metrics: of that round; empty where they were finite and the weights alone are not.
  """
  weights = ', '.join(f'{name} {_largest(tree):.3g}' for name, tree in state.params.items())
  for turn in turns if metrics else ():
    norms = {name: metrics[f'gradient_norm/{turn.loss}/{name}'] for name in turn.learns}
    if all(np.isfinite([metrics[turn.loss], *norms.values()])):
      continue
    networks = [name for name, norm in norms.items() if not np.isfinite(norm)] or turn.learns
    values = f'loss {metrics[turn.loss]:.4g}, gradient norm ' + ', '.join(f'{norms[name]:.4g}' for name in networks)
    return f'in turn {turn.loss} of network {" and ".join(networks)} ({values}; largest weights: {weights})'
  bad = [name for name, value in metrics.items() if not np.isfinite(value)]
  if bad:
    return f'in {", ".join(bad)} (largest weights: {weights})'
  networks = [name for name, tree in state.params.items() if not all_finite(tree)]
  turn = next(turn.loss for turn in turns if set(networks) & set(turn.learns))
  return f'in turn {turn} of network {" and ".join(networks)}: its update (largest weights: {weights})'


def _largest(tree):
  return max(float(np.max(np.abs(x))) for x in jax.tree.leaves(jax.device_get(tree)))
