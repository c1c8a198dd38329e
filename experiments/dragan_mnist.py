r"""DRAGAN on MNIST.

    python launch.py --config=experiments/dragan_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Kodali et al., https://arxiv.org/abs/1705.07215 and the authors' code: lambda 10, noise of half a standard deviation,
Adam 1e-4 (0.5, 0.9), one critic update, batch 64. A penalised critic has no batch normalisation.

Scores and time: not yet measured.
"""

from experiments import gan_mnist


def get_config():
  config = gan_mnist.get_config()
  config.data.batch_size = 64
  config.critic.norm = 'none'
  config.game.penalty.update(name='dragan')
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=1e-4, b2=0.9)
  return config
