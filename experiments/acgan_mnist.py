r"""ACGAN on MNIST in the networks of infogan_mnist.py.

    python launch.py --config=experiments/acgan_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Odena et al., https://arxiv.org/abs/1610.09585. Column k of the samples was asked to be the digit k.

Scores and time: not yet measured.
"""

from experiments import base, base_games, infogan_mnist


def get_config():
  config = infogan_mnist.get_config()
  config.game = base_games.acgan()
  config.game.update(objective='non_saturating', n_critic=1)
  config.game.penalty.name = 'none'
  config.prior.dim = 64
  config.generator.conditioning = 'concatenate'
  config.classifier = base.network(depth=0)
  del config.recognizer
  return config
