r"""R3GAN's networks and schedules on the 8x8 digits of scikit-learn, class-conditional, at a size for a CPU.

    python launch.py --config=experiments/r3gan_networks_digits.py

Huang et al., https://arxiv.org/abs/2501.05441, as r3gan_cifar.py does it, with 32 channels, one block to a level, no
augmentation, a higher rate and all schedules as long as the run. r3gan_digits.py has its objective alone.

Measured, seed 0, 800 rounds, 2,500 samples: sliced_w1 0.062 (0.53 before training), 99.2 % of them taken for the class
that they were asked to be. The same with 500 rounds: 0.075, 99.0 %, and 90 s of CPU time with compilation and scores;
it had a fifth of one core of an Intel Xeon, jax 0.10.2, 2026-11-26.
"""

from experiments import r3gan_cifar

ROUNDS = 800


def get_config():
  config = r3gan_cifar.get_config()
  config.data.update(name='digits', batch_size=64, flip=False)
  for network in (config.generator, config.critic):
    network.update(width=32, depth=1)
  config.game.penalty.weight = 1.0
  config.game.annealing.updates = ROUNDS
  config.game.augment.name = 'none'
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=2e-3, last_rate=5e-4, decay_updates=0)
  config.ema.update(decay=0.98, ramp=ROUNDS)
  config.train.steps = ROUNDS
  config.log.samples_every_steps = config.checkpoint.every_steps = 200
  return config
