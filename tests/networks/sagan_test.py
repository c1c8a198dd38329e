"""SAGAN's pairs, as the tables build them from a config, have as many parameters as in public code."""

import jax
import jax.numpy as jnp
import pytest

from experiments import sagan_cifar
from wgan_jax.build_networks import Networks


def count(network, x, label):
  shapes = jax.eval_shape(lambda x: network.init(jax.random.key(0), x, label, train=True), x)
  return sum(leaf.size for leaf in jax.tree.leaves(shapes['params']))


# As https://github.com/POSTECH-CVLab/PyTorch-StudioGAN prints them at the start of its logs: CIFAR10 (SAGAN-train-
# 2020_09_18_23_34_49), TINY_IMAGENET (2021_01_15_12_16_42) and IMAGENET (2021_02_11_16_18_59). Its widths are 64, and
# the networks of 32 pixels four and two times as wide.
@pytest.mark.parametrize(
  'side, classes, attention, widths, generator, critic',
  [
    (32, 10, 16, (256, 128), 4_386_308, 1_075_586),
    (64, 200, 32, (64, 64), 13_387_396, 19_752_642),
    (128, 1000, 64, (64, 64), 42_017_412, 39_448_258),
  ],
)
def test_parameters_are_as_many_as_studiogans(side, classes, attention, widths, generator, critic):
  config, label = sagan_cifar.get_config(), jnp.zeros(1, int)
  for group, width in zip(('generator', 'critic'), widths, strict=True):
    config[group].update(width=width, attention=attention)
  networks = Networks(config, (side, side, 3), classes)
  assert count(networks.generator(), jnp.zeros((1, 128)), label) == generator
  assert count(networks.critic(), jnp.zeros((1, side, side, 3)), label) == critic
