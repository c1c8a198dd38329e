r"""ALAE on MNIST in the permutation-invariant setting.

    python launch.py --config=experiments/alae_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Pidhorskyi et al., https://arxiv.org/abs/2004.04467, section 6.1, and https://github.com/podgorskiy/ALAE
(configs/mnist_fc.yaml): z and w of 50, six mapping layers, MLPs, batch 128, 600 epochs, Adam 2e-3 (0, 0.99), R1 with
gamma 10, moving average, equalised learning rates.

Scores and time: not yet measured.
"""

from experiments import base, base_games


def get_config():
  config = base.get_config()
  config.data.update(name='mnist', batch_size=128)
  config.prior.dim = 50
  config.game = base_games.alae()
  wide = {'width': 1024, 'depth': 3, 'activation': 'leaky_relu', 'equalized': True}
  config.mapping = base.network(width=256, depth=6, activation='leaky_relu', equalized=True)
  config.generator.update(wide)
  config.encoder = base.network(**wide)
  config.critic.update(width=256, activation='leaky_relu', equalized=True)
  config.optimizer.reconstruction_loss = base.optimizer()
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=2e-3, b1=0.0, b2=0.99)
  config.ema.decay = 0.991
  config.train.steps = 281_250
  return config
