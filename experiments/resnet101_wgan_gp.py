from experiments import base


def get_config():
  config = base.get_config()
  config.data.name = 'cifar10'
  config.generator.update(name='resnet101', width=64, norm='batch', init='glorot')
  config.critic.update(name='resnet101', width=64, norm='layer', init='glorot')
  config.ema.decay = 0.0
  config.train.steps = 200_000
  return config
