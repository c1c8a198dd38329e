r"""MMD GAN on CIFAR-10.

    python launch.py --config=experiments/mmd_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Binkowski et al., https://arxiv.org/abs/1801.01401, section 4: rational quadratic kernels on 16 features of a DCGAN
critic without normalisation, penalty weight 1 on the witness function, 5 critic updates, batch 64, Adam 1e-4 (0.5,
0.9).

Scores and time: not yet measured.
"""

from experiments import base, base_games


def get_config():
  config = base.get_config()
  config.data.name = 'cifar10'
  config.generator.update(name='dcgan', width=64, norm='batch', init='dcgan')
  config.critic.update(name='dcgan', width=64, init='dcgan')
  config.game = base_games.mmd(features=16)
  config.game.penalty.weight = 1.0
  config.ema.decay = 0.0
  config.train.steps = 150_000
  return config
