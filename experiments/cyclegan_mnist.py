r"""CycleGAN between handwritten digits and clothes, unpaired: p(z) need not be noise.

    python launch.py --config=experiments/cyclegan_mnist.py --config.data.dir=D --config.source.dir=D

Zhu et al., https://arxiv.org/abs/1703.10593, appendix 7.2: instance normalisation, 6 residual blocks, least squares,
cycle 10, identity 0.5, batch 1 there and 16 here, Adam 2e-4 (0.5, 0.999).

Scores and time: not yet measured.
"""

from experiments import cyclegan_digits


def get_config():
  config = cyclegan_digits.get_config()
  config.source.update(name='mnist', invert=False)
  config.data.update(name='fashion_mnist', batch_size=16)
  config.generator.update(width=32, depth=6)
  config.critic.depth = 3
  config.ema.decay = 0.0
  config.train.steps = 40_000
  return config
