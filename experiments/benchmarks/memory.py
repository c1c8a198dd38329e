"""Prints the memory that one round of a recipe needs, as it is and made smaller.

    python -m experiments.benchmarks.memory [biggan_cifar] [--batch_size=64]

planned: by XLA on this device, for what comes and goes in a round of one critic update and one of the generator.
kept: between forward and backward pass of both networks, whatever the device, for one micro-batch.

Measured, biggan_cifar, batch 64, on a CPU, jax 0.10.2, 2026-11-26:

    MiB                planned      kept
    as it is             2,153     1,663
    rematerialised       2,380       604
    bfloat16             1,711     1,279
    in 8 pieces            358       259
    all three              322        61

On a CPU rematerialisation saves nothing, for XLA:CPU takes away the barriers that keep it from merging what is computed
twice; on accelerators not yet measured.
"""

import argparse
import importlib
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax import build, parallel
from wgan_jax.build_networks import Networks
from wgan_jax.engine import Play, initial_state, play_rounds

SHAPES = {'cifar10': (32, 32, 3), 'imagenet2012': (128, 128, 3), 'digits': (8, 8, 1)}
RECIPES = 'biggan_cifar', 'biggan_digits', 'biggan_imagenet128', 'sagan_cifar', 'sngan_cifar'
BOTH = ('generator', 'critic')
REMAT = {f'{network}.remat': True for network in BOTH}
HALF = {f'{network}.dtype': 'bfloat16' for network in BOTH}
PIECES = {'train.accumulate': 8}
WAYS = {
  'as it is': {},
  'rematerialised': REMAT,
  'bfloat16': HALF,
  'in 8 pieces': PIECES,
  'all three': REMAT | HALF | PIECES,
}
MEBIBYTE = 2**20


def configured(name: str, batch_size: int, changes: dict[str, Any]) -> Any:
  """The experiment's config with these changes and one critic update."""
  config = importlib.import_module(f'experiments.{name}').get_config()
  config.update_from_flattened_dict({**changes, 'data.batch_size': batch_size, 'game.n_critic': 1})
  return config


def planned(config: Any) -> float:
  """Mebibytes of the arrays that are neither in the state nor in the feed, at their peak."""
  shape, size = SHAPES[config.data.name], config.data.batch_size
  play: Play = build.build_play(config, shape, classes=10)
  batch = {'image': jnp.zeros((size, *shape)), 'label': jnp.zeros(size, int)}
  alone = jax.vmap(lambda key: initial_state(play, batch, key), axis_name=parallel.AXIS)
  state = jax.eval_shape(lambda: jax.tree.map(lambda x: x[0], alone(jax.random.key(0)[None])))
  feed = jax.tree.map(lambda x: jax.ShapeDtypeStruct((1, 2, 1, *x.shape), x.dtype), batch)

  def program(state, feed, key, n, resident):
    return play_rounds(play, state, feed, key, n, resident)

  mapped = parallel.over_devices(program, jax.devices()[:1])
  compiled = mapped.lower(state, feed, jax.random.key(0), jnp.int32(1), None).compile()
  return compiled.memory_analysis().temp_size_in_bytes / MEBIBYTE


def kept(config: Any) -> float:
  """Mebibytes of what the backward passes of the two networks read of their forward passes, parameters left out."""
  shape, size = SHAPES[config.data.name], config.data.batch_size // config.train.accumulate
  networks = Networks(config, shape, classes=10)
  inputs = {'generator': jnp.zeros((size, config.prior.dim)), 'critic': jnp.zeros((size, *shape))}
  return sum(residuals(getattr(networks, group)(), x) for group, x in inputs.items()) / MEBIBYTE


def residuals(network: nn.Module, x: jax.Array) -> int:
  """Bytes of the same for one network and its inputs x [B, ...]."""
  label = jnp.zeros(len(x), int)

  def backward(key):
    variables = network.init(key, x, label, train=True)
    rest = {name: tree for name, tree in variables.items() if name != 'params'}

    def forward(learned):
      return network.apply({'params': learned, **rest}, x, label, train=True, mutable=list(rest))[0]

    return jax.vjp(forward, variables['params'])[1], variables['params']

  read, params = jax.eval_shape(jax.vmap(backward, axis_name=parallel.AXIS), jax.random.key(0)[None])
  return bytes_of(read) - bytes_of(params)


def bytes_of(tree: Any) -> int:
  """Of all arrays of a tree."""
  return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(tree))


def main():
  parser = argparse.ArgumentParser(description='The memory that a round needs.')
  parser.add_argument(
    'experiment', nargs='?', default='biggan_cifar', choices=['biggan_cifar', 'biggan_imagenet128', 'biggan_digits']
  )
  parser.add_argument('--batch_size', type=int, default=64)
  asked = parser.parse_args()
  print(f'{asked.experiment}, batch {asked.batch_size}, {jax.devices()[0].device_kind}, jax {jax.__version__}')
  print(f'{"MiB":<16}{"planned":>10}{"kept":>10}')
  for title, changes in WAYS.items():
    config = configured(asked.experiment, asked.batch_size, changes)
    print(f'{title:<16}{planned(config):10,.0f}{kept(config):10,.0f}', flush=True)


if __name__ == '__main__':
  main()
