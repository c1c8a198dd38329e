r"""DCGAN on stacked MNIST: does it find all of a thousand modes?

    python launch.py --config=experiments/stacked_mnist.py --config.data.dir=WHERE_TFDS_SETS_ARE

Three random digits are the channels of an image. The baseline of PacGAN, Lin et al., https://arxiv.org/abs/1712.04086,
section 4.2, and its code, https://github.com/fjxmlzn/PacGAN (stacked_MNIST_experiments/VEEGAN_experiment): DCGAN, batch
64, 50 epochs of 128,000 images, z ~ U(-1, 1) in 100 dimensions, Adam 2e-4 (0.5, 0.999), N(0, 0.02). That code updates
the generator twice in a round, halves images down to 2x2 instead of 4x4, and leaves pixels in [0, 1] under a tanh.

Published, of 1000 modes and KL (26,000 samples): DCGAN 99.0, 3.40 in VEEGAN's table, 78.9 +- 6.5, 4.50 in PacGAN's;
Unrolled GAN 48.7, 4.32; VEEGAN 150, 2.95; PacDCGAN2 1000, 0.06.

Scores and time: not yet measured. What can be reached: of 26,000 stacks of test images the classifier of MNIST reads
98.5 % rightly, and finds 1000 modes and a KL of 0.0269 from even shares. By their labels it is 0.0263, of which 0.019
is chance, and the rest that some digits are rarer.
"""

from experiments import gan_mnist


def get_config():
  config = gan_mnist.get_config()
  config.data.update(name='stacked_mnist', batch_size=64)
  config.train.steps = 100_000
  return config
