r"""GAN on MNIST with DCGAN's networks and settings.

    python launch.py --config=experiments/gan_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Goodfellow et al., https://arxiv.org/abs/1406.2661; Radford et al., https://arxiv.org/abs/1511.06434: z ~ U(-1, 1) in
100 dimensions, batch 128, Adam 2e-4 (0.5, 0.999), N(0, 0.02), batch normalisation in both networks.

Scores and time: not yet measured.
"""

from experiments import base


def get_config():
  config = base.get_config()
  config.data.update(name='mnist', batch_size=128)
  config.prior.update(name='uniform', dim=100)
  dcgan = {'name': 'dcgan', 'width': 64, 'norm': 'batch', 'init': 'dcgan'}
  config.generator.update(dcgan)
  config.critic.update(dcgan)
  config.game.update(objective='non_saturating', n_critic=1)
  config.game.penalty.name = 'none'
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=2e-4, b2=0.999)
  config.ema.decay = 0.0
  config.train.steps = 50_000
  return config
