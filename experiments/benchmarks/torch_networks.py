"""The networks of jax_rounds.py in plain PyTorch, of the same sizes."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


def mlp(n_in, width, n_out, depth=3):
  layers = []
  for _ in range(depth):
    layers += [nn.Linear(n_in, width), nn.ReLU()]
    n_in = width
  return nn.Sequential(*layers, nn.Linear(width, n_out))


def dcgan_generator(dim=128, width=64, colors=3):
  def up(n_in, n_out):
    return nn.ConvTranspose2d(n_in, n_out, 5, 2, 2, output_padding=1)

  return nn.Sequential(
    nn.Linear(dim, 4 * 4 * 4 * width),
    nn.Unflatten(1, (4 * width, 4, 4)),
    nn.BatchNorm2d(4 * width),
    nn.ReLU(),
    up(4 * width, 2 * width),
    nn.BatchNorm2d(2 * width),
    nn.ReLU(),
    up(2 * width, width),
    nn.BatchNorm2d(width),
    nn.ReLU(),
    up(width, colors),
    nn.Tanh(),
  )


def dcgan_critic(width=64, colors=3):
  channels, layers = [colors, width, 2 * width, 4 * width], []
  for n_in, n_out in itertools.pairwise(channels):
    layers += [nn.Conv2d(n_in, n_out, 5, 2, 2), nn.LeakyReLU(0.2)]
  return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * 4 * 4 * width, 1))


class UpBlock(nn.Module):
  def __init__(self, width):
    super().__init__()
    self.norms = nn.ModuleList([nn.BatchNorm2d(width), nn.BatchNorm2d(width)])
    self.convs = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)])
    self.shortcut = nn.Conv2d(width, width, 1)

  def forward(self, x):
    h = self.convs[0](F.interpolate(F.relu(self.norms[0](x)), scale_factor=2))
    h = self.convs[1](F.relu(self.norms[1](h)))
    return h + F.interpolate(self.shortcut(x), scale_factor=2)


class ResnetGenerator(nn.Module):
  def __init__(self, dim, width, colors=3):
    super().__init__()
    self.dense = nn.Sequential(nn.Linear(dim, 4 * 4 * width), nn.Unflatten(1, (width, 4, 4)))
    self.blocks = nn.Sequential(*[UpBlock(width) for _ in range(3)])
    self.last = nn.Sequential(nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, colors, 3, padding=1), nn.Tanh())

  def forward(self, z):
    h = self.dense(z).to(memory_format=torch.channels_last)
    return self.last(self.blocks(h))


class DownBlock(nn.Module):
  """pool halves the image. first: the images' own block, with nothing before the first convolution."""

  def __init__(self, n_in, width, wrap, *, pool=True, first=False):
    super().__init__()
    self.conv1 = wrap(nn.Conv2d(n_in, width, 3, padding=1))
    self.conv2 = wrap(nn.Conv2d(width, width, 3, padding=1))
    self.shortcut = wrap(nn.Conv2d(n_in, width, 1)) if pool else nn.Identity()
    self.before = nn.Identity() if first else nn.ReLU()
    self.pool = nn.AvgPool2d(2) if pool else nn.Identity()

  def forward(self, x):
    h = self.pool(self.conv2(F.relu(self.conv1(self.before(x)))))
    return h + self.shortcut(self.pool(x))


class ResnetCritic(nn.Module):
  def __init__(self, width, wrap=lambda layer: layer, colors=3):
    super().__init__()
    self.blocks = nn.Sequential(
      DownBlock(colors, width, wrap, first=True),
      DownBlock(width, width, wrap),
      DownBlock(width, width, wrap, pool=False),
      DownBlock(width, width, wrap, pool=False),
    )
    self.dense = wrap(nn.Linear(width, 1))

  def forward(self, x):
    return self.dense(F.relu(self.blocks(x)).mean((2, 3)))


# {name in jax_rounds.ROUNDS: () -> (generator, critic)}
NETWORKS = {
  'dcgan': lambda: (dcgan_generator(), dcgan_critic()),
  'resnet': lambda: (ResnetGenerator(128, 128), ResnetCritic(128)),
  'sngan': lambda: (ResnetGenerator(128, 256), ResnetCritic(128, spectral_norm)),
  'toy512': lambda: (mlp(2, 512, 2), mlp(2, 512, 1)),
  'toy64': lambda: (mlp(2, 64, 2), mlp(2, 64, 1)),
}
