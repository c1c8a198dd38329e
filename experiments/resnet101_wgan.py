r"""WGAN with clipped weights and 101 layers in each network, on CIFAR-10: what cannot be trained.

    python launch.py --config=experiments/resnet101_wgan.py --config.data.dir=WHERE_TFDS_SETS_ARE

The same networks as in resnet101_wgan_gp.py, trained as Gulrajani et al., https://arxiv.org/abs/1704.00028, figure 2,
trained them in vain by Arjovsky et al., https://arxiv.org/abs/1701.07875: batch normalisation in the critic too,
RMSProp 5e-5, all weights and scales clipped to 0.01.

Such a critic says next to nothing. By the command in resnet101_wgan_gp.py, with 8 channels and 2.5e-4, seed 0, its
mean answer stayed below 1e-4 for 1,000 rounds, what it told apart below 4e-7, and all gradients' norms below 2e-5;
sliced_w1 0.209 after 100 rounds, 0.212 after 1,000. At 5e-5 the same: 0.209 after 100 and 0.208 after 500, gradients
below 3e-6. The fall from 0.308 in the first rounds is that of the generator's batch statistics, which begin at 0 and
1. One core, shared with others, of an Intel Xeon Processor (model 167), jax 0.10.2, 2026-11-26.
"""

from experiments import resnet101_wgan_gp


def get_config():
  config = resnet101_wgan_gp.get_config()
  config.critic.norm = 'batch'
  config.game.penalty.name = 'none'
  for optimizer in config.optimizer.values():
    optimizer.update(name='rmsprop', learning_rate=5e-5)
  config.optimizer.critic_loss.clip_weights = 0.01
  return config
