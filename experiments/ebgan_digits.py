r"""EBGAN with the pull-away term on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/ebgan_digits.py

Zhao et al., https://arxiv.org/abs/1609.03126. Energies are mean squares per pixel; pixels run from -1 to 1.

Measured, seed 0, 8,000 rounds, 2,500 samples: sliced_w1 0.028; 108 s of rounds on one core, shared with others, of an
AMD EPYC, jax 0.10.2, 2026-11-25.
"""

from experiments import base, base_games, gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game = base_games.ebgan()
  config.critic.update(depth=1)
  config.decoder = base.network(width=256, depth=1, activation='leaky_relu')
  return config
