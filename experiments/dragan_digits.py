r"""DRAGAN on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/dragan_digits.py

Kodali et al., https://arxiv.org/abs/1705.07215: lambda 10, noise of half a standard deviation of the data.

Scores and time: not yet measured.
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game.penalty.name = 'dragan'
  return config
