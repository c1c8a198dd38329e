r"""WGAN with weight clipping on MNIST.

    python launch.py --config=experiments/mnist_wgan.py --config.data.dir=WHERE_TFDS_SETS_ARE

Arjovsky et al., "Wasserstein GAN", https://arxiv.org/abs/1701.07875, Algorithm 1: RMSProp 5e-5, all weights clipped to
0.01, 5 critic updates, batch 64; DCGAN with 4x4 kernels, batch normalisation in both networks, N(0, 0.02) and no
biases, as in https://github.com/martinarjovsky/WassersteinGAN. That code also trains the critic 100 times in
each of the first 25 rounds and in every 500th, which the paper does not say: --config.game.warmup.repeats=100.

Scores and time: not yet measured.
"""

from experiments import base


def get_config():
  config = base.get_config()
  config.data.name = 'mnist'
  config.prior.dim = 100
  dcgan = {'name': 'dcgan', 'width': 64, 'kernel_size': 4, 'norm': 'batch', 'init': 'dcgan', 'bias': False}
  config.generator.update(dcgan)
  config.critic.update(dcgan)
  config.game.penalty.name = 'none'
  for optimizer in config.optimizer.values():
    optimizer.update(name='rmsprop', learning_rate=5e-5, b2=0.99)
  config.optimizer.critic_loss.clip_weights = 0.01
  config.ema.decay = 0.0
  config.train.steps = 100_000
  return config
