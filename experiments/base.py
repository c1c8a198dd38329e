"""Every key of an experiment, with its unit and default. An experiment is this plus its differences.

`get_config` is the game of two. The keys of the other games are in base_games.py; an experiment puts them in the place
of `game`, with the networks and optimisers that such a game has more. Those of what looks at a trained run are in
base_looking.py.
"""

import ml_collections

from experiments import base_looking


def get_config() -> ml_collections.ConfigDict:
  """WGAN-GP on nothing yet: an experiment has to name its data."""
  return ml_collections.ConfigDict(
    dict(
      seed=0,
      replicas=1,  # runs that are trained side by side in one program, of this seed, the next one and so on
      data=data(),
      source=data(),  # a second set of images, for games that translate it into the first; none without a name
      prior=dict(name='normal', dim=128),
      generator=network(),
      critic=network(),
      game=game(),
      optimizer=dict(
        critic_loss=optimizer(),  # one for each turn, by the name of its loss
        generator_loss=optimizer(),
      ),
      ema=dict(  # of generator parameters and batch statistics
        decay=0.999,  # per round
        start=0,  # first round
        ramp=0,  # rounds in which the half-life rises from 0 to the decay's, by a cosine
      ),
      train=dict(
        steps=10_000,  # rounds, i.e. generator updates
        rounds_per_dispatch=10,  # at most so many rounds in one program
        devices=0,  # how many, 0 for all there are
        accumulate=1,  # micro-batches that a device computes its share of a batch in, one after another
      ),
      log=log(),
      checkpoint=dict(
        every_steps=1_000,
        keep=3,  # the last so many, and the best one
        best='',  # the score by which a checkpoint is best; '' for the one that suits the data
      ),
      sample=base_looking.sample(),  # of --mode=sample alone
      evaluate=base_looking.evaluate(),  # of --mode=evaluate alone
    )
  )


def log() -> dict:
  """The keys of what is written down while a run trains."""
  return dict(
    every_steps=10,  # scalars
    samples_every_steps=1_000,  # sample grids and interpolations
    n_samples=64,  # images in a grid, or points in a scatter plot
    n_evaluate=2_500,  # samples that a score is computed from, beside each checkpoint and grid
    inception=False,  # distances in Inception's features too, of evaluate.weights: slow without an accelerator
    n_classifier=10_000,  # real samples that a classifier learns from, where samples are asked to be of a class
    n_critic_w1=512,  # real samples, and fakes, on which a critic's estimate stands beside the exact W1; 0 for none
    held_out='',  # split that is watched for overfitting, or none; '' for test if training has none of it
    n_held_out=1_000,  # samples of it, and of the training data, that the critic's losses are compared on
  )


def data() -> dict:
  """The keys of the data."""
  return dict(
    name='',  # a toy density, digits, stacked_digits, stacked_mnist, folder:PATH or any prepared TFDS image set
    split='train',  # of a TFDS set, or a part of any set of images: 'train[:80%]', 'train[1000:]'
    dir='~/tensorflow_datasets',  # where TFDS sets were prepared
    size=0,  # pixels; images are fitted to size x size, 0 leaves them as they are
    batch_size=64,  # of all devices together
    flip=False,  # mirror images at random
    dequantize=False,  # spread each of the 256 levels evenly
    invert=False,  # take the negative
    resident_mebibytes=1024,  # sets up to this size live on the device, larger ones are streamed
  )


def game(**differences) -> dict:
  """The keys of the game of two, and of every game that adds to it."""
  keys = dict(
    name='adversarial',
    **objective('wasserstein'),
    n_critic=5,  # critic updates for one of the generator
    fakes_per_real=1,  # batch of the generator's turn, in batches
    warmup=dict(repeats=0, first_rounds=25, every=500),  # critic updates in a long round, 0 for none; which rounds
    penalty=penalty(),
    annealing=dict(share=1.0, updates=10_000),  # of the penalty's weight, what is left, by a cosine; critic updates
    augment=augment(),
  )
  return {**keys, **differences}


def objective(name: str) -> dict:
  """The keys of what critic and generator minimise."""
  return dict(
    objective=name,  # minimax, non_saturating, least_squares, wasserstein, hinge, relativistic or f_gan
    least_squares=dict(fake=0.0, real=1.0, generator=1.0),  # targets a, b and c of LSGAN
    divergence='kl',  # of f_gan: kl, reverse_kl, pearson, neyman, squared_hellinger, jeffrey, jensen_shannon or gan
    alternative=False,  # the other generator loss of f-GAN, with more gradient early on
  )


def penalty(**differences) -> dict:
  """The keys of a penalty."""
  keys = dict(
    name='gradient_penalty',  # none, gradient_penalty, lipschitz_penalty, dragan, r1, r2, r1_r2 or zero_centered
    weight=10.0,  # lambda; gamma of r1 and r2, which is halved
    sided='two',  # of gradient_penalty: one or two
    target=1.0,  # norm of the gradient that is asked for; the zero-centred have none
    scale=0.5,  # of dragan's noise, in standard deviations of the data
    noise='uniform',  # of dragan: uniform as in its code, or normal as in its paper
    drift=0.0,  # weight of D(x)^2 on real samples beside it, 0 for none
    consistency=0.0,  # weight of consistency regularisation beside it, 0 for none
  )
  return {**keys, **differences}


def augment(**differences) -> dict:
  """The keys of what the critic looks through."""
  keys = dict(
    name='none',  # none, diffaug, ada, rising_bgc or instance_noise
    color=True,  # diffaug's parts
    translation=True,
    cutout=True,
    target=0.6,  # ada: mean sign of the real logits aimed at
    images=500_000,  # ada: real samples that it takes p to go from 0 to 1
    sigma=0.1,  # instance_noise: standard deviation at the start, in the unit of the samples
    updates=10_000,  # critic updates until instance_noise is gone, or p of rising_bgc reached
    p=0.55,  # rising_bgc: probability of each change in the end
  )
  return {**keys, **differences}


def network(**differences) -> ml_collections.ConfigDict:
  """A network's keys; each kind of network reads those that mean something to it."""
  keys = dict(
    name='mlp',
    width=512,  # units of a hidden layer, or channels of the widest common measure
    depth=3,  # hidden layers of an MLP; residual blocks or halvings of a translator's pair; blocks of each size (2) of
    # biggan_deep and r3gan
    kernel_size=5,  # pixels, of a DCGAN
    growth=2,  # of a DCGAN: how many times as many channels there are at half the size; 1 for the same everywhere
    norm_epsilon=1e-5,  # added to variances by batch normalisation
    norm='none',  # batch, conditional_batch, modulated_batch, layer, group, instance, pixel or none
    conditioning='none',  # concatenate; of critics projection, inner_product; of generators shared, embedded; or none
    shared=128,  # numbers of a generator's embedding, shared or embedded
    activation='default',  # the network's own; else relu, leaky_relu, elu, tanh, or gated, which halves the channels
    attention=0,  # of residual networks: side of the feature map that looks at itself, in pixels; 0 for none
    skip=False,  # of a residual generator: z goes to every block, in chunks or, of biggan_deep, as a whole
    minibatch_group=4,  # of a progressive critic: samples whose differences it is told, 0 for none
    remat=False,  # of residual networks: blocks are computed anew in the backward pass, which saves memory
    pool='mean',  # before the last layer of a residual critic: mean or sum
    bias=True,  # of dense and convolutional layers
    init='default',  # each layer's own; known: dcgan, N(0, 0.02); glorot; orthogonal; WGAN-GP's tflib_up, tflib_down
    spectral_norm=False,
    equalized=False,  # learning rate: kernels of variance 1, scaled where they are used
    dtype='float32',  # of products and activations: or bfloat16; parameters, statistics and losses stay in float32
  )
  return ml_collections.ConfigDict({**keys, **differences})


def optimizer(**differences) -> ml_collections.ConfigDict:
  """An optimiser's keys."""
  keys = dict(
    name='adam',
    learning_rate=1e-4,
    decay='constant',  # of the learning rate: constant, linear or cosine
    last_rate=0.0,  # what it ends at
    decay_updates=0,  # updates until then, 0 for those of the whole run
    b1=0.5,  # Adam's
    b2=0.9,  # Adam's; RMSProp's decay
    last_b2=0.0,  # Adam's: what b2 ends at, going the way of the rate; 0 for staying as it is
    epsilon=1e-8,
    orthogonal=0.0,  # beta of orthogonal regularisation, 0 for none (1e-4 in BigGAN; its PyTorch code's b is b / 2)
    clip_weights=0.0,  # WGAN's c, 0 for none
  )
  return ml_collections.ConfigDict({**keys, **differences})
