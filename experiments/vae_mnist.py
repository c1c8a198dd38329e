r"""VAE on MNIST: the baseline.

    python launch.py --config=experiments/vae_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Kingma & Welling, https://arxiv.org/abs/1312.6114, in the networks that Lucic et al., https://arxiv.org/abs/1711.10337,
give to every model: 64 normal codes, pixels as Bernoulli probabilities, batch 64, Adam 1e-3, 20 epochs.

Scores and time: not yet measured.
"""

from experiments import base, base_games


def get_config():
  config = base.get_config()
  config.data.name = 'mnist'
  config.prior.dim = 64
  config.game = base_games.vae()
  config.generator.update(name='infogan', width=64, kernel_size=4, norm='batch')
  config.encoder = base.network(name='infogan', width=64, kernel_size=4)
  config.optimizer = dict(negative_elbo=base.optimizer(learning_rate=1e-3, b1=0.9, b2=0.999))
  config.ema.decay = 0.0
  config.train.steps = 18_750
  return config
