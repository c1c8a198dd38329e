"""Exact optimal transport: costs, plans, and the Kantorovich potentials that prove a plan to be the best.

Everything is numpy's float64 on the host, so that what a critic estimates can be held against the truth.
Peyre & Cuturi, "Computational Optimal Transport", chapters 2 and 3, https://arxiv.org/abs/1803.00567.
"""

import os
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import numpy as np
import scipy.optimize

from wgan_jax.errors import UserError
from wgan_jax.points import euclidean, finite_costs, pair_of_masses, pair_of_points, points, power

ENTRIES = 100_000_000  # of a cost matrix: 0.8 GB, of which the network simplex makes 4 GB (measured at 64 million: 2.6)


class Plan(NamedTuple):
  """An optimal plan with its proof.

  rows, columns, masses: [K], the pairs between which mass moves and how much, K < N + M.
  cost: the sum of mass times cost over them.
  u, v: [N] and [M], dual potentials, the prices of Kantorovich's dual: u_i + v_j <= C_ij, with equality on the pairs.
  """

  rows: np.ndarray
  columns: np.ndarray
  masses: np.ndarray
  cost: float
  u: np.ndarray
  v: np.ndarray

  def matrix(self) -> np.ndarray:
    """The plan as [N, M], whose rows and columns sum to the masses."""
    matrix = np.zeros((len(self.u), len(self.v)))
    matrix[self.rows, self.columns] = self.masses
    return matrix


class Gap(NamedTuple):
  """How far a plan and its potentials are from proving one another optimal; both are 0 where they do.

  gap: primal minus dual, sum of C over the plan minus sum of a u + b v.
  violation: the largest u_i + v_j - C_ij, or 0.
  """

  gap: float
  violation: float


def cost_matrix(x: np.ndarray, y: np.ndarray, p: float = 1) -> np.ndarray:
  """|x_i - y_j|^p in Euclid's norm: [N, ...] and [M, ...] -> [N, M].

  Raises:
    UserError: where the matrix would have more than ENTRIES entries.
  """
  (x, y), p = pair_of_points(x, y), power(p)
  if len(x) * len(y) > ENTRIES:
    raise UserError(
      f'{len(x)} x {len(y)} costs are too many to be held at once: take at most {ENTRIES**0.5:.0f} points of each, '
      'or wgan_jax.sinkhorn'
    )
  return euclidean(x, y) ** p if p != 1 else euclidean(x, y)


def assignment(costs: np.ndarray) -> Plan:
  """The cheapest pairing of N rows with N columns, each of mass 1, by scipy's shortest augmenting paths.

  Crouse, "On implementing 2D rectangular assignment algorithms" (2016). Its potentials come from `potentials`.

  Args:
    costs: [N, N].
  """
  costs = finite_costs(costs)
  columns = pairing(costs)
  rows = np.arange(len(costs))
  return Plan(rows, columns, np.ones(len(rows)), float(costs[rows, columns].sum()), *potentials(costs, columns))


def pairing(costs: np.ndarray) -> np.ndarray:
  """The columns [N] of that assignment alone, row by row, without the proof, which takes longer than the pairing."""
  costs = finite_costs(costs)
  if costs.shape[0] != costs.shape[1]:
    raise UserError(f'{len(costs)} rows cannot be paired with {costs.shape[1]} columns: plan splits masses instead')
  return scipy.optimize.linear_sum_assignment(costs)[1]


def potentials(costs: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
  """Dual potentials (u [N], v [N]) of an optimal assignment of row i to columns[i].

  u_i = min_k u_k + C[i, columns_k] - C[k, columns_k] is a system of shortest paths without a negative cycle, because
  the assignment is optimal: repeating it from zero ends after at most N times (Bellman & Ford), mostly after a few.
  """
  matched = costs[np.arange(len(costs)), columns]
  rounding = 1e-13 * max(np.abs(costs).max(), np.finfo(float).tiny)
  u, v = np.zeros(len(costs)), np.empty(len(costs))
  for _ in range(len(costs) + 1):
    v[columns] = matched - u
    before, u = u, np.minimum(u, c_transform(costs, v))
    if np.all(before - u <= rounding):
      break
  return u, v


def plan(a: np.ndarray | None, b: np.ndarray | None, costs: np.ndarray, iterations: int = 10_000_000) -> Plan:
  """The cheapest way to move masses a to masses b, by POT's network simplex.

  Bonneel et al., "Displacement Interpolation Using Lagrangian Mass Transport" (2011).

  Args:
    a, b: masses [N] and [M] of equal sums, 0 or more; None for 1 / N and 1 / M each.
    costs: [N, M], what it costs to move mass 1 from each to each.
    iterations: pivots of the simplex after which it is given up.

  Raises:
    UserError: for masses that do not agree, or when the iterations do not suffice.
  """
  costs = finite_costs(costs)
  a, b = pair_of_masses(a, costs.shape[0], b, costs.shape[1])
  with warnings.catch_warnings():
    warnings.simplefilter('ignore', UserWarning)  # of too few iterations, which becomes an error here
    matrix, log = pot().emd(a, b, costs, numItermax=iterations, log=True, check_marginals=False)
  if log['warning'] is not None:
    raise UserError(
      f'no optimal plan of {len(a)} x {len(b)} points after {iterations} iterations of the network simplex: give it '
      f'iterations={10 * iterations}'
    )
  rows, columns = np.nonzero(matrix)
  return Plan(rows, columns, matrix[rows, columns], float(log['cost']), log['u'], log['v'])


def pot() -> ModuleType:
  """POT, without the frameworks that it would import wherever they are installed: they take seconds and memory."""
  switches = [f'POT_BACKEND_DISABLE_{name}' for name in ('PYTORCH', 'TENSORFLOW', 'CUPY')]
  ours = [name for name in switches if name not in os.environ]
  os.environ.update(dict.fromkeys(ours, '1'))
  try:
    import ot  # here, because runs that ask for no plan need not wait for it
  finally:
    for name in ours:
      del os.environ[name]
  return ot


def c_transform(costs: np.ndarray, v: np.ndarray) -> np.ndarray:
  """The largest u that v allows, u_i = min_j C_ij - v_j: [N, M] and [M] -> [N]. For v's, give costs.T and u."""
  return np.array(
    [np.min(row - v) for row in costs]
  )  # row by row, because costs may fill the memory once, but not twice


def dual_gap(plan: Plan, costs: np.ndarray) -> Gap:
  """Whether a plan and its potentials prove one another optimal, in the unit of the costs [N, M] times mass."""
  slack = costs[plan.rows, plan.columns] - plan.u[plan.rows] - plan.v[plan.columns]
  violation = np.max(plan.u - c_transform(costs, plan.v))
  return Gap(float(np.sum(plan.masses * slack)), max(float(violation), 0.0))


def optimal_critic(y: np.ndarray, v: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
  """The critic that a WGAN looks for: f(z) = min_j |z - y_j| - v_j, [K, ...] -> [K], 1-Lipschitz everywhere.

  With potentials v of the costs |x - y| it attains the supremum of Kantorovich and Rubinstein's duality,
  W1 = E f(x) - E f(y): f(x_i) is at least u_i, f(y_j) at most -v_j.
  Villani, "Optimal Transport: Old and New" (2009), Eq. 5.16 and Remark 6.5.

  Args:
    y: the fake samples, [M, ...].
    v: their potentials, [M].
  """
  y = points(y, 'y')
  return lambda z: c_transform(cost_matrix(z, y), v)


def lipschitz_constant(values: np.ndarray, x: np.ndarray) -> float:
  """The largest |f_i - f_j| / |x_i - x_j| over pairs of samples, of which it is a lower bound: [N] and [N, ...] -> [].

  Infinite where one place has two values.
  """
  x, values = points(x, 'x'), np.asarray(values, np.float64)
  largest = 0.0
  for i in range(1, len(x)):
    rise, run = np.abs(values[:i] - values[i]), euclidean(x[i : i + 1], x[:i])[0]
    if np.any(rise[run == 0] > 0):
      return float('inf')
    largest = max(largest, np.max(rise[run > 0] / run[run > 0], initial=0.0))
  return float(largest)
