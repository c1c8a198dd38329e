r"""EBGAN with the pull-away term on MNIST, fully connected.

    python launch.py --config=experiments/ebgan_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Zhao et al., https://arxiv.org/abs/1609.03126, section 4.1 and appendix: MLPs with batch normalisation and ReLU, Adam
1e-3, pull-away weight 0.1, z of 100. The paper searches margins in the unit of its own reconstruction error; here
energies are mean squares per pixel, of which generated images have about 0.5 at the start, and the margin is 1.

Scores and time: not yet measured.
"""

from experiments import base, base_games


def get_config():
  config = base.get_config()
  config.data.update(name='mnist')
  config.prior.dim = 100
  config.generator.update(width=800, norm='batch')
  config.critic.update(width=1024, depth=1)
  config.decoder = base.network(width=1024, depth=1)
  config.game = base_games.ebgan(code=128)
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=1e-3, b2=0.999)
  config.ema.decay = 0.0
  config.train.steps = 50_000
  return config
