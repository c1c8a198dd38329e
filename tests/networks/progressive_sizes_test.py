"""What the growing pair has on each level, beside the paper's table 2."""

import functools
import itertools

import jax
import jax.numpy as jnp
import pytest

from wgan_jax.networks.plans import resolutions
from wgan_jax.networks.progressive import ProgressiveCritic, ProgressiveGenerator

SIZES = {(32, 32): [(4, 4), (8, 8), (16, 16), (32, 32)], (28, 28): [(7, 7), (14, 14), (28, 28)], (4, 4): [(4, 4)]}


@pytest.mark.parametrize('size', SIZES)
def test_images_are_halved_down_to_four_pixels_or_an_odd_side(size):
  assert resolutions(*size) == SIZES[size]


def conv(size, into, out):
  return size * size * into * out + out


def by_hand(channels, latent, colours=3):
  """Parameters of generator and critic after the paper's table 2, with all layers to and from images."""
  blocks = list(itertools.pairwise(channels))
  up = conv(4, latent, channels[0]) + conv(3, channels[0], channels[0])
  up += sum(conv(3, low, high) + conv(3, high, high) for low, high in blocks)
  down = sum(conv(3, high, high) + conv(3, high, low) for low, high in blocks)
  down += conv(3, channels[0] + 1, channels[0]) + conv(4, channels[0], channels[0]) + channels[0] + 1
  return up + sum(conv(1, n, colours) for n in channels), down + sum(conv(1, colours, n) for n in channels)


PAPER = [512, 512, 512, 512, 256, 128, 64, 32, 16]
TABLE = {(1024, 512): (PAPER, 512), (32, 128): ([128] * 4, 128), (64, 512): (PAPER[:5], 512)}


def count(network, x):
  shapes = jax.eval_shape(functools.partial(network.init, train=True), jax.random.key(0), x)
  return sum(p.size for p in jax.tree.leaves(shapes['params']))


@pytest.mark.parametrize('side, width', TABLE)
def test_parameters_are_as_many_as_in_the_papers_table(side, width):
  (channels, latent), shape = TABLE[side, width], (side, side, 3)
  found = [
    count(ProgressiveGenerator(shape, width), jnp.zeros((4, latent))),
    count(ProgressiveCritic(shape, width), jax.ShapeDtypeStruct((4, *shape), jnp.float32)),
  ]
  assert found == list(by_hand(channels, latent))
  if side == 1024:
    assert [round(n / 1e6, 1) for n in found] == [23.1, 23.1]  # as the paper says
