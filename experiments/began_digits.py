r"""BEGAN on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/began_digits.py [--config.game.gamma=0.7]

Berthelot et al., https://arxiv.org/abs/1703.10717. `convergence` is its measure of convergence.

Measured, seed 0, 8,000 rounds, 2,500 samples: sliced_w1 0.049; 80 s of rounds on one core, shared with others, of an
AMD EPYC, jax 0.10.2, 2026-11-25.
"""

from experiments import base, base_games, gan_digits


def get_config():
  config = gan_digits.get_config()
  # A code of few numbers: with more, the critic reconstructs anything that an 8x8 image can be.
  config.game = base_games.began(code=12, gamma=1.0, rate=0.01)
  config.critic.update(depth=1)
  config.decoder = base.network(width=256, depth=1, activation='leaky_relu')
  return config
