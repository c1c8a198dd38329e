r"""SN-GAN on CIFAR-10 with LeCam's regulariser and differentiable augmentation.

    python launch.py --config=experiments/lecam_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Tseng et al., https://arxiv.org/abs/2104.03310: weight 0.3, decay 0.99, from update 1,000 on; Zhao et al.,
https://arxiv.org/abs/2006.10738: translation and cutout, as their CIFAR script. The networks are SN-GAN's; BigGAN's, in
which both papers report, are not here yet.

Scores and time: not yet measured.
"""

from experiments import base_games, cifar_sngan


def get_config():
  config = cifar_sngan.get_config()
  config.game = base_games.lecam()
  config.game.update(objective='hinge')
  config.game.penalty.name = 'none'
  config.game.augment.update(name='diffaug', color=False)
  return config
