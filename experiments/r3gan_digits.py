r"""R3GAN's objective on the 8x8 digits of scikit-learn: relativistic pairing, R1 and R2.

    python launch.py --config=experiments/r3gan_digits.py

Huang et al., https://arxiv.org/abs/2501.05441, Eq. 2-4; with its networks it is r3gan_networks_digits.py.

Measured, seed 0, 8,000 rounds, 2,500 samples: sliced_w1 0.036; 34 s of rounds on one core of an AMD EPYC, jax 0.10.2,
2026-11-25.
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game.objective = 'relativistic'
  config.game.penalty.update(name='r1_r2', weight=1.0)
  config.generator.norm = 'none'
  return config
