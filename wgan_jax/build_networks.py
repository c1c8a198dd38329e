"""From a network's config to the network: literal tables of architectures and of what goes into them."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import flax.linen as nn
import jax

from wgan_jax.errors import UserError, look_up
from wgan_jax.networks import began, dcgan, heads, infogan, inits, layers, mlp, norms, resnet, translator
from wgan_jax.networks.conditional import Concatenated
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.parallel import AXIS


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


def _of_dense(own):
  return {name: layer for name, layer in own.items() if name != 'conv'}


ARCHITECTURES = {
  'mlp': Architecture(
    lambda c, shape, own: mlp.MlpGenerator(
      shape, c.width, c.depth, activation=ACTIVATIONS[c.activation], **_of_dense(own)
    ),
    lambda c, shape, own: mlp.MlpCritic(c.width, c.depth, activation=ACTIVATIONS[c.activation], **_of_dense(own)),
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
NORMS = {  # made of (initialiser of scales, classes)
  'none': lambda scale, classes: norms.NoNorm,
  'batch': lambda scale, classes: functools.partial(norms.BatchNorm, AXIS, scale),
  'conditional_batch': lambda scale, classes: functools.partial(norms.ConditionalBatchNorm, classes, AXIS, scale),
  'layer': lambda scale, classes: norms.LayerNorm,
  'instance': lambda scale, classes: norms.InstanceNorm,
}
CONDITIONAL_NORMS, IMAGE_NORMS = ('conditional_batch',), ('instance',)
BATCH_NORMS = ('batch', 'conditional_batch')
CONDITIONINGS = {  # the head of a critic, made of its embedding; what is done to a whole network, made of classes
  'none': (lambda embed: heads.Logit, lambda network, classes: network),
  'concatenate': (lambda embed: heads.Logit, Concatenated),
  'projection': (lambda embed: functools.partial(heads.Projection, embed=embed), lambda network, classes: network),
}
ACTIVATIONS = {
  'relu': jax.nn.relu,
  'leaky_relu': functools.partial(jax.nn.leaky_relu, negative_slope=0.2),
  'elu': jax.nn.elu,
  'tanh': jax.nn.tanh,
}
INITS = {
  'default': inits.Init(),
  'dcgan': inits.DCGAN,
  'glorot': inits.GLOROT,
  'tflib_up': inits.TFLIB_UP,
  'tflib_down': inits.TFLIB_DOWN,
}


class Networks:
  """Makes the networks that a config describes, each from the group of keys that has its name.

  Args:
    config: the whole of it.
    shape: of a sample.
    classes: kinds of labels, 0 for none.
  """

  def __init__(self, config: Any, shape: tuple[int, ...], classes: int):
    self.config, self.shape, self.classes = config, shape, classes

  def of_shape(self, shape: tuple[int, ...]) -> 'Networks':
    """The same for samples of another shape, e.g. latent vectors."""
    return Networks(self.config, shape, self.classes)

  def generator(self, group: str = 'generator', architectures: dict = ARCHITECTURES, **parts: Callable) -> nn.Module:
    """latent codes -> samples. parts: in place of the architecture's own, e.g. output=."""
    return self._network(group, 'generator', architectures, parts)

  def critic(self, group: str = 'critic', architectures: dict = ARCHITECTURES, **parts: Callable) -> nn.Module:
    """samples -> logits, or what `head`, given among the parts, makes of the features."""
    return self._network(group, 'critic', architectures, parts)

  def encoder(self, group: str, size: int) -> nn.Module:
    """samples -> codes [B, size]."""
    return self.critic(group, head=functools.partial(heads.Vector, size=size))

  def on_features(self, group: str, size: int) -> nn.Module:
    """A perceptron, [B, D] -> [B, size], of what a critic found."""
    c, own = self._group(group), self._layers(group)
    head = functools.partial(heads.Vector, size=size)
    return mlp.MlpCritic(c.width, c.depth, activation=ACTIVATIONS[c.activation], head=head, **_of_dense(own))

  def with_features(self) -> nn.Module:
    """samples -> (logits, features): the critic of games that hold more networks on its features."""
    return self.critic(head=functools.partial(heads.WithFeatures, logit=self.logit('critic')))

  def logit(self, group: str) -> Callable:
    """The head that the conditioning of a critic asks for."""
    c = self._group(group)
    embed = functools.partial(layers.Embed, self.classes, reparameterize=_reparameterize(c))
    return look_up(f'{group}.conditioning', CONDITIONINGS, c.conditioning)[0](embed)

  def conditional(self, *groups: str) -> bool:
    """Whether one of these networks looks at labels."""
    configs = [self._group(group) for group in groups]
    return any(c.conditioning != 'none' or c.norm in CONDITIONAL_NORMS for c in configs)

  def _network(self, group, role, architectures, parts):
    c, own = self._group(group), self._layers(group)
    wrap = look_up(f'{group}.conditioning', CONDITIONINGS, c.conditioning)[1]
    architecture = look_up(f'{group}.name', architectures, c.name)
    _check(group, c.name, architecture, self.shape)
    if self.conditional(group) and not self.classes:
      raise UserError(f'these data have no labels: set --config.{group}.conditioning=none (and no conditional norm)')
    if c.norm in IMAGE_NORMS and c.name == 'mlp':
      raise UserError(f'instance normalisation needs images inside, an mlp has none: set --config.{group}.norm=layer')
    if c.conditioning == 'projection' and role == 'generator':
      raise UserError(f'projection is for critics: set --config.{group}.conditioning=concatenate')
    if role == 'critic' and architectures is ARCHITECTURES:
      parts = {'head': self.logit(group), **parts}
    return wrap(getattr(architecture, role)(c, self.shape, {**own, **parts}), self.classes)

  def _layers(self, group):
    c = self._group(group)
    # A wrong name is told, even to a network that pools nothing or has an activation of its own.
    look_up(f'{group}.pool', POOLS, c.pool), look_up(f'{group}.activation', ACTIVATIONS, c.activation)
    init = look_up(f'{group}.init', INITS, c.init)
    options = {'reparameterize': _reparameterize(c), 'use_bias': c.bias}
    return {
      'dense': functools.partial(layers.Dense, **options, **init.dense),
      'conv': functools.partial(layers.Conv, **options, **init.conv),
      'norm': look_up(f'{group}.norm', NORMS, c.norm)(init.scale, self.classes),
    }

  def _group(self, group):
    if group not in self.config:
      raise UserError(f'this game needs the keys of its {group}, which the experiment lacks: begin with one of its own')
    return self.config[group]


def _reparameterize(config):
  return spectral_norm if config.spectral_norm else layers.as_it_is


def _check(group, name, architecture, shape):
  multiple = architecture.multiple(shape if len(shape) == 3 else (8, 8, 1))
  if multiple and len(shape) != 3:
    raise UserError(f'a {name} works on images, these data are points: set --config.{group}.name=mlp, or image data')
  if multiple and any(side % multiple for side in shape[:2]):
    fitting = -(-max(shape[:2]) // multiple) * multiple
    wrong = f'a {name} needs sides that are multiples of {multiple}, not {shape[0]}x{shape[1]}'
    raise UserError(f'{wrong}: set --config.data.size={fitting}')
  if multiple and max(shape[:2]) < architecture.least:
    raise UserError(f'a {name} needs {architecture.least} pixels or more: set --config.data.size=8, say')
