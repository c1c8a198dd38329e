r"""DCGAN on faces of 64x64 pixels, or on any folder of images.

    python launch.py --config=experiments/dcgan_celeba.py --config.data.name=folder:PATH [--config.data.size=128]

Radford et al., https://arxiv.org/abs/1511.06434, figure 1: 1024-512-256-128 channels, z ~ U(-1, 1) in 100 dimensions,
batch 128, Adam 2e-4 (0.5, 0.999), N(0, 0.02), a leaky ReLU of 0.2 in the critic. At 128x128 there is one rung more,
for which --config.generator.width=64 --config.critic.width=64 keeps the 1024. 40,000 rounds are 25 times through
CelebA.

Scores and time: not yet measured.
"""

from experiments import dcgan_cifar


def get_config():
  config = dcgan_cifar.get_config()
  config.data.update(name='folder:celeba', size=64)
  config.train.steps = 40_000
  return config
