"""The nearest training examples of generated samples: whether a generator has learned some by heart."""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.data.images import to_uint8
from wgan_jax.data.source import Source
from wgan_jax.extract import Extractor
from wgan_jax.game import Batch, Game
from wgan_jax.keys import sample_keys
from wgan_jax.networks.augmented import plain
from wgan_jax.networks.heads import Head
from wgan_jax.parallel import AXIS

JUDGES = ('encoder', 'critic')  # the network that looks at samples; where there are both, the critic judges codes

Space = Callable[[Batch], jax.Array]  # a batch of b samples -> where they lie, [b, D]


class Nearest(NamedTuple):
  """The nearest k examples to each of n samples, nearest first. examples [n, k, ...], distances [n, k]: Euclidean."""

  examples: np.ndarray
  distances: np.ndarray


def nearest(queries: Batch, chunks: Iterable[Batch], k: int, spaces: dict[str, Space]) -> dict[str, Nearest]:
  """Searches chunk by chunk, so that neither the examples nor all distances need fit into memory.

  Args:
    queries: n samples.
    chunks: of examples.
    k: how many are kept.
    spaces: in which distances are taken, by name.
  """
  distances_to = jax.jit(_distances)
  wanted = {name: space(queries) for name, space in spaces.items()}
  n, *shape = queries['image'].shape
  found = {name: Nearest(np.zeros((n, 0, *shape), np.float32), np.zeros((n, 0), np.float32)) for name in spaces}
  for chunk in chunks:
    for name, space in spaces.items():
      distances = jax.device_get(distances_to(wanted[name], space(chunk)))
      found[name] = _best(found[name], distances, np.asarray(chunk['image']), k)
  return found


def _distances(a, b):
  # By differences: |a|^2 - 2 ab + |b|^2 would cancel where it matters, at examples that are all but the same.
  return jax.lax.map(lambda row: jnp.sqrt(jnp.sum((b - row[None]) ** 2, axis=1)), a)


def _best(found, distances, images, k):
  """The nearest k of those found so far and of a chunk, `distances` [n, b] away."""
  kept = found.distances.shape[1]
  both = np.concatenate([found.distances, distances], axis=1)
  order = np.argsort(both, axis=1, kind='stable')[:, :k]
  examples = [
    [found.examples[row, i] if i < kept else images[i - kept] for i in order_of_row]
    for row, order_of_row in enumerate(order)
  ]
  return Nearest(np.array(examples), np.take_along_axis(both, order, axis=1))


def pixels(batch: Batch) -> jax.Array:
  """Images as they are, in the unit of the samples: [b, H * W * C]."""
  return jnp.asarray(batch['image']).reshape(len(batch['image']), -1)


def of_network(extractor: Extractor) -> Space:
  """What a feature network sees in images, which it is shown in the 256 levels that it learned from."""
  return lambda batch: jnp.asarray(extractor(to_uint8(batch['image'])).features)


def features(game: Game, variables: dict[str, Any], like: Batch) -> tuple[str, Space] | None:
  """What the network of a game that looks at samples gives to its last layer, its head: the network's name, a space.

  A conditional network is told each sample's own class. None where it has no head, as CycleGAN's critic of patches. Of
  `like` only shapes matter.
  """
  name = next(name for name in JUDGES if getattr(game, name, None) is not None)

  def look(game, x, label):
    return plain(getattr(game, name))(x, label, train=False)

  def listened(variables, batch):
    # Some critics compare samples along the axis of the devices: here it has the length 1.
    alone = jax.vmap(functools.partial(heard, variables), axis_name=AXIS)
    return jax.tree.map(lambda x: x[0], alone(jax.tree.map(lambda x: x[None], batch)))

  def heard(variables, batch):
    given = []

    def listen(call, arguments, options, context):
      if isinstance(context.module, Head) and context.method_name == '__call__':
        given.append(arguments[0])
      return call(*arguments, **options)

    with nn.intercept_methods(listen):
      game.apply(variables, batch['image'], batch.get('label'), method=look)
    return given[0].reshape(given[0].shape[0], -1) if given else None

  if jax.eval_shape(listened, variables, like) is None:
    return None
  compiled = jax.jit(listened)
  return name, lambda batch: compiled(variables, batch)


def examples(source: Source, most: int, mirrored: bool) -> Iterator[Batch]:
  """The first `most` training examples in chunks, each of them once, and their mirror images where these are asked for.

  source: without noise and random flips.
  """
  draw, done = jax.jit(source.draw), 0
  for index in itertools.count():
    minibatch = jax.tree.map(lambda x: x[0], source.feed(index, 1))
    n = len(jax.tree.leaves(minibatch)[0])
    batch = jax.device_get(draw(source.resident, minibatch, sample_keys(jax.random.key(0), n)))
    batch = {name: x[: most - done] for name, x in batch.items()}
    yield batch
    if mirrored:
      yield {**batch, 'image': batch['image'][:, :, ::-1]}
    done += n
    if done >= most:
      return
