r"""InfoGAN on the 8x8 digits of scikit-learn: a category and two continuous codes that the sample must betray.

    python launch.py --config=experiments/infogan_digits.py

Chen et al., https://arxiv.org/abs/1606.03657. code_accuracy is the share of samples whose digit is the one that their
category stands for, under the best assignment.

Measured, seed 0, 5,000 rounds, 2,500 samples: sliced_w1 0.033, code_accuracy 72.0 % (the classifier's own, on real
digits held out: 99.2 %); 67 s of rounds on one core, shared with others, of an AMD EPYC, jax 0.10.2, 2026-11-25.
"""

from experiments import base, base_games, gan_digits


def get_config():
  config = gan_digits.get_config()
  config.game = base_games.infogan()
  config.game.update(objective='non_saturating', n_critic=1)
  config.game.penalty.update(name='r1', weight=1.0)  # without it the noise comes to mean nothing
  config.recognizer = base.network(width=128, depth=1, activation='leaky_relu')
  config.critic.width = 256
  config.train.steps = 5_000
  return config
