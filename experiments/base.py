"""Every key of an experiment, with its unit and default. An experiment is this plus its differences."""

import ml_collections


def get_config() -> ml_collections.ConfigDict:
  """WGAN-GP on nothing yet: an experiment has to name its data."""
  return ml_collections.ConfigDict(
    dict(
      seed=0,
      data=data(),
      prior=dict(name='normal', dim=128),
      generator=network(),
      critic=network(),
      game=game(),
      optimizer=dict(
        critic_loss=optimizer(),  # one for each turn, by the name of its loss
        generator_loss=optimizer(),
      ),
      ema=dict(decay=0.999, start=0),  # of generator parameters and batch statistics, per round; first round
      train=dict(
        steps=10_000,  # rounds, i.e. generator updates
        rounds_per_dispatch=10,  # at most so many rounds in one program
        devices=0,  # how many, 0 for all there are
      ),
      log=dict(
        every_steps=10,  # scalars
        samples_every_steps=1_000,  # sample grids and interpolations
        n_samples=64,  # images in a grid, or points in a scatter plot
        n_evaluate=2_500,  # samples that a score is computed from, beside each checkpoint and grid
      ),
      checkpoint=dict(
        every_steps=1_000,
        keep=3,  # the last so many, and the best one
        best='',  # the score by which a checkpoint is best; '' for the one that suits the data
      ),
    )
  )


def data() -> dict:
  """The keys of the data."""
  return dict(
    name='',  # a toy density, digits, folder:PATH or any prepared TFDS image set
    split='train',  # of a TFDS set
    dir='~/tensorflow_datasets',  # where TFDS sets were prepared
    size=0,  # pixels; images are fitted to size x size, 0 leaves them as they are
    batch_size=64,  # of all devices together
    flip=False,  # mirror images at random
    dequantize=False,  # spread each of the 256 levels evenly
    resident_mebibytes=1024,  # sets up to this size live on the device, larger ones are streamed
  )


def game() -> dict:
  """The keys of the game of two."""
  return dict(
    name='adversarial',
    objective='wasserstein',
    n_critic=5,  # critic updates for one of the generator
    fakes_per_real=1,  # batch of the generator's turn, in batches
    warmup=dict(repeats=0, first_rounds=25, every=500),  # critic updates in a long round, 0 for none; which rounds
    penalty=dict(name='gradient_penalty', weight=10.0, sided='two', target=1.0),
  )


def network(**differences) -> ml_collections.ConfigDict:
  """A network's keys; each kind of network reads those that mean something to it."""
  keys = dict(
    name='mlp',
    width=512,  # units of a hidden layer, or channels of the widest common measure
    depth=3,  # hidden layers of an MLP
    kernel_size=5,  # pixels, of a DCGAN
    norm='none',
    pool='mean',  # before the last layer of a residual critic: mean or sum
    bias=True,  # of dense and convolutional layers
    init='default',  # each layer's own; known: dcgan, N(0, 0.02); glorot; tflib_up, tflib_down (WGAN-GP's DCGAN)
    spectral_norm=False,
  )
  return ml_collections.ConfigDict({**keys, **differences})


def optimizer(**differences) -> ml_collections.ConfigDict:
  """An optimiser's keys."""
  keys = dict(
    name='adam',
    learning_rate=1e-4,
    decay='constant',  # of the learning rate: constant, or linear to 0 over the run
    b1=0.5,  # Adam's
    b2=0.9,  # Adam's; RMSProp's decay
    epsilon=1e-8,
    clip_weights=0.0,  # WGAN's c, 0 for none
  )
  return ml_collections.ConfigDict({**keys, **differences})
