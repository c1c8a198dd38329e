r"""ALAE on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/alae_digits.py

Pidhorskyi et al., https://arxiv.org/abs/2004.04467, Algorithm 1, in the permutation-invariant setting: MLPs everywhere,
R1 with gamma 10.

Measured, seed 0, 8,000 rounds, 2,500 samples: sliced_w1 0.021; 334 s of rounds on one core, shared with others, of an
AMD EPYC, jax 0.10.2, 2026-11-25.
"""

from experiments import base, base_games, gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game = base_games.alae()
  config.game.style = 32
  config.generator.norm = 'none'
  config.mapping = base.network(width=128, activation='leaky_relu')
  config.encoder = base.network(width=256, activation='leaky_relu')
  config.critic.update(width=128)
  config.optimizer.reconstruction_loss = base.optimizer()
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=1e-3, decay='linear', b1=0.0, b2=0.99)
  return config
