"""Transport between more points than an exact plan can take: Sinkhorn's iterations by ott-jax, and what they prove.

An entropic plan is blurred, and its cost is not the distance. But its potentials, made feasible, bound the exact cost
from below by duality, and its plan, made to have the right margins, bounds it from above: however far the iterations
came, the truth lies between.
"""

import warnings
from types import ModuleType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.points import blocks, euclidean, pair_of_masses, pair_of_points, power

ENTRIES = 900_000_000  # of the cost matrix in float32, 3.6 GB; of ott-jax 0.6.0, what computes costs each time fails
STRIDED = 1000  # samples of each kind of which the mean cost is taken


class Bounds(NamedTuple):
  """What Sinkhorn's iterations prove.

  lower, upper: of the exact optimal cost.
  v: potentials of y, [M]; with p = 1, `transport.optimal_critic(y, v)` is a critic that attains `lower`, or more.
  epsilon: the weight of the entropy, in the unit of the costs.
  """

  lower: float
  upper: float
  v: np.ndarray
  epsilon: float


def sinkhorn(
  x: np.ndarray,
  y: np.ndarray,
  a: np.ndarray | None = None,
  b: np.ndarray | None = None,
  p: float = 1,
  epsilon: float = 0.003,
  iterations: int = 2000,
) -> Bounds:
  """Bounds of the least cost of moving masses a at x to masses b at y, of which mass 1 costs |x_i - y_j|^p.

  Cuturi, "Sinkhorn Distances", https://arxiv.org/abs/1306.0895, with epsilon falling from a hundredfold and successive
  over-relaxation (Thibault et al., https://arxiv.org/abs/1711.01851), which take a quarter of the iterations here.

  Args:
    x, y: [N, ...] and [M, ...].
    a, b: masses of equal sums; None for 1 / N and 1 / M each.
    epsilon: weight of the entropy, as a share of the mean cost; the smaller, the closer the bounds and the slower.
    iterations: at most so many.
  """
  (x, y), p = pair_of_points(x, y), power(p)
  a, b = pair_of_masses(a, len(x), b, len(y))
  if not np.isfinite(epsilon) or epsilon <= 0:
    raise UserError(f'epsilon={epsilon:g} blurs no plan: choose a positive share of the mean cost, such as 0.003')
  if len(x) * len(y) > ENTRIES:
    raise UserError(
      f'{len(x)} x {len(y)} costs are too many even for Sinkhorn: take at most {ENTRIES**0.5:.0f} points of each'
    )
  sampled = [z[:: -(-len(z) // STRIDED)] for z in (x, y)]
  scale = float(np.mean(euclidean(*sampled) ** p)) or 1.0
  epsilon = epsilon * scale
  return bounds(x, y, a, b, p, scale * solve(x, y, a / a.sum(), b / b.sum(), p, scale, epsilon, iterations), epsilon)


def solve(x, y, a, b, p, scale, epsilon, iterations) -> np.ndarray:
  """Potentials of y in units of `scale` for which costs are of the order of 1, as they should be in float32: [M]."""
  toolbox = ott()
  kept = np.concatenate([(c / scale).astype(np.float32) for _, c in blocks(x, y, p)])

  @jax.jit
  def run(costs, a, b):
    falling = toolbox.geometry.epsilon_scheduler.Epsilon(epsilon / scale, init=100.0, decay=0.9)
    geometry = toolbox.geometry.geometry.Geometry(cost_matrix=costs, epsilon=falling)
    faster = toolbox.solvers.linear.acceleration.Momentum(value=1.5, start=100)
    solver = toolbox.solvers.linear.sinkhorn.Sinkhorn(momentum=faster, max_iterations=iterations)
    return solver(toolbox.problems.linear.linear_problem.LinearProblem(geometry, a=a, b=b)).g

  with jax.numpy_rank_promotion('allow'):
    return np.asarray(run(*map(jnp.float32, (kept, a, b))), np.float64)


def bounds(x, y, a, b, p, g, epsilon) -> Bounds:
  """The same for potentials g [M] of y, whatever they are, in two passes over the costs in float64.

  Of the plan that they stand for, rows are scaled to their masses, columns down to theirs, and what is left is moved in
  proportion to what is missing (Altschuler et al., "Near-linear time approximation algorithms for optimal transport via
  Sinkhorn iteration", Algorithm 2, https://arxiv.org/abs/1705.09634).
  """
  g = np.where(np.isfinite(g), g, 0.0)
  u, arriving, shares = np.empty(len(x)), np.zeros(len(y)), np.empty(len(x))
  for rows, costs in blocks(x, y, p):
    u[rows] = np.min(costs - g, axis=1)
    weights = np.exp((g - costs + u[rows, None]) / epsilon)
    shares[rows] = a[rows] / weights.sum(axis=1)
    arriving += shares[rows] @ weights
  kept = np.minimum(1.0, b / np.maximum(arriving, np.finfo(float).tiny))
  missing = b - kept * arriving
  upper, v, moved = 0.0, np.full(len(y), np.inf), max(missing.sum(), np.finfo(float).tiny)
  for rows, costs in blocks(x, y, p):
    plan = shares[rows, None] * np.exp((g - costs + u[rows, None]) / epsilon) * kept
    upper += np.sum(plan * costs) + (a[rows] - plan.sum(axis=1)) @ (costs @ missing) / moved
    v = np.minimum(v, np.min(costs - u[rows, None], axis=0))
  return Bounds(float(a @ u + b @ v), float(upper), v, epsilon)


def ott() -> ModuleType:
  """ott-jax, without jaxopt's warning that its own days are over; a UserError where it is not installed."""
  try:
    with warnings.catch_warnings():
      warnings.filterwarnings('ignore', 'JAXopt is no longer maintained', DeprecationWarning)
      import ott.solvers.linear.acceleration  # here, because importing it takes seconds and most runs need none
  except ImportError as error:
    raise UserError("Sinkhorn's iterations need ott-jax: pip install 'ott-jax>=0.6', or take fewer points") from error
  return ott
