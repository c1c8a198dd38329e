r"""Conditional GAN on the 8x8 digits of scikit-learn: labels beside the latent code and beside the image.

    python launch.py --config=experiments/cgan_digits.py [--config.critic.conditioning=projection]

Mirza & Osindero, https://arxiv.org/abs/1411.1784. Column k of the samples was asked to be the digit k.

Measured: MEASURED
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.generator.conditioning = 'concatenate'
  config.critic.conditioning = 'concatenate'
  config.log.n_samples = 100
  return config
