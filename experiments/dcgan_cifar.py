r"""DCGAN on CIFAR-10.

    python launch.py --config=experiments/dcgan_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Radford et al., https://arxiv.org/abs/1511.06434: strided convolutions and batch normalisation in both networks, but for
the generator's output and the critic's input; the rest as in gan_mnist.py. At 32x32 the paper's channels, 1024 at 4x4
for 64x64, are 512-256-128 here and back again in the critic.

Scores and time: not yet measured.
"""

from experiments import gan_mnist


def get_config():
  config = gan_mnist.get_config()
  config.data.name = 'cifar10'
  config.generator.width = config.critic.width = 128
  return config
