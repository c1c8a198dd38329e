r"""R3GAN's objective on the 8x8 digits of scikit-learn: relativistic pairing, R1 and R2.

    python launch.py --config=experiments/r3gan_digits.py

Huang et al., https://arxiv.org/abs/2501.05441, Eq. 2-4; its networks are another matter.

Scores and time: not yet measured.
"""

from experiments import gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game.objective = 'relativistic'
  config.game.penalty.update(name='r1_r2', weight=1.0)
  config.generator.norm = 'none'
  return config
