r"""LSGAN on MNIST.

    python launch.py --config=experiments/lsgan_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Mao et al., https://arxiv.org/abs/1611.04076: a = 0, b = c = 1, in DCGAN's networks and settings.

Scores and time: not yet measured.
"""

from experiments import gan_mnist


def get_config():
  config = gan_mnist.get_config()
  config.game.objective = 'least_squares'
  return config
