"""How each game is put together from the parts that a config describes; `make` is build.py's maker of these parts."""

from typing import Any

from wgan_jax.build_architectures import GROWING, TRANSLATORS
from wgan_jax.build_optimizers import annealing
from wgan_jax.data.growing import Growth
from wgan_jax.errors import UserError
from wgan_jax.games.acgan import Acgan
from wgan_jax.games.adversarial import Adversarial, Warmup
from wgan_jax.games.alae import Alae
from wgan_jax.games.began import Began
from wgan_jax.games.cramer import Cramer
from wgan_jax.games.cyclegan import CycleGan
from wgan_jax.games.ebgan import Ebgan
from wgan_jax.games.feature_matching import FeatureMatching
from wgan_jax.games.infogan import Infogan
from wgan_jax.games.lecam import LeCam
from wgan_jax.games.mmd import Mmd
from wgan_jax.games.progressive import Progressive
from wgan_jax.games.unrolled import Unrolled
from wgan_jax.games.vae import Vae
from wgan_jax.networks.autoencoder import Autoencoder
from wgan_jax.parallel import AXIS
from wgan_jax.priors import lines, of_first, with_codes


def adversarial(make: Any) -> Adversarial:
  """The game of two."""
  return Adversarial(**_duel(make))


def lecam(make: Any) -> LeCam:
  """The game of two with LeCam's regulariser."""
  return LeCam(**_duel(make), **make.game.lecam)


def unrolled(make: Any) -> Unrolled:
  """The game of two whose generator looks ahead."""
  return Unrolled(**_duel(make), **make.game.unrolled)


def progressive(make: Any) -> Progressive:
  """The game of two whose networks grow."""
  for group in ('generator', 'critic'):
    if (name := make.config[group].name) not in GROWING:
      raise UserError(f'{group}.name={name} does not grow: set --config.{group}.name=progressive')
  return Progressive(**_duel(make), growth=Growth(**make.game.growth))


def feature_matching(make: Any) -> FeatureMatching:
  """The game of two whose generator matches features."""
  return FeatureMatching(**_duel(make, make.networks.with_features()))


def acgan(make: Any) -> Acgan:
  """ACGAN; its generator has to be conditional."""
  if not make.networks.conditional('generator'):
    raise UserError('ACGAN asks for classes: set --config.generator.conditioning=concatenate, on data with labels')
  classifier = make.networks.on_features('classifier', make.networks.classes)
  return Acgan(**_duel(make, make.networks.with_features()), classifier=classifier, **make.game.acgan)


def infogan(make: Any) -> Infogan:
  """InfoGAN; the codes come after the noise of the config's prior."""
  codes = make.game.infogan
  if make.networks.conditional('generator', 'critic'):
    raise UserError("InfoGAN is told no labels: set --config.generator.conditioning=none (and the critic's)")
  fields = _duel(make, make.networks.with_features())
  fields.update(prior=with_codes(fields['prior'], codes.categories, codes.continuous), between=lines)
  fields.update(truncation=of_first(make.config.prior.dim, fields['truncation']))
  recognizer = make.networks.on_features('recognizer', codes.categories + codes.continuous)
  return Infogan(**fields, recognizer=recognizer, **codes)


def ebgan(make: Any) -> Ebgan:
  """EBGAN; the critic's encoder is described by `critic`, its decoder by `decoder`."""
  c = make.game
  make.pairs()
  return Ebgan(**_autoencoding(make), n_critic=c.n_critic, margin=c.margin, pull_away=c.pull_away)


def began(make: Any) -> Began:
  """BEGAN, of the same parts."""
  c = make.game
  return Began(**_autoencoding(make), n_critic=c.n_critic, gamma=c.gamma, rate=c.rate)


def cramer(make: Any) -> Cramer:
  """Cramer GAN."""
  return Cramer(**_of_vectors(make))


def mmd(make: Any) -> Mmd:
  """MMD GAN."""
  return Mmd(**_of_vectors(make), kernel=make.kernel())


def alae(make: Any) -> Alae:
  """ALAE; `style` is the size of w."""
  style = make.game.style
  return Alae(
    mapping=make.networks.of_shape((style,)).generator('mapping'),
    generator=make.networks.generator(),
    encoder=make.seeing(make.networks.encoder('encoder', style)),
    critic=make.networks.of_shape((style,)).critic(),
    objective=make.objective(),
    penalty=make.penalty(),
    reciprocity=make.game.reciprocity,
    critic_conditional=make.networks.conditional('encoder', 'critic'),
    **_of_codes(make, 'mapping', 'generator'),
  )


def vae(make: Any) -> Vae:
  """VAE."""
  likelihood, output = make.likelihood()
  if make.config.prior.name != 'normal':
    raise UserError("a VAE's codes are normal: set --config.prior.name=normal")
  dim = make.config.prior.dim
  return Vae(
    encoder=make.networks.encoder('encoder', 2 * dim),
    generator=make.networks.generator(output=output),
    likelihood=likelihood,
    dim=dim,
    beta=make.game.beta,
    conditional=make.networks.conditional('generator'),
    axis_name=AXIS,
  )


def cyclegan(make: Any) -> CycleGan:
  """CycleGAN; both generators are alike, and both critics."""
  if make.sources is None:
    raise UserError('CycleGAN translates one set of images into another: name the first by --config.source.name=')
  if make.networks.conditional('generator', 'critic'):
    raise UserError('CycleGAN is told no labels: leave conditioning at none, and norm at instance, of both networks')
  pair = [make.networks.generator('generator', TRANSLATORS) for _ in range(2)]
  critics = [make.seeing(make.networks.critic('critic', TRANSLATORS)) for _ in range(2)]
  c = make.game
  return CycleGan(
    generator=pair[0],
    inverse=pair[1],
    critic=critics[0],
    inverse_critic=critics[1],
    prior=make.sources,
    objective=make.objective(),
    cycle=c.cycle,
    identity=c.identity,
    axis_name=AXIS,
  )


def _duel(make, critic=None):
  """The fields of the game of two."""
  c = make.game
  return dict(
    generator=make.networks.generator(),
    critic=make.seeing(critic or make.networks.critic()),
    objective=make.objective(),
    penalty=make.penalty(),
    annealing=annealing(c.annealing),
    n_critic=c.n_critic,
    fakes_per_real=c.fakes_per_real,
    warmup=Warmup(**c.warmup),
    critic_conditional=make.networks.conditional('critic'),
    **_of_codes(make, 'generator'),
  )


def _autoencoding(make):
  """The fields of games whose critic is an auto-encoder."""
  critic = Autoencoder(make.networks.encoder('critic', make.game.code), make.networks.generator('decoder'))
  seeing = make.seeing(critic)
  return dict(generator=make.networks.generator(), critic=seeing, **_of_codes(make, 'generator'))


def _of_vectors(make):
  """The fields of games whose critic makes vectors."""
  c = make.game
  return dict(
    generator=make.networks.generator(),
    critic=make.seeing(make.networks.encoder('critic', c.features)),
    penalty=make.penalty(),
    n_critic=c.n_critic,
    **_of_codes(make, 'generator'),
  )


def _of_codes(make, *told):
  """The fields of games that make samples of latent codes. told: the networks that may look at a label."""
  prior, path, truncation = make.prior()
  conditional = make.networks.conditional(*told)
  return dict(prior=prior, between=path, truncation=truncation, conditional=conditional, axis_name=AXIS)
