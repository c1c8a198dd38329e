r"""CycleGAN between the 8x8 digits of scikit-learn and their negatives, unpaired: p(z) need not be noise.

    python launch.py --config=experiments/cyclegan_digits.py

Zhu et al., https://arxiv.org/abs/1703.10593: least squares, cycle 10, identity 0.5, Adam 2e-4 (0.5, 0.999).

Look at translations/: what comes back is the source, yet what lies between is mostly another digit than its negative.
Neither the sets nor the cycle ask for the pairing that we have in mind; sliced_w1 cannot see it.

Measured, seed 0, 3,000 rounds, 2,500 samples: sliced_w1 0.038; 460 s of rounds on one core, shared with others, of an
AMD EPYC, jax 0.10.2, 2026-11-25.
"""

from experiments import base, base_games, gan_digits


def get_config():
  config = gan_digits.get_config()
  config.source = base.data() | dict(name='digits', invert=True)
  config.game = base_games.cyclegan()
  config.generator = base.network(name='translator', width=16, depth=2, norm='instance')
  config.critic = base.network(name='translator', width=32, depth=2, kernel_size=4, norm='instance')
  config.train.steps = 3_000
  return config
