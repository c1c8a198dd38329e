r"""WGAN-GP on MNIST.

    python launch.py --config=experiments/mnist_wgan_gp.py --config.data.dir=WHERE_TFDS_SETS_ARE

Gulrajani et al., https://arxiv.org/abs/1704.00028, gan_mnist.py: DCGAN of width 64 with 5x5 kernels and no
normalisation, batch 50, lambda 10, 5 critic updates, Adam 1e-4 (0.5, 0.9), 200,000 generator updates. That code has
pixels in [0, 1] and a sigmoid; here they are in [-1, 1] and end in tanh.

The beginning only was measured: with --config.train.steps=200, seed 0, sliced_w1 goes from 0.709 to 0.143 and strokes
of digits are to be seen; 571 s of rounds on one core of an Intel Xeon, jax 0.10.2, 2026-11-25.
"""

from experiments import base


def get_config():
  config = base.get_config()
  config.data.update(name='mnist', batch_size=50)
  config.generator.update(name='dcgan', width=64, init='tflib_up')
  config.critic.update(name='dcgan', width=64, init='tflib_down')
  config.ema.decay = 0.0
  config.train.steps = 200_000
  return config
