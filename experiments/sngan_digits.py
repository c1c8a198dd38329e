r"""Hinge loss with spectral normalisation on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/sngan_digits.py

Miyato et al., https://arxiv.org/abs/1802.05957: every critic layer normalised.

Scores and time: not yet measured.
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game.objective = 'hinge'
  config.critic.spectral_norm = True
  return config
