"""From a config to the objects it names: the only place where a name is looked up, in literal tables."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import flax.linen as nn
import optax

from wgan_jax import objectives, penalties, priors, transforms
from wgan_jax.data import digits, folder, images, tfds_images, toy
from wgan_jax.data.source import Source
from wgan_jax.engine import Play
from wgan_jax.errors import UserError, unknown
from wgan_jax.game import Game
from wgan_jax.games.adversarial import Adversarial, Warmup
from wgan_jax.networks import dcgan, inits, layers, mlp, norms, resnet
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.parallel import AXIS


class Architecture(NamedTuple):
  """A pair of networks, each made of (config, shape of a sample, layers).

  multiple: image sides must be multiples of this; 0 for networks that take points as well.
  least: pixels of the longer side, at least.
  """

  generator: Callable[..., nn.Module]
  critic: Callable[..., nn.Module]
  multiple: int = 0
  least: int = 0


ARCHITECTURES = {
  'mlp': Architecture(
    lambda c, shape, own: mlp.MlpGenerator(shape, c.width, c.depth, own['dense'], own['norm']),
    lambda c, shape, own: mlp.MlpCritic(c.width, c.depth, own['dense'], own['norm']),
  ),
  'dcgan': Architecture(
    lambda c, shape, own: dcgan.DcganGenerator(shape, c.width, (c.kernel_size,) * 2, **own),
    lambda c, shape, own: dcgan.DcganCritic(c.width, (c.kernel_size,) * 2, **own),
    multiple=1,
    least=5,
  ),
  'resnet': Architecture(
    lambda c, shape, own: resnet.ResnetGenerator(shape, c.width, **own),
    lambda c, shape, own: resnet.ResnetCritic(c.width, POOLS[c.pool], **own),
    multiple=8,
  ),
}
POOLS = {'mean': resnet.mean_pool, 'sum': resnet.sum_pool}
NORMS = {
  'none': lambda scale: norms.NoNorm,
  'batch': lambda scale: functools.partial(norms.BatchNorm, AXIS, scale),
  'layer': lambda scale: norms.LayerNorm,
}
INITS = {
  'default': inits.Init(),
  'dcgan': inits.DCGAN,
  'glorot': inits.GLOROT,
  'tflib_up': inits.TFLIB_UP,
  'tflib_down': inits.TFLIB_DOWN,
}
DENSITIES = {
  '2gaussians': toy.two_gaussians,
  '8gaussians': toy.eight_gaussians,
  '25gaussians': toy.twenty_five_gaussians,
  'swissroll': toy.SwissRoll,
}
IMAGES = {  # by all that stands before a path
  'digits': lambda data, path: digits.load(data.size),
  'folder:': lambda data, path: folder.load(path, data.size),
}
OBJECTIVES = {'wasserstein': objectives.wasserstein, 'hinge': objectives.hinge}
PENALTIES = {
  'none': lambda c: penalties.no_penalty(),
  'gradient_penalty': lambda c: penalties.gradient_penalty(c.weight, c.sided, c.target),
}
PRIORS = {'normal': priors.normal, 'uniform': priors.uniform}
OPTIMIZERS = {
  'adam': lambda c, rate: optax.adam(rate, c.b1, c.b2, eps=c.epsilon),
  # As PyTorch's, which WGAN's code uses: epsilon outside of the root, first moment from zero.
  'rmsprop': lambda c, rate: optax.rmsprop(rate, c.b2, c.epsilon, eps_in_sqrt=False),
  'sgd': lambda c, rate: optax.sgd(rate),
}
DECAYS = {
  'constant': lambda rate, updates: rate,
  'linear': lambda rate, updates: optax.linear_schedule(rate, 0.0, updates),
}


def build_source(config: Any) -> Source:
  """The data that `config.data` names."""
  data = config.data
  if not data.name:
    raise UserError('this experiment names no data: set --config.data.name=')
  if data.name in DENSITIES:
    return toy.toy_source(DENSITIES[data.name](), data.batch_size)
  kind, colon, path = data.name.partition(':')
  if kind + colon in IMAGES:
    found = IMAGES[kind + colon](data, path)
  else:
    found = tfds_images.TfdsImages(data.name, data.split, data.dir, data.size, [*DENSITIES, 'digits', 'folder:PATH'])
  options = {'flip': data.flip, 'dequantize': data.dequantize}
  height, width, channels = found.shape
  if len(found) * height * width * channels > data.resident_mebibytes * 2**20:
    return images.streamed_source(found, data.batch_size, config.seed, **options)
  return images.resident_source(found.decoded(), data.batch_size, config.seed, **options)


def build_play(config: Any, shape: tuple[int, ...]) -> Play:
  """The game that `config.game` names for samples of `shape`, and how it is played."""
  game = _look_up('game.name', GAMES, config.game.name)(config, shape)
  updates = game.played_before(config.train.steps)
  optimizers = {turn.loss: _optimizer(turn.loss, config.optimizer[turn.loss], updates) for turn in game.turns}
  return Play(game, optimizers, ema_decay=config.ema.decay, ema_start=config.ema.start)


def _adversarial(config: Any, shape: tuple[int, ...]) -> Game:
  c = config.game
  if config.critic.norm == 'batch' and c.penalty.name != 'none':
    raise UserError(
      'a gradient penalty needs a critic without batch normalisation: set --config.critic.norm=layer (or none)'
    )
  return Adversarial(
    generator=_network('generator', config.generator, shape),
    critic=_network('critic', config.critic, shape),
    prior=_look_up('prior.name', PRIORS, config.prior.name)(config.prior.dim),
    objective=_look_up('game.objective', OBJECTIVES, c.objective)(),
    penalty=_look_up('game.penalty.name', PENALTIES, c.penalty.name)(c.penalty),
    n_critic=c.n_critic,
    fakes_per_real=c.fakes_per_real,
    warmup=Warmup(**c.warmup),
    axis_name=AXIS,
  )


GAMES = {'adversarial': _adversarial}


def _network(role: str, config: Any, shape: tuple[int, ...]) -> nn.Module:
  architecture = _look_up(f'{role}.name', ARCHITECTURES, config.name)
  multiple = architecture.multiple
  if multiple and len(shape) != 3:
    raise UserError(f'a {config.name} makes images, these data are points: set --config.{role}.name=mlp')
  if multiple and any(side % multiple for side in shape[:2]):
    sides, fitting = f'{shape[0]}x{shape[1]}', -(-max(shape[:2]) // multiple) * multiple
    raise UserError(
      f'a {config.name} needs sides that are multiples of {multiple}, not {sides}: set --config.data.size={fitting}'
    )
  if multiple and max(shape[:2]) < architecture.least:
    raise UserError(f'a {config.name} needs {architecture.least} pixels or more: set --config.data.size=8, say')
  init = _look_up(f'{role}.init', INITS, config.init)
  _look_up(f'{role}.pool', POOLS, config.pool)  # a wrong name is told, even to a network that pools nothing
  reparameterize = spectral_norm if config.spectral_norm else layers.as_it_is
  options = {'reparameterize': reparameterize, 'use_bias': config.bias}
  own = {
    'dense': functools.partial(layers.Dense, **options, **init.dense),
    'conv': functools.partial(layers.Conv, **options, **init.conv),
    'norm': _look_up(f'{role}.norm', NORMS, config.norm)(init.scale),
  }
  return getattr(architecture, role)(config, shape, own)


def _optimizer(loss: str, config: Any, updates: dict[str, int]) -> optax.GradientTransformation:
  rate = _look_up(f'optimizer.{loss}.decay', DECAYS, config.decay)(config.learning_rate, updates[loss])
  optimizer = _look_up(f'optimizer.{loss}.name', OPTIMIZERS, config.name)(config, rate)
  # Clipping comes last in the chain: it looks at where the weights would end.
  return optax.chain(optimizer, transforms.clip_weights(config.clip_weights)) if config.clip_weights else optimizer


def _look_up(kind: str, table: dict[str, Any], name: str) -> Any:
  if name not in table:
    raise unknown(kind, name, table)
  return table[name]
