from experiments import base_games, digits_wgan_gp


def get_config():
  config = digits_wgan_gp.get_config()
  config.data.batch_size = 16
  config.prior.dim = 32
  for network in (config.generator, config.critic):
    network.update(name='progressive', width=32, equalized=True)
  config.generator.norm = 'pixel'
  config.game = base_games.progressive(stable=16_000, fade=16_000)
  config.game.penalty.drift = 1e-3
  for optimizer in config.optimizer.values():
    optimizer.update(b1=0.0, b2=0.99)
  return config
