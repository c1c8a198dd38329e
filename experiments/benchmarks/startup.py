"""Prints the seconds in which one round is traced and compiled, or loaded from JAX's persistent cache.

python -m experiments.benchmarks.startup dcgan
"""

import argparse
import time

import jax
import jax.numpy as jnp

from experiments.benchmarks.jax_rounds import ROUNDS, prepare


def main():
  parser = argparse.ArgumentParser(description='Seconds until a round is compiled, or loaded.')
  parser.add_argument('round', choices=ROUNDS)
  kind = ROUNDS[parser.parse_args().round]
  play_all, state, feed = prepare(kind)
  start = time.perf_counter()
  play_all.lower(state, feed, jax.random.key(1), jnp.int32(kind.dispatch)).compile()
  print(time.perf_counter() - start)


if __name__ == '__main__':
  main()
