from experiments import resnet101_wgan_gp


def get_config():
  config = resnet101_wgan_gp.get_config()
  config.critic.norm = 'batch'
  config.game.penalty.name = 'none'
  for optimizer in config.optimizer.values():
    optimizer.update(name='rmsprop', learning_rate=5e-5)
  config.optimizer.critic_loss.clip_weights = 0.01
  return config
