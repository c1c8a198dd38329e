r"""SN-GAN on CIFAR-10 with LeCam's regulariser and differentiable augmentation.

    python launch.py --config=experiments/lecam_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Tseng et al., https://arxiv.org/abs/2104.03310: weight 0.3, decay 0.99, from update 1,000 on; Zhao et al.,
https://arxiv.org/abs/2006.10738: translation and cutout, as their CIFAR script. The networks are SN-GAN's; both
papers report in BigGAN's (biggan_cifar.py).

Scores and time: not yet measured.
"""

from experiments import base_games, sngan_cifar


def get_config():
  config = sngan_cifar.get_config()
  config.game = base_games.lecam()
  config.game.update(objective='hinge')
  config.game.penalty.name = 'none'
  config.game.augment.update(name='diffaug', color=False)
  return config
