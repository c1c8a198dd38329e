r"""Feature matching on CIFAR-10 in DCGAN's networks and settings.

    python launch.py --config=experiments/feature_matching_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Salimans et al., https://arxiv.org/abs/1606.03498, section 3.1.

Scores and time: not yet measured.
"""

from experiments import gan_mnist


def get_config():
  config = gan_mnist.get_config()
  config.data.name = 'cifar10'
  config.game.name = 'feature_matching'
  return config
