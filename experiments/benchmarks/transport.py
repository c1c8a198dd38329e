"""Prints the seconds that each method of exact and of entropic transport takes, and how far Sinkhorn's bounds are off.

    python -m experiments.benchmarks.transport [--points 500,1000,2000] [--dimensions 2,64] [--epsilon 0.003] [--p 1]

Samples of N(0, I) against as many of N(0.3, 1.44 I), seed 0. Seconds include the cost matrix, and of Sinkhorn the
compilation for this number of points; POT and ott-jax are imported before. The limits in wgan_jax/metrics/distances.py,
wgan_jax/transport.py and wgan_jax/sinkhorn.py are from its output, docs/transport.md.
"""

import argparse
import os
import time

import jax
import numpy as np

from wgan_jax import transport
from wgan_jax.metrics.distances import METHODS
from wgan_jax.sinkhorn import ott, sinkhorn

EXACT = 'assignment', 'network simplex'
LARGEST_PAIRED = 2000  # a pairing in the plane takes about the cube of the number of points
TITLES = ('D', 'N', *(f'{name}, s' for name in EXACT), 'sinkhorn, s', 'exact', 'lower - 1', 'upper - 1', 'middle - 1')


def numbers(text: str) -> list[int]:
  return [int(part) for part in text.split(',')]


def row(n: int, dimensions: int, p: float, epsilon: float) -> list[str]:
  rng = np.random.default_rng(0)
  x, y = rng.normal(size=(n, dimensions)), rng.normal(0.3, 1.2, (n, dimensions))
  seconds, cost = [], float('nan')
  for name in EXACT:
    if (name == 'assignment' and n > LARGEST_PAIRED) or n * n > transport.ENTRIES:
      seconds.append('-')
      continue
    began = time.perf_counter()
    cost = METHODS[name](x, y, p)[0]
    seconds.append(f'{time.perf_counter() - began:.2f}')
  began = time.perf_counter()
  found = sinkhorn(x, y, p=p, epsilon=epsilon)
  seconds.append(f'{time.perf_counter() - began:.2f}')
  off = [value / cost - 1 for value in (found.lower, found.upper, (found.lower + found.upper) / 2)]
  return [str(dimensions), f'{n:,}', *seconds, f'{cost:.5f}', *(f'{100 * share:+.2f} %' for share in off)]


def main(argv: list[str] | None = None) -> None:
  parser = argparse.ArgumentParser(description='Seconds of exact and entropic transport.')
  parser.add_argument('--points', type=numbers, default=[500, 1000, 2000], help='of each kind, separated by commas')
  parser.add_argument('--dimensions', type=numbers, default=[2, 64])
  parser.add_argument('--epsilon', type=float, default=0.003, help='a share of the mean cost')
  parser.add_argument('--p', type=float, default=1.0)
  asked = parser.parse_args(argv)
  cores = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
  print(f'{cores} CPU cores, Sinkhorn on {jax.devices()[0].device_kind}, jax {jax.__version__}\n')
  transport.pot(), ott()
  print(f'| {" | ".join(TITLES)} |\n|{"---|" * len(TITLES)}')
  for dimensions in asked.dimensions:
    for n in asked.points:
      print(f'| {" | ".join(row(n, dimensions, asked.p, asked.epsilon))} |', flush=True)


if __name__ == '__main__':
  main()
