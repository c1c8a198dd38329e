r"""f-GAN on the 8x8 digits of scikit-learn: one divergence of eight.

    python launch.py --config=experiments/fgan_digits.py --config.game.divergence=kl|reverse_kl|pearson|neyman|...

Nowozin et al., https://arxiv.org/abs/1606.00709, with the alternative generator loss of section 3.2.

Scores and time: not yet measured.
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game.update(objective='f_gan', alternative=True)
  return config
