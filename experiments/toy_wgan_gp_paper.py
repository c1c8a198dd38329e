r"""WGAN-GP on points in the plane as its authors train it.

    python launch.py --config=experiments/toy_wgan_gp_paper.py [--config.data.name=25gaussians|swissroll|2gaussians]

Gulrajani et al., https://arxiv.org/abs/1704.00028, gan_toy.py: MLPs of 3x512, batch 256, lambda 0.1, 5 critic updates,
Adam 1e-4 (0.5, 0.9), 100,000 generator updates.

Scores and time: not yet measured.
"""

from experiments import toy_wgan_gp


def get_config():
  config = toy_wgan_gp.get_config()
  config.data.name = '8gaussians'
  for network in (config.generator, config.critic):
    network.update(width=512, init='glorot')
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=1e-4, decay='constant')
  config.ema.decay = 0.0
  config.train.update(steps=100_000, rounds_per_dispatch=50)
  config.log.samples_every_steps = 10_000
  config.checkpoint.every_steps = 10_000
  return config
