r"""Cramer GAN on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/cramer_digits.py

Bellemare et al., https://arxiv.org/abs/1705.10743, Algorithm 1: lambda 10, 5 critic updates, 256 features.

Scores and time: not yet measured.
"""

from experiments import base_games, digits_wgan_gp


def get_config():
  config = digits_wgan_gp.get_config()
  config.game = base_games.of_vectors(name='cramer')
  return config
