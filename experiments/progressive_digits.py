r"""Progressive growing on the 8x8 digits of scikit-learn: 1,000 rounds at 4x4, 1,000 of fading in, 2,000 at 8x8.

    python launch.py --config=experiments/progressive_digits.py

Karras et al., https://arxiv.org/abs/1710.10196: WGAN-GP with drift, pixel norm, equalised learning rates, minibatch
deviation, one critic update for one of the generator, Adam 1e-3 (0, 0.99); widths of our own choice, made for a CPU.

Measured, seed 0, 4,000 rounds, 2,500 samples: sliced_w1 0.91 before training, 0.225 at 4x4 (digits that are themselves
brought to 4x4 score 0.216), 0.110 when 8x8 is reached, 0.043 at the end; the last grid shows digits. With decaying
learning rates, 0.077. 65 s of processor time from start to end, on one core of an Intel Xeon shared with so much else
that they took 389 s; jax 0.10.2, 2026-11-26.
"""

from experiments import base_games, digits_wgan_gp


def get_config():
  config = digits_wgan_gp.get_config()
  config.data.batch_size = 16
  config.prior.dim = 32
  for network in (config.generator, config.critic):
    network.update(name='progressive', width=32, equalized=True)
  config.generator.norm = 'pixel'
  config.game = base_games.progressive(stable=16_000, fade=16_000)
  config.game.penalty.drift = 1e-3
  for optimizer in config.optimizer.values():
    optimizer.update(b1=0.0, b2=0.99)
  return config
