r"""Unrolled GAN on eight Gaussians on a ring: its generator looks some updates of the critic ahead.

    python launch.py --config=experiments/unrolled_toy.py [--config.game.unrolled.ahead=0]

not yet
"""

from experiments import base_games, toy_wgan_gp


def get_config():
  config = toy_wgan_gp.get_config()
  config.game = base_games.unrolled()
  config.game.objective = 'minimax'
  config.game.penalty.name = 'none'
  config.data.update(name='8gaussians', batch_size=512)
  config.prior.dim = 256
  for network in (config.generator, config.critic):
    network.update(depth=2, activation='tanh', init='orthogonal')
  for optimizer in config.optimizer.values():
    optimizer.update(decay='constant', b2=0.999)
  config.optimizer.critic_loss.learning_rate = 1e-4
  config.optimizer.generator_loss.learning_rate = 1e-3
  config.ema.decay = 0.0
  config.train.steps = 25_000
  config.log.samples_every_steps = 5_000
  config.checkpoint.every_steps = 5_000
  return config
