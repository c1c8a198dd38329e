"""From an architecture's name to its pair of networks: literal tables, and which samples each is fit for."""

from collections.abc import Callable
from typing import NamedTuple

import flax.linen as nn
import jax

from wgan_jax.networks import (
  began,
  biggan_deep,
  dcgan,
  infogan,
  layers,
  mlp,
  plans,
  progressive,
  r3gan,
  resnet,
  resnet64,
  resnet101,
  translator,
)
from wgan_jax.networks.plans import Plans, plan_for
from wgan_jax.parallel import AXIS


class Architecture(NamedTuple):
  """A pair of networks, each made of (config, shape of a sample, its own layers by name).

  multiple: shape -> what image sides must be multiples of; 0 for networks that take points as well.
  least: pixels of the longer side, at least.
  plans: of the levels, by size, where the pair has such. chunks: whether skip cuts z into chunks.
  width, depth: that it needs at least. remat: whether blocks can be rematerialised.
  zeros: whether some kernels begin at zero, which has no spectral norm to divide by and no variance to scale.
  """

  generator: Callable[..., nn.Module]
  critic: Callable[..., nn.Module]
  multiple: Callable[[tuple[int, ...]], int] = lambda shape: 0
  least: int = 0
  plans: Plans | None = None
  chunks: bool = False
  width: int = 1
  depth: int = 0
  remat: bool = False
  zeros: bool = False


def _kernel(config):
  return (config.kernel_size,) * 2


def of_dense(own: dict[str, Callable]) -> dict[str, Callable]:
  """Of an architecture's layers those that a perceptron has."""
  return {name: layer for name, layer in own.items() if name != 'conv'}


def of_images(own: dict[str, Callable]) -> dict[str, Callable]:
  """Those that a network of convolutions alone has."""
  return {name: layer for name, layer in own.items() if name != 'dense'}


def planned(generator: Callable, critic: Callable, plans: Plans, **options) -> Architecture:
  """A residual pair, each made of (config, shape, plan, own layers), of such levels. options: other fields."""

  def multiple(shape):
    plan = plan_for(plans, shape) if max(shape[:2]) <= max(plans) else plans[max(plans)]
    return 2 ** max(plan.doublings, plan.halvings)

  return Architecture(
    lambda c, shape, own: generator(c, shape, plan_for(plans, shape), own),
    lambda c, shape, own: critic(c, shape, plan_for(plans, shape), own),
    multiple,
    plans=plans,
    remat=True,
    **options,
  )


def residual(plans: Plans, wide: bool) -> Architecture:
  """The pair of resnet.py. wide: as in blocks, of the critic."""
  return planned(
    lambda c, shape, plan, own: resnet.ResnetGenerator(shape, c.width, plan, c.attention, c.skip, c.remat, **own),
    lambda c, shape, plan, own: resnet.ResnetCritic(c.width, POOLS[c.pool], plan, wide, c.attention, c.remat, **own),
    plans,
    chunks=True,
  )


ARCHITECTURES = {
  'mlp': Architecture(
    lambda c, shape, own: mlp.MlpGenerator(shape, c.width, c.depth, **of_dense(own)),
    lambda c, shape, own: mlp.MlpCritic(c.width, c.depth, **of_dense(own)),
  ),
  'dcgan': Architecture(
    lambda c, shape, own: dcgan.DcganGenerator(shape, c.width, _kernel(c), c.growth, **own),
    lambda c, shape, own: dcgan.DcganCritic(c.width, _kernel(c), c.growth, **own),
    multiple=lambda shape: 1,
    least=5,
  ),
  'infogan': Architecture(
    lambda c, shape, own: infogan.InfoganGenerator(shape, c.width, _kernel(c), **own),
    lambda c, shape, own: infogan.InfoganCritic(c.width, _kernel(c), **own),
    multiple=lambda shape: 4,
  ),
  'resnet': residual(plans.SNGAN, wide=False),
  'sagan': residual(plans.SNGAN, wide=True),
  'biggan': residual(plans.BIGGAN, wide=True),
  'biggan_deep': planned(
    lambda c, shape, plan, own: biggan_deep.BigganDeepGenerator(
      shape, c.width, plan, c.attention, c.skip, c.remat, c.depth, **own
    ),
    lambda c, shape, plan, own: biggan_deep.BigganDeepCritic(
      c.width, POOLS[c.pool], plan, c.attention, c.remat, c.depth, **own
    ),
    plans.BIGGAN_DEEP,
    depth=1,
  ),
  'r3gan': Architecture(
    lambda c, shape, own: r3gan.R3ganGenerator(shape, c.width, c.depth, c.remat, **own),
    lambda c, shape, own: r3gan.R3ganCritic(c.width, c.depth, c.remat, **own),
    multiple=lambda shape: 1,
    remat=True,
    zeros=True,
  ),
  'resnet64': Architecture(
    lambda c, shape, own: resnet64.Resnet64Generator(shape, c.width, c.remat, **own),
    lambda c, shape, own: resnet64.Resnet64Critic(c.width, c.remat, **own),
    multiple=lambda shape: resnet64.REDUCTION,
    remat=True,
  ),
  'resnet101': Architecture(
    lambda c, shape, own: resnet101.Resnet101Generator(shape, c.width, c.remat, **own),
    lambda c, shape, own: resnet101.Resnet101Critic(c.width, c.remat, **own),
    multiple=lambda shape: resnet101.REDUCTION,
    width=2,
    remat=True,
  ),
  'progressive': Architecture(
    lambda c, shape, own: progressive.ProgressiveGenerator(shape, c.width, **of_images(own)),
    lambda c, shape, own: progressive.ProgressiveCritic(shape, c.width, c.minibatch_group, AXIS, **own),
    multiple=lambda shape: 2 ** began.halvings(*shape[:2]),
  ),
  'began': Architecture(
    lambda c, shape, own: began.BeganGenerator(shape, c.width, **own),
    lambda c, shape, own: began.BeganEncoder(c.width, **own),
    multiple=lambda shape: 2 ** began.halvings(*shape[:2]),
  ),
}
TRANSLATORS = {  # from images to images, and critics of patches
  'translator': Architecture(
    lambda c, shape, own: translator.TranslatorGenerator(shape, c.width, c.depth, **of_images(own)),
    lambda c, shape, own: translator.PatchCritic(c.width, c.depth, _kernel(c), **of_images(own)),
    multiple=lambda shape: 4,
  ),
}
GROWING = ('progressive',)
POOLS = {'mean': resnet.mean_pool, 'sum': resnet.sum_pool}
ACTIVATIONS = {
  'default': None,  # each network's own
  'relu': jax.nn.relu,
  'leaky_relu': layers.leaky_relu,
  'elu': jax.nn.elu,
  'tanh': jax.nn.tanh,
  'gated': layers.gated,
}
