r"""SN-GAN on CIFAR-10 with the paper's ResNet, unconditional.

    python launch.py --config=experiments/sngan_cifar.py --config.data.dir=WHERE_TFDS_SETS_ARE

Miyato et al., "Spectral Normalization for Generative Adversarial Networks", https://arxiv.org/abs/1802.05957, as
https://github.com/kwotsin/mimicry trains it: hinge loss, every critic layer spectrally normalised, 256 channels in the
generator and 128 in the critic, sum-pooling, batch 64, 5 critic updates, Adam 2e-4 (0, 0.9) falling to 0 over 100,000
rounds.

Published for this recipe: FID 23.90 +- 0.20 (mimicry, 10,000 real and 5,000 fake images), 21.7 in the paper. Here: not
yet measured; it is work for an accelerator.
"""

from experiments import cifar_wgan_gp


def get_config():
  config = cifar_wgan_gp.get_config()
  config.data.dequantize = False
  config.generator.width = 256
  config.critic.update(pool='sum', spectral_norm=True)
  config.game.update(objective='hinge', fakes_per_real=1)
  config.game.penalty.name = 'none'
  return config
