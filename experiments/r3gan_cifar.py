r"""R3GAN on CIFAR-10, class-conditional: the paper's networks and its schedules.

    python launch.py --config=experiments/r3gan_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Huang et al., "The GAN is dead; long live the GAN!", https://arxiv.org/abs/2501.05441, config E, with the numbers of the
authors' code, https://github.com/brownvc/R3GAN: relativistic pairing with R1 and R2, networks of 20.8 and 21.3 million
parameters, batch 512, z 64. Over the first 20 million images, all by cosines: learning rate 2e-4 to 5e-5, Adam's b2 0.9
to 0.99, gamma 0.05 to 0.005, probability of augmentation 0 to 0.55, half-life of the moving average 0 to 5 million
images; then as they are, for 250 million in all.

Here the penalty draws augmentations of its own, there it is of the very images that the loss saw; the augmentation's
warp is bilinear, without wavelets (ada.py); and all is float32, where there the stages above 4x4 are bfloat16:
--config.generator.dtype=bfloat16 --config.critic.dtype=bfloat16 is near to that. On one device of less memory,
--config.generator.remat=True --config.critic.remat=True.

Published: FID 1.96. Here: not yet measured; it is work for accelerators.
"""

from experiments import base

UPDATES = 20_000_000 // 512  # that things change in


def get_config():
  config = base.get_config()
  config.data.update(name='cifar10', batch_size=512, flip=True)
  config.prior.dim = 64
  for network in (config.generator, config.critic):
    network.update(name='r3gan', width=768, depth=2)
  config.generator.update(conditioning='embedded', shared=64)
  config.critic.conditioning = 'inner_product'
  config.game.update(objective='relativistic', n_critic=1)
  config.game.penalty.update(name='r1_r2', weight=0.05)
  config.game.annealing.update(share=0.1, updates=UPDATES)
  config.game.augment.update(name='rising_bgc', updates=UPDATES)
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=2e-4, last_rate=5e-5, b1=0.0, last_b2=0.99, decay='cosine', decay_updates=UPDATES)
  config.ema.update(decay=0.5 ** (512 / 5e6), ramp=UPDATES)
  config.train.steps = 250_000_000 // 512
  return config
