"""From a network's config to the network: literal tables of what goes into architectures, and who puts it there."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import flax.linen as nn
import jax.numpy as jnp

from wgan_jax.build_architectures import ACTIVATIONS, ARCHITECTURES, POOLS, of_dense
from wgan_jax.build_checks import CRITICS_OWN, STYLED, check_labels, check_layers, check_levels, check_samples
from wgan_jax.errors import UserError, look_up
from wgan_jax.networks import heads, inits, layers, mlp, norms
from wgan_jax.networks.conditional import Concatenated, Embedded, Shared, Unlabelled
from wgan_jax.networks.equalized import equalized
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.parallel import AXIS

NORMS = {  # made of (initialiser of scales, classes, dense layers, epsilon of batch normalisation)
  'none': lambda *made_of: norms.NoNorm,
  'batch': lambda scale, classes, dense, epsilon: functools.partial(norms.BatchNorm, AXIS, scale, epsilon),
  'conditional_batch': lambda scale, classes, dense, epsilon: functools.partial(
    norms.ConditionalBatchNorm, classes, AXIS, scale, epsilon
  ),
  'modulated_batch': lambda scale, classes, dense, epsilon: functools.partial(
    norms.ModulatedBatchNorm, dense, AXIS, scale, epsilon
  ),
  'layer': lambda *made_of: norms.LayerNorm,
  'group': lambda *made_of: norms.GroupNorm,
  'instance': lambda *made_of: norms.InstanceNorm,
  'pixel': lambda *made_of: norms.PixelNorm,
}
CONDITIONAL_NORMS = ('conditional_batch',)
BATCH_NORMS = ('batch', 'conditional_batch', 'modulated_batch')


class Conditioning(NamedTuple):
  """How a network is told the label.

  head: embedding -> head of a critic. wrap: (network, classes, config, options of embeddings) -> the whole network.
  """

  head: Callable = lambda embed: heads.Logit
  wrap: Callable = lambda network, classes, c, options: network


CONDITIONINGS = {
  'none': Conditioning(),
  'concatenate': Conditioning(wrap=lambda network, classes, c, options: Concatenated(network, classes)),
  'projection': Conditioning(head=lambda embed: functools.partial(heads.Projection, embed=embed)),
  'inner_product': Conditioning(head=lambda embed: functools.partial(heads.InnerProduct, embed=embed)),
  'embedded': Conditioning(wrap=lambda network, classes, c, options: Embedded(network, classes, c.shared, **options)),
  'shared': Conditioning(wrap=lambda network, classes, c, options: Shared(network, classes, c.shared, **options)),
}
INITS = {
  'default': inits.Init(),
  'dcgan': inits.DCGAN,
  'glorot': inits.GLOROT,
  'orthogonal': inits.ORTHOGONAL,
  'tflib_up': inits.TFLIB_UP,
  'tflib_down': inits.TFLIB_DOWN,
}
DTYPES = {'float32': None, 'bfloat16': jnp.bfloat16}  # of products, None for that of what comes in


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
    if (told := self._group(group).conditioning) in CRITICS_OWN:
      raise UserError(f'{told} makes logits, and {group} none: set --config.{group}.conditioning=concatenate')
    return self.critic(group, head=functools.partial(heads.Vector, size=size))

  def on_features(self, group: str, size: int) -> nn.Module:
    """A perceptron, [B, D] -> [B, size], of what a critic found."""
    c = self._group(group)
    if (c.name, c.conditioning) != ('mlp', 'none'):
      raise UserError(f'a {group} is an mlp that is told nothing: leave out --config.{group}.name and .conditioning')
    check_layers(group, c, ARCHITECTURES[c.name])
    head = functools.partial(heads.Vector, size=size)
    return mlp.MlpCritic(c.width, c.depth, head=head, **of_dense(self._layers(group)))

  def with_features(self) -> nn.Module:
    """samples -> (logits, features): the critic of games that hold more networks on its features."""
    return self.critic(head=functools.partial(heads.WithFeatures, logit=self.logit('critic')))

  def logit(self, group: str) -> Callable:
    """The head that the conditioning of a critic asks for."""
    c = self._group(group)
    embed = functools.partial(layers.Embed, self.classes, reparameterize=_reparameterize(c), **self._init(group).embed)
    return look_up(f'{group}.conditioning', CONDITIONINGS, c.conditioning).head(embed)

  def conditional(self, *groups: str) -> bool:
    """Whether one of these networks looks at labels."""
    configs = [self._group(group) for group in groups]
    return any(c.conditioning != 'none' or c.norm in CONDITIONAL_NORMS for c in configs)

  def _network(self, group, role, architectures, parts):
    c = self._group(group)
    conditioning = look_up(f'{group}.conditioning', CONDITIONINGS, c.conditioning)
    architecture = look_up(f'{group}.name', architectures, c.name)
    check_samples(group, c, architecture, self.shape)
    check_layers(group, c, architecture)
    check_labels(group, role, c, self.classes if self.conditional(group) else None)
    check_levels(group, role, c, architecture, self.shape, self.config.prior.dim)
    own = self._layers(group)
    if role == 'critic' and architectures is ARCHITECTURES:
      parts = {'head': self.logit(group), **parts}
    network = getattr(architecture, role)(c, self.shape, {**own, **parts})
    if c.norm == STYLED and c.conditioning == 'none':
      network = Unlabelled(network)
    return conditioning.wrap(network, self.classes, c, self._init(group).embed)

  def _layers(self, group):
    c = self._group(group)
    look_up(f'{group}.pool', POOLS, c.pool)  # a wrong name is told, even to a network that pools nothing
    activation = look_up(f'{group}.activation', ACTIVATIONS, c.activation)
    init, dtype = self._init(group), look_up(f'{group}.dtype', DTYPES, c.dtype)
    options = {'use_bias': c.bias, 'dtype': dtype} | ({} if c.equalized else {'reparameterize': _reparameterize(c)})
    dense, conv = (equalized(layer) if c.equalized else layer for layer in (layers.Dense, layers.Conv))
    own = {
      'dense': _with(dense, options, init.dense, init.everywhere),
      'conv': _with(conv, options, init.conv, init.everywhere),
    }
    own['norm'] = look_up(f'{group}.norm', NORMS, c.norm)(init.scale, self.classes, own['dense'], c.norm_epsilon)
    return own | ({'activation': activation} if activation else {})

  def _init(self, group):
    return look_up(f'{group}.init', INITS, self._group(group).init)

  def _group(self, group):
    if group not in self.config:
      raise UserError(f'this game needs the keys of its {group}, which the experiment lacks: begin with one of its own')
    return self.config[group]


def _reparameterize(config):
  return spectral_norm if config.spectral_norm else layers.as_it_is


def _with(layer, options, init, everywhere):
  """A layer's constructor with these options; `init` overrules what it is called with where that is said."""
  partial = functools.partial(layer, **options, **init)
  return (lambda *args, **given: partial(*args, **{**given, **init})) if everywhere else partial
