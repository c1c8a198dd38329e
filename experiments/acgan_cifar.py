r"""ACGAN on CIFAR-10 as WGAN-GP's authors train it: their residual networks with an auxiliary classifier.

    python launch.py --config=experiments/acgan_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Odena et al., https://arxiv.org/abs/1610.09585; Gulrajani et al., https://arxiv.org/abs/1704.00028, section 5.4 and
gan_cifar_resnet.py: conditional batch normalisation in the generator, cross-entropy on real images alone with weight 1
in the critic's loss and on generated ones with 0.1 in the generator's.

Published for this recipe: Inception score 8.42. Here: not yet measured.
"""

from experiments import base, base_games, cifar_wgan_gp


def get_config():
  config = cifar_wgan_gp.get_config()
  config.game = base_games.acgan(fake_weight=0.0, generator_weight=0.1)
  config.game.update(fakes_per_real=2)
  config.generator.norm = 'conditional_batch'
  config.classifier = base.network(depth=0, init='glorot')
  config.log.n_samples = 100
  return config
