r"""Cramer GAN on CIFAR-10 in WGAN-GP's residual networks.

    python launch.py --config=experiments/cramer_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Bellemare et al., https://arxiv.org/abs/1705.10743, Algorithm 1: 256 features, lambda 10, 5 critic updates, Adam 1e-4
(0.5, 0.9), batch 64. The paper's images are LSUN bedrooms and CelebA.

Scores and time: not yet measured.
"""

from experiments import base_games, cifar_wgan_gp


def get_config():
  config = cifar_wgan_gp.get_config()
  config.game = base_games.cramer()
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=1e-4, decay='constant', b1=0.5)
  return config
