"""Data parallelism: the only file that says pmap.

A program of training over devices sees the same state, key and resident data everywhere and its own part of the batch;
the engine averages over AXIS what depends on it, so every device leaves with the same state and one copy is returned.
What is computed row by row, samples and features, needs no average: `over_rows`.

`devices` are those of all processes (`hosts.all_devices`), of which each process feeds its own and holds its own
copies; or some of this process alone.
"""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from wgan_jax import hosts
from wgan_jax.stop import check

AXIS = 'batch'
# XLA:CPU's own convolutions, not YNNPACK's, which are slow where nothing is padded: 3x3, 73x73, 80 to 192 channels: 185
# GFLOP/s and 49; 149x149, 32 channels: 118 and 26 (one core of an Intel Xeon, jax 0.10.2, 2026-11-26).
OPTIONS = {'cpu': {'xla_cpu_experimental_ynn_fusion_type': ''}}
# Runs in one vmap, where all of them are not best. A CPU's caches hold the states of a few small ones.
AT_ONCE = {'cpu': 4}


def over_devices(fn: Callable, devices: list[jax.Device]) -> Callable:
  """`fn(state, feed, key, n, resident)` over devices; feed comes from `cut`, state is donated."""
  return jax.pmap(
    fn, axis_name=AXIS, in_axes=(None, 2, None, None, None), out_axes=None, devices=devices, donate_argnums=0
  )


def over_runs(fn: Callable, devices: list[jax.Device]) -> Callable:
  """`fn(state, feed, own, resident)` of one run, compiled for many side by side: each device plays its share of them.

  Args of what is returned: trees as `shares` makes them, but for `resident`, which all have in common; states are
  donated.
  """
  at_once = AT_ONCE.get(devices[0].platform)

  def alone(state, feed, own, resident):
    # A run has its whole batch on one device: an axis of length one.
    over = jax.vmap(fn, (None, 2, None, None), axis_name=AXIS)
    return jax.tree.map(lambda x: x[0], over(state, jax.tree.map(lambda x: x[:, :, None], feed), own, resident))

  def some(states, feeds, owns, resident):
    n = len(jax.tree.leaves(states)[0])
    each = states, feeds, owns
    return jax.lax.map(lambda of_one: alone(*of_one, resident), each, batch_size=min(at_once or n, n))

  return jax.pmap(some, in_axes=(0, 0, 0, None), devices=devices, donate_argnums=0)


def shares(tree: Any, devices: list[jax.Device]) -> Any:
  """Cuts the first axis of arrays on the host over devices: [runs, ...] -> [devices, runs on each, ...].

  Where they do not divide, the last run stands in for those that are missing.
  """

  def cut(x):
    rows = np.minimum(np.arange(-(-len(x) // len(devices)) * len(devices)), len(x) - 1)
    return x[rows].reshape(len(devices), -1, *x.shape[1:])

  return jax.tree.map(cut, tree)


def over_rows(fn: Callable, devices: list[jax.Device]) -> Callable:
  """`fn(given, rows)`, compiled over devices that are all given the same, and of the rows [B, ...] each its share.

  B must be a multiple of the number of devices; what comes out is rows [B, ...] too. `given` may lie on other devices.
  All loops that score or sample call such a program chunk by chunk, and it is here that they are asked to stop.
  """
  own = _own(devices)
  part, parts = hosts.share() if len(own) < len(devices) else (0, 1)
  mesh = jax.sharding.Mesh(np.asarray(own), (AXIS,))
  whole, share = jax.sharding.PartitionSpec(), jax.sharding.PartitionSpec(AXIS)
  options = OPTIONS.get(own[0].platform, {})
  # Unchecked: the gradients that our own convolution makes do not say that they vary along the axis.
  mapped = jax.shard_map(fn, mesh=mesh, in_specs=(whole, share), out_specs=share, check_vma=False)
  program = jax.jit(mapped, compiler_options=options)

  def call(given, rows):
    check()
    mine = jax.tree.map(lambda x: x[part * (len(x) // parts) : (part + 1) * (len(x) // parts)], rows)
    made = program(everywhere(given, own), mine)
    return hosts.joined(made) if parts > 1 else made

  return call


def cut(feed: Any, devices: list[jax.Device]) -> Any:
  """Cuts the batch axis of this process's feed: [K, minibatches, B, ...] -> [K, minibatches, n, B / n, ...].

  n: of `devices`, those of this process.
  """
  n = len(_own(devices))
  return jax.tree.map(lambda x: x.reshape(*x.shape[:2], n, x.shape[2] // n, *x.shape[3:]), feed)


def everywhere(tree: Any, devices: list[jax.Device]) -> Any:
  """A copy of `tree` on each device of this process, so that a program over them moves nothing when it starts."""
  mesh = jax.sharding.Mesh(np.asarray(_own(devices)), (AXIS,))
  return jax.device_put(tree, jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec()))


def _own(devices):
  return [device for device in devices if device.process_index == jax.process_index()]
