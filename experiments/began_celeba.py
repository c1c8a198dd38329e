r"""BEGAN on faces, or on any folder of images.

    python launch.py --config=experiments/began_celeba.py --config.data.name=folder:PATH [--config.data.size=128]

Berthelot et al., https://arxiv.org/abs/1703.10717, as https://github.com/carpedm20/BEGAN-tensorflow trains it: 64x64
pixels, z ~ U(-1, 1) in 64 dimensions, a code of 64, 128 channels, batch 16, gamma 0.5, lambda_k 0.001, Adam 8e-5
(0.5, 0.999), 500,000 rounds. That code halves the rate every 100,000 rounds; here it falls linearly to 0.

Scores and time: not yet measured.
"""

from experiments import base, base_games


def get_config():
  config = base.get_config()
  config.data.update(name='folder:celeba', size=64, batch_size=16)
  config.prior.update(name='uniform', dim=64)
  pair = {'name': 'began', 'width': 128}
  config.generator.update(pair)
  config.critic.update(pair)
  config.decoder = base.network(**pair)
  config.game = base_games.began(code=64)
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=8e-5, decay='linear', b2=0.999)
  config.ema.decay = 0.0
  config.train.steps = 500_000
  return config
