"""How many parameters the networks of the recipes have, as a table; nothing is computed for it but shapes.

    python -m experiments.tables.networks

The table kept in docs/networks.md is the output of this command.
"""

import importlib
from typing import Any

import jax
import jax.numpy as jnp

from wgan_jax.build_networks import Networks
from wgan_jax.parallel import AXIS

# (what it is, experiment, side of the images, channels, kinds of labels, changes of the config)
IMAGENET = {'generator.attention': 64, 'critic.attention': 64}
SMALL = {'generator.width': 64, 'critic.width': 64}
LOOKED_UP = {
  'prior.dim': 128,
  'generator.norm': 'conditional_batch',
  'generator.conditioning': 'none',
  'generator.skip': False,
}
DEEP = {
  'prior.dim': 128,
  **{
    f'{network}.{key}': value
    for network in ('generator', 'critic')
    for key, value in [('name', 'biggan_deep'), ('width', 128), ('depth', 2)]
  },
}
ROWS = [
  ('InfoGAN, MNIST', 'dragan_mnist', 28, 1, 10, {}),
  ('DCGAN, 32x32', 'dcgan_cifar', 32, 3, 10, {}),
  ('DCGAN, 64x64', 'dcgan_celeba', 64, 3, 0, {}),
  ('WGAN-GP ResNet, 32x32', 'cifar_wgan_gp', 32, 3, 10, {}),
  ('ResNet of 101 layers, 64x64', 'resnet101_wgan_gp', 64, 3, 0, {}),
  ('SN-GAN, 32x32', 'sngan_cifar', 32, 3, 10, {}),
  ('SN-GAN, 48x48', 'sngan_cifar', 48, 3, 10, SMALL),
  ('SN-GAN, 64x64', 'sngan_cifar', 64, 3, 10, SMALL),
  ('SN-GAN, 128x128', 'sngan_cifar', 128, 3, 10, SMALL),
  ('SAGAN, 32x32', 'sagan_cifar', 32, 3, 10, {}),
  ('progressive growing, 32x32', 'progressive_cifar', 32, 3, 10, {}),
  ('R3GAN, 32x32', 'r3gan_cifar', 32, 3, 10, {}),
  ('BigGAN, 32x32', 'biggan_cifar', 32, 3, 10, {}),
  ('BigGAN, 128x128', 'biggan_imagenet128', 128, 3, 1000, {}),
  ('- without skip-z', 'biggan_imagenet128', 128, 3, 1000, {'generator.skip': False}),
  ('- nor shared embedding', 'biggan_imagenet128', 128, 3, 1000, LOOKED_UP),
  ('- and 64 channels', 'biggan_imagenet128', 128, 3, 1000, LOOKED_UP | SMALL),
  ('BigGAN, 128x128, 64 channels', 'biggan_imagenet128', 128, 3, 1000, SMALL),
  ('BigGAN, 256x256', 'biggan_imagenet128', 256, 3, 1000, IMAGENET | {'prior.dim': 140}),
  ('BigGAN, 512x512', 'biggan_imagenet128', 512, 3, 1000, IMAGENET | {'prior.dim': 160}),
  ('BigGAN-deep, 128x128', 'biggan_imagenet128', 128, 3, 1000, DEEP),
  ('BigGAN-deep, 256x256', 'biggan_imagenet128', 256, 3, 1000, DEEP),
]


def parameters(config: Any, group: str, shape: tuple[int, ...], classes: int) -> int:
  """Of the network that this group of keys describes, for samples of that shape."""
  network = getattr(Networks(config, shape, classes), group)()
  x = jnp.zeros((1, config.prior.dim) if group == 'generator' else (1, *shape))
  label = jnp.zeros(1, int) if classes else None
  # Some look over the devices, which a mapped axis of length one stands for.
  initial = jax.vmap(lambda key: network.init(key, x, label, train=True), axis_name=AXIS)
  shapes = jax.eval_shape(initial, jax.random.key(0)[None])['params']
  return sum(leaf.size for leaf in jax.tree.leaves(shapes))


def main():
  print('| pair | experiment | generator | critic | both, millions |')
  print('|---|---|---|---|---|')
  for title, experiment, side, channels, classes, changes in ROWS:
    config = importlib.import_module(f'experiments.{experiment}').get_config()
    config.update_from_flattened_dict(changes)
    sizes = [parameters(config, group, (side, side, channels), classes) for group in ('generator', 'critic')]
    print(f'| {title} | `{experiment}` | {sizes[0]:,} | {sizes[1]:,} | {sum(sizes) / 1e6:.1f} |', flush=True)


if __name__ == '__main__':
  main()
