"""From an architecture's name to its pair of networks: literal tables, and which samples each is fit for."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import flax.linen as nn
import jax

from wgan_jax.errors import UserError
from wgan_jax.networks import began, dcgan, infogan, mlp, resnet, translator


class Architecture(NamedTuple):
  """A pair of networks, each made of (config, shape of a sample, its own layers by name).

  multiple: shape -> what image sides must be multiples of; 0 for networks that take points as well.
  least: pixels of the longer side, at least.
  """

  generator: Callable[..., nn.Module]
  critic: Callable[..., nn.Module]
  multiple: Callable[[tuple[int, ...]], int] = lambda shape: 0
  least: int = 0


def _kernel(config):
  return (config.kernel_size,) * 2


def of_dense(own: dict[str, Callable]) -> dict[str, Callable]:
  """Of an architecture's layers those that a perceptron has."""
  return {name: layer for name, layer in own.items() if name != 'conv'}


ARCHITECTURES = {
  'mlp': Architecture(
    lambda c, shape, own: mlp.MlpGenerator(
      shape, c.width, c.depth, activation=ACTIVATIONS[c.activation], **of_dense(own)
    ),
    lambda c, shape, own: mlp.MlpCritic(c.width, c.depth, activation=ACTIVATIONS[c.activation], **of_dense(own)),
  ),
  'dcgan': Architecture(
    lambda c, shape, own: dcgan.DcganGenerator(shape, c.width, _kernel(c), **own),
    lambda c, shape, own: dcgan.DcganCritic(c.width, _kernel(c), **own),
    multiple=lambda shape: 1,
    least=5,
  ),
  'infogan': Architecture(
    lambda c, shape, own: infogan.InfoganGenerator(shape, c.width, _kernel(c), **own),
    lambda c, shape, own: infogan.InfoganCritic(c.width, _kernel(c), **own),
    multiple=lambda shape: 4,
  ),
  'resnet': Architecture(
    lambda c, shape, own: resnet.ResnetGenerator(shape, c.width, **own),
    lambda c, shape, own: resnet.ResnetCritic(c.width, POOLS[c.pool], **own),
    multiple=lambda shape: 8,
  ),
  'began': Architecture(
    lambda c, shape, own: began.BeganGenerator(shape, c.width, **own),
    lambda c, shape, own: began.BeganEncoder(c.width, **own),
    multiple=lambda shape: 2 ** began.halvings(*shape[:2]),
  ),
}
TRANSLATORS = {  # from images to images, and critics of patches
  'translator': Architecture(
    lambda c, shape, own: translator.TranslatorGenerator(shape, c.width, c.depth, conv=own['conv'], norm=own['norm']),
    lambda c, shape, own: translator.PatchCritic(c.width, c.depth, _kernel(c), conv=own['conv'], norm=own['norm']),
    multiple=lambda shape: 4,
  ),
}
POOLS = {'mean': resnet.mean_pool, 'sum': resnet.sum_pool}
ACTIVATIONS = {
  'relu': jax.nn.relu,
  'leaky_relu': functools.partial(jax.nn.leaky_relu, negative_slope=0.2),
  'elu': jax.nn.elu,
  'tanh': jax.nn.tanh,
}


def check(group: str, name: str, architecture: Architecture, shape: tuple[int, ...]) -> None:
  """Raises a UserError where this architecture cannot make or take samples of that shape."""
  multiple = architecture.multiple(shape if len(shape) == 3 else (8, 8, 1))
  if multiple and len(shape) != 3:
    remedy = 'name image data' if name in TRANSLATORS else f'set --config.{group}.name=mlp, or image data'
    raise UserError(f'{group}.name={name} is for images, these data are points: {remedy}')
  if multiple and any(side % multiple for side in shape[:2]):
    fitting = -(-max(shape[:2]) // multiple) * multiple
    wrong = f'{group}.name={name} needs sides that are multiples of {multiple}, not {shape[0]}x{shape[1]}'
    raise UserError(f'{wrong}: set --config.data.size={fitting}')
  if multiple and max(shape[:2]) < architecture.least:
    raise UserError(f'{group}.name={name} needs {architecture.least} pixels or more: set --config.data.size=8, say')
