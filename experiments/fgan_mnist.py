r"""f-GAN on MNIST: one divergence of eight.

    python launch.py --config=experiments/fgan_mnist.py --config.game.divergence=kl --config.data.dir=TFDS_SETS

Divergences: kl, reverse_kl, pearson, neyman, squared_hellinger, jeffrey, jensen_shannon, gan.
Nowozin et al., https://arxiv.org/abs/1606.00709, section 4.2: z ~ U(-1, 1) in 100 dimensions, a generator of 1200-1200
units with batch normalisation and ReLU, a critic of 240-240 units with ELU, batch 4096, Adam 2e-4 (0.5, 0.999), an hour
of training. That code's pixels are in [0, 1] and end in a sigmoid; here they are in [-1, 1] and end in tanh. The
generator takes the paper's alternative loss (section 3.2).

Scores and time: not yet measured.
"""

from experiments import base


def get_config():
  config = base.get_config()
  config.data.update(name='mnist', batch_size=4096)
  config.prior.update(name='uniform', dim=100)
  config.generator.update(width=1200, depth=2, norm='batch')
  config.critic.update(width=240, depth=2, activation='elu')
  config.game.update(objective='f_gan', alternative=True, n_critic=1)
  config.game.penalty.name = 'none'
  for optimizer in config.optimizer.values():
    optimizer.update(learning_rate=2e-4, b2=0.999)
  config.ema.decay = 0.0
  config.train.steps = 100_000
  return config
