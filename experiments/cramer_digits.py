r"""Cramer GAN on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/cramer_digits.py

Bellemare et al., https://arxiv.org/abs/1705.10743, Algorithm 1: lambda 10, 5 critic updates, 256 features.

Measured, seed 0, 4,000 rounds, 2,500 samples: sliced_w1 0.028; 239 s of rounds on one core of an AMD EPYC, jax
0.10.2, 2026-11-25.
"""

from experiments import base_games, digits_wgan_gp


def get_config():
  config = digits_wgan_gp.get_config()
  config.game = base_games.cramer()
  return config
