r"""Feature matching on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/feature_matching_digits.py

Salimans et al., https://arxiv.org/abs/1606.03498, section 3.1.

Scores and time: not yet measured.
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game.name = 'feature_matching'
  return config
