r"""Feature matching on the 8x8 digits of scikit-learn.

    python launch.py --config=experiments/feature_matching_digits.py

Salimans et al., https://arxiv.org/abs/1606.03498, section 3.1.

Measured, seed 0, 8,000 rounds, 2,500 samples: sliced_w1 0.039; 38 s of rounds on one core of an AMD EPYC, jax 0.10.2,
2026-11-25.
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game.name = 'feature_matching'
  return config
