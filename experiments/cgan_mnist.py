r"""Conditional GAN on MNIST: the label beside the latent code and, as planes, beside the image.

    python launch.py --config=experiments/cgan_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Mirza & Osindero, https://arxiv.org/abs/1411.1784, in the networks that "Are GANs Created Equal?" gives to every GAN,
https://arxiv.org/abs/1711.10337. Column k of the samples was asked to be the digit k; label_accuracy is the share of
them that a support vector machine on real digits takes for it.

Scores and time: not yet measured.
"""

from experiments import base, infogan_mnist


def get_config():
  config = infogan_mnist.get_config()
  config.game = base.game(objective='non_saturating', n_critic=1)
  config.game.penalty = base.penalty(name='none')
  config.prior.dim = 64
  config.generator.conditioning = 'concatenate'
  config.critic.conditioning = 'concatenate'
  del config.recognizer
  return config
