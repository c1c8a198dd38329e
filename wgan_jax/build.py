"""From a config to the objects it names. Names are looked up here and in the other build_ files, in literal
tables, and nowhere else.
"""

from typing import Any

import flax.linen as nn
import jax

from wgan_jax import augmentations, build_games, divergences, kernels, likelihoods, objectives, penalties, priors
from wgan_jax.build_data import build_held_out, build_source, build_sources
from wgan_jax.build_networks import BATCH_NORMS, Networks
from wgan_jax.build_optimizers import asked_for, averaging, build_optimizer
from wgan_jax.engine import Play
from wgan_jax.errors import UserError, look_up
from wgan_jax.game import Game
from wgan_jax.networks import layers
from wgan_jax.networks.augmented import Augmented
from wgan_jax.parallel import AXIS

__all__ = ['build_held_out', 'build_play', 'build_source', 'build_sources']

OBJECTIVES = {  # made of config.game
  'minimax': lambda c: objectives.minimax(),
  'non_saturating': lambda c: objectives.non_saturating(),
  'least_squares': lambda c: objectives.least_squares(**c.least_squares),
  'wasserstein': lambda c: objectives.wasserstein(),
  'hinge': lambda c: objectives.hinge(),
  'relativistic': lambda c: objectives.relativistic(),
  'f_gan': lambda c: divergences.f_gan(DIVERGENCES[c.divergence], c.alternative),
}
DIVERGENCES = {
  'kl': divergences.KULLBACK_LEIBLER,
  'reverse_kl': divergences.REVERSE_KULLBACK_LEIBLER,
  'pearson': divergences.PEARSON,
  'neyman': divergences.NEYMAN,
  'squared_hellinger': divergences.SQUARED_HELLINGER,
  'jeffrey': divergences.JEFFREY,
  'jensen_shannon': divergences.JENSEN_SHANNON,
  'gan': divergences.GAN,
}
NOISES = {'uniform': penalties.uniform_noise, 'normal': jax.random.normal}  # of DRAGAN
PENALTIES = {  # made of config.game.penalty
  'none': lambda c: penalties.no_penalty(),
  'gradient_penalty': lambda c: penalties.gradient_penalty(c.weight, c.sided, c.target),
  'lipschitz_penalty': lambda c: penalties.lipschitz_penalty(c.weight, c.target),
  'dragan': lambda c: penalties.dragan(
    c.weight, c.scale, c.target, AXIS, look_up('game.penalty.noise', NOISES, c.noise)
  ),
  'r1': lambda c: penalties.r1(c.weight),
  'r2': lambda c: penalties.r2(c.weight),
  'r1_r2': lambda c: penalties.total(penalties.r1(c.weight), penalties.r2(c.weight)),
  'zero_centered': lambda c: penalties.zero_centered(c.weight),
}
AUGMENTATIONS = {  # made of (config.game.augment, batch size)
  'none': lambda c, batch_size: None,
  'diffaug': lambda c, batch_size: augmentations.diffaug(c.color, c.translation, c.cutout),
  'ada': lambda c, batch_size: augmentations.ada(batch_size, c.target, c.images),
  'rising_bgc': lambda c, batch_size: augmentations.rising_bgc(c.p, c.updates),
  'instance_noise': lambda c, batch_size: augmentations.instance_noise(c.sigma, c.updates),
}
PRIORS = {  # and paths among their codes, and how these are truncated
  'normal': (priors.normal, priors.arcs, priors.NORMAL),
  'uniform': (priors.uniform, priors.lines, priors.UNIFORM),
}
KERNELS = {'rational_quadratic': kernels.rational_quadratic, 'gaussian': kernels.gaussian}
LIKELIHOODS = {  # and what the decoder's last layer goes through
  'bernoulli': lambda c: (likelihoods.bernoulli(), layers.full),
  'gaussian': lambda c: (likelihoods.gaussian(c.sigma), layers.bounded),
}
GAMES = {
  'acgan': build_games.acgan,
  'adversarial': build_games.adversarial,
  'alae': build_games.alae,
  'began': build_games.began,
  'cramer': build_games.cramer,
  'cyclegan': build_games.cyclegan,
  'ebgan': build_games.ebgan,
  'feature_matching': build_games.feature_matching,
  'infogan': build_games.infogan,
  'lecam': build_games.lecam,
  'mmd': build_games.mmd,
  'progressive': build_games.progressive,
  'unrolled': build_games.unrolled,
  'vae': build_games.vae,
}


class GameKeys:
  """The keys under `game`; one that the experiment of another game lacks is a user's mistake."""

  def __init__(self, keys: Any):
    self._keys = keys

  def __getattr__(self, key: str) -> Any:
    if key not in self._keys:
      name = self._keys.name
      raise UserError(f'game {name} needs --config.game.{key}, which this experiment lacks: begin with one of its own')
    return self._keys[key]


class Make:
  """Makes the parts of a game that a config describes.

  Args:
    config: the whole of it.
    shape: of a sample.
    classes: kinds of labels, 0 for none.
    sources: a prior that draws samples of `config.source`, None where it names none.
  """

  def __init__(self, config: Any, shape: tuple[int, ...], classes: int, sources: priors.Prior | None):
    self.config, self.game, self.sources = config, GameKeys(config.game), sources
    self.networks = Networks(config, shape, classes)

  def prior(self) -> tuple[priors.Prior, priors.Path, priors.Truncation]:
    """The distribution of latent codes, the paths from one to another, and how they are truncated."""
    prior, path, truncation = look_up('prior.name', PRIORS, self.config.prior.name)
    return prior(self.config.prior.dim), path, truncation

  def objective(self) -> objectives.Objective:
    """What critic and generator minimise."""
    look_up('game.divergence', DIVERGENCES, self.game.divergence)  # a wrong name is told, even where none is minimised
    return look_up('game.objective', OBJECTIVES, self.game.objective)(self.game)

  def penalty(self) -> penalties.Penalty:
    """What keeps the critic smooth."""
    c = self.game.penalty
    penalised = c.name != 'none' or c.consistency or asked_for(c.drift)
    coupled = [group for group in PENALISED if group in self.config and self.config[group].norm in BATCH_NORMS]
    if penalised and coupled:
      group = coupled[0]
      raise UserError(
        f'a penalty goes with no batch normalisation of the {group}: set --config.{group}.norm=layer (or none)'
      )
    penalty = look_up('game.penalty.name', PENALTIES, c.name)(c)
    penalty = penalties.total(penalty, penalties.drift(c.drift)) if asked_for(c.drift) else penalty
    if not c.consistency:
      return penalty
    if len(self.networks.shape) != 3:
      raise UserError(
        'consistency regularisation shifts images, these data are points: set --config.game.penalty.consistency=0'
      )
    return penalties.total(penalty, penalties.consistency(c.consistency, augment=augmentations.flip_and_shift))

  def pairs(self) -> None:
    """Raises a UserError where a batch has no pairs of samples, which some losses are made of."""
    if self.config.data.batch_size < 2:
      raise UserError(f'game {self.game.name} compares samples of a batch: set --config.data.batch_size=2 or more')

  def kernel(self) -> kernels.Kernel:
    """Of the maximum mean discrepancy."""
    self.pairs()
    return look_up('game.kernel', KERNELS, self.game.kernel)()

  def likelihood(self) -> tuple[likelihoods.Likelihood, Any]:
    """What the decoder's output says of the data, and what its last layer goes through."""
    likelihood = look_up('game.likelihood', LIKELIHOODS, self.game.likelihood)(self.game)
    if self.game.likelihood in OF_PIXELS and len(self.networks.shape) != 3:
      raise UserError(
        f'{self.game.likelihood} is of pixels, these data are points: set --config.game.likelihood=gaussian'
      )
    return likelihood

  def seeing(self, critic: nn.Module) -> nn.Module:
    """The critic behind the augmentation, if there is one."""
    c = self.game.augment
    found = look_up('game.augment.name', AUGMENTATIONS, c.name)(c, self.config.data.batch_size)
    if found is None:
      return critic
    if c.name in IMAGES_ONLY and len(self.networks.shape) != 3:
      raise UserError(f'{c.name} changes images, these data are points: set --config.game.augment.name=instance_noise')
    return Augmented(critic, found, AXIS)


PENALISED, TRANSLATING = ('critic', 'encoder'), ('cyclegan',)  # the encoder's codes are what ALAE's critic judges
IMAGES_ONLY, OF_PIXELS = ('diffaug', 'ada', 'rising_bgc'), ('bernoulli',)


def build_play(config: Any, shape: tuple[int, ...], classes: int = 0, sources: priors.Prior | None = None) -> Play:
  """The game that `config.game` names, and how it is played; the arguments are those of `Make`."""
  put_together = look_up('game.name', GAMES, config.game.name)
  if sources is not None and config.game.name not in TRANSLATING:
    raise UserError(
      f"game {config.game.name} translates nothing: leave out --config.source.name, or begin with CycleGAN's"
    )
  game: Game = put_together(Make(config, shape, classes, sources))
  updates = game.played_before(config.train.steps)
  optimizers = {turn.loss: build_optimizer(turn.loss, config, updates) for turn in game.turns}
  return Play(
    game, optimizers, ema_decay=averaging(config), ema_start=config.ema.start, accumulate=config.train.accumulate
  )
