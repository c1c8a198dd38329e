r"""VAE on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/vae_digits.py [--config.game.likelihood=gaussian]

Kingma & Welling, https://arxiv.org/abs/1312.6114; pixels as Bernoulli probabilities.

Measured, seed 0, 8,000 rounds, 2,500 samples: sliced_w1 0.117; 107 s of rounds on one core, shared with others, of an
AMD EPYC, jax 0.10.2, 2026-11-25.
"""

from experiments import base, base_games, gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game = base_games.vae()
  config.prior.dim = 16
  config.generator.norm = 'none'
  config.encoder = base.network(width=256, activation='leaky_relu')
  config.optimizer = dict(negative_elbo=base.optimizer(learning_rate=1e-3, b1=0.9, b2=0.999))
  return config
