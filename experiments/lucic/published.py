"""The FIDs of "Are GANs Created Equal?", and what a lecture prints in their place.

Lucic et al., https://arxiv.org/abs/1711.10337: means and spreads of 50 seeds of each model's best setting, without
outliers; VAE's row was not checked against the paper.
"""

from experiments.lucic import models

DATA = {'mnist': 'MNIST', 'fashion_mnist': 'Fashion-MNIST', 'cifar10': 'CIFAR-10', 'celeb_a': 'CelebA'}
PUBLISHED = {  # (mean, spread) by data set
  'MM GAN': ((9.8, 0.9), (29.6, 1.6), (72.7, 3.6), (65.6, 4.2)),
  'NS GAN': ((6.8, 0.5), (26.5, 1.6), (58.5, 1.9), (55.0, 3.3)),
  'LSGAN': ((7.8, 0.6), (30.7, 2.2), (87.1, 47.5), (53.9, 2.8)),
  'WGAN': ((6.7, 0.4), (21.5, 1.6), (55.2, 2.3), (41.3, 2.0)),
  'WGAN GP': ((20.3, 5.0), (24.5, 2.1), (55.8, 0.9), (30.0, 1.0)),
  'DRAGAN': ((7.6, 0.4), (27.7, 1.2), (69.8, 2.0), (42.3, 3.0)),
  'BEGAN': ((13.1, 1.0), (22.9, 0.9), (71.4, 1.6), (38.9, 0.9)),
  'VAE': ((23.8, None), (58.7, None), (155.7, None), (85.7, None)),
}
PRINTED = {  # by the lecture, in the columns where it has them
  'WGAN': (8.8, 22.7, 65.6, None),
  'LSGAN': (6.8, 58.5, 55.0, None),
  'WGAN GP': (6.7, 21.5, 55.2, 41.3),
  'DRAGAN': (20.3, 24.0, 56.6, 50.0),
  'BEGAN': (7.6, 27.7, 69.8, 42.3),
  'VAE': (13.1, 22.9, 71.4, 38.9),
}
PAPER = {
  'seeds': (50,),
  'settings': (100,),
  'updates': [images.updates for images in models.DATA.values()],
  'width': (64,),
}
