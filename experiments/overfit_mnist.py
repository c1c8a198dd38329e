r"""WGAN-GP on 1,000 digits of MNIST, whose critic learns them by heart: what the alarm for overfitting is there for.

    python launch.py --config=experiments/overfit_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Gulrajani et al., "Improved Training of Wasserstein GANs", section 5.3 and figure 5b, https://arxiv.org/abs/1704.00028:
on a random subset of that size their critic's loss falls on what it learns from and not on what it has not seen, with
the penalty as with clipping. Here with MLPs of our own choice, made for a CPU and a few minutes; what is held out is
the test split. On all 60,000 digits, with nothing else changed: --config.data.split=train.

Not yet measured.
"""

from experiments import base


def get_config():
  config = base.get_config()
  config.data.update(name='mnist', split='train[:1000]')
  config.generator.width = 256
  config.critic.width = 256
  for optimizer in config.optimizer.values():
    optimizer.learning_rate = 3e-4
  config.ema.decay = 0.995
  config.train.update(steps=2_000, rounds_per_dispatch=50)
  config.log.update(samples_every_steps=200, held_out='test')
  config.checkpoint.every_steps = 200
  return config
