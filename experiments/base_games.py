"""The keys of games other than that of two, each by the name of the game: what stands under `game`, with its units."""

from experiments import base


def lecam() -> dict:
  """The keys of the game of two with LeCam's regulariser."""
  return base.game(
    name='lecam', lecam=dict(weight=0.3, decay=0.99, start=1000)
  )  # lambda; per critic update; critic updates


def unrolled(**differences) -> dict:
  """The keys of the game of two whose generator looks ahead: so many updates of the critic, at that rate."""
  return base.game(name='unrolled', n_critic=1, unrolled=dict(ahead=5, rate=0.03) | differences)


def progressive(**growth) -> dict:
  """The keys of the game of two whose networks grow: how many real images the critic learns from at each level."""
  growth = dict(stable=800_000, fade=800_000) | growth  # while it stays as it is; while the next one is faded in
  return base.game(name='progressive', n_critic=1, growth=growth)


def acgan(**weights) -> dict:
  """The keys of ACGAN, beside a network `classifier`: weights of the cross-entropies, of critic and of generator."""
  return base.game(name='acgan', acgan=dict(real_weight=1.0, fake_weight=1.0, generator_weight=1.0) | weights)


def infogan(**differences) -> dict:
  """The keys of InfoGAN, beside a network `recognizer`: codes of each kind, and the weight of the information."""
  return base.game(name='infogan', infogan=dict(categories=10, continuous=2, weight=1.0) | differences)


def ebgan(**differences) -> dict:
  """The keys of EBGAN, beside a network `decoder` of the critic, whose input is the code."""
  keys = dict(
    name='ebgan',
    code=32,  # numbers that the critic's encoder makes of a sample
    n_critic=1,
    margin=1.0,  # of the energy, the mean square of the reconstruction's error
    pull_away=0.1,  # weight of the pull-away term, 0 for none
    augment=base.augment(),
  )
  return {**keys, **differences}


def began(**differences) -> dict:
  """The keys of BEGAN, beside a network `decoder` of the critic, whose input is the code."""
  keys = dict(
    name='began',
    code=32,  # numbers that the critic's encoder makes of a sample
    n_critic=1,
    gamma=0.5,  # reconstruction error of fakes over that of data
    rate=0.001,  # of the feedback on k
    augment=base.augment(),
  )
  return {**keys, **differences}


def cramer(**differences) -> dict:
  """The keys of Cramer GAN."""
  keys = dict(
    name='cramer',
    n_critic=5,
    features=256,  # numbers that the critic makes of a sample
    penalty=base.penalty(),
    augment=base.augment(),
  )
  return {**keys, **differences}


def mmd(**differences) -> dict:
  """The keys of MMD GAN: those of Cramer GAN, and a kernel."""
  return cramer(**dict(name='mmd', kernel='rational_quadratic') | differences)  # kernel: or gaussian


def alae() -> dict:
  """The keys of ALAE, beside networks `mapping` and `encoder` and an optimiser of reconstruction_loss."""
  return dict(
    name='alae',
    style=50,  # size of w
    **base.objective('non_saturating'),
    reciprocity=1.0,  # weight of the reconstruction of w
    penalty=base.penalty(name='r1'),
    augment=base.augment(),
  )


def vae(**differences) -> dict:
  """The keys of the VAE, beside a network `encoder` and an optimiser of negative_elbo."""
  keys = dict(
    name='vae',
    likelihood='bernoulli',  # or gaussian
    sigma=0.3,  # standard deviation of a gaussian one, in the unit of the samples
    beta=1.0,  # weight of the divergence of the codes
  )
  return {**keys, **differences}


def cyclegan() -> dict:
  """The keys of CycleGAN, beside data `source`."""
  return dict(
    name='cyclegan',
    **base.objective('least_squares'),
    cycle=10.0,  # weight of the reconstructions
    identity=0.5,  # weight of leaving alone what is of the right kind already, in units of `cycle`
    augment=base.augment(),
  )
