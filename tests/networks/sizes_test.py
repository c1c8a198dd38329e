"""Networks have as many parameters as those of the public code of their papers."""

import itertools

import jax
import jax.numpy as jnp
import pytest

from experiments import base
from wgan_jax.build_networks import Networks


def shapes(group, shape, classes=0, dim=128, **keys):
  """The parameters of a network that these keys describe, as shapes; nothing is computed for them."""
  config = base.get_config()
  config.prior.dim = dim
  config[group].update(keys)
  network = getattr(Networks(config, shape, classes), group)()
  x = jnp.zeros((1, dim) if group == 'generator' else (1, *shape))
  label = jnp.zeros(1, int) if classes else None
  return jax.eval_shape(lambda: network.init(jax.random.key(0), x, label, train=True))['params']


def total(params):
  return sum(leaf.size for leaf in jax.tree.leaves(params))


def size(*args, **keys):
  return total(shapes(*args, **keys))


def conv(inputs, outputs, side=3, bias=True):
  return side * side * inputs * outputs + bias * outputs


def linear(inputs, outputs):
  return conv(inputs, outputs, 1)


def norm(channels):
  return 2 * channels


# What follows is counted from gan_64x64.py of https://github.com/igul222/improved_wgan_training, d being its DIM.


def bottleneck(inputs, outputs, shortcut=0):
  inside = conv(inputs, inputs // 2, 1) + conv(inputs // 2, outputs // 2) + conv(outputs // 2, outputs, 1, bias=False)
  return shortcut + inside + norm(outputs)


def resnet101_generator(d):
  widths = [8 * d, 4 * d, 2 * d, d, d // 2]
  plain = sum(depth * bottleneck(c, c) for depth, c in zip((6, 6, 6, 6, 5), widths, strict=True))
  up = sum(bottleneck(a, b, shortcut=conv(a, 4 * b, 1)) for a, b in itertools.pairwise(widths))
  return linear(128, 16 * 8 * d) + plain + up + conv(d // 2, 3, 1)


def resnet101_critic(d):
  widths = [d // 2, d, 2 * d, 4 * d, 8 * d]
  plain = sum(depth * bottleneck(c, c) for depth, c in zip((5, 6, 6, 6, 6), widths, strict=True))
  down = sum(bottleneck(a, b, shortcut=conv(a, b, 1)) for a, b in itertools.pairwise(widths))
  return conv(3, d // 2, 1) + plain + down + linear(16 * 8 * d, 1)


def block(inputs, hidden, outputs):
  branch = norm(inputs) + conv(inputs, hidden, bias=False) + norm(hidden) + conv(hidden, outputs)
  return branch + conv(inputs, outputs, 1)


def good_generator(d):
  pairs = (8 * d, 8 * d), (8 * d, 4 * d), (4 * d, 2 * d), (2 * d, d)
  return linear(128, 16 * 8 * d) + sum(block(a, b, b) for a, b in pairs) + norm(d) + conv(d, 3)


def good_critic(d):
  pairs = (d, 2 * d), (2 * d, 4 * d), (4 * d, 8 * d), (8 * d, 8 * d)
  return conv(3, d) + sum(block(a, a, b) for a, b in pairs) + linear(16 * 8 * d, 1)


def dcgan_generator(d, gates=1):
  pairs = (8 * d, 4 * d), (4 * d, 2 * d), (2 * d, d)
  first = linear(128, 16 * 8 * d * gates) + norm(8 * d * gates)
  return first + sum(conv(a, b * gates, 5) + norm(b * gates) for a, b in pairs) + conv(d, 3, 5)


def dcgan_critic(d, gates=1):
  pairs = (d, 2 * d), (2 * d, 4 * d), (4 * d, 8 * d)
  rest = sum(conv(a, b * gates, 5) + norm(b * gates) for a, b in pairs)
  return conv(3, d * gates, 5) + rest + linear(16 * 8 * d, 1)


BATCH, LAYER = {'width': 64, 'norm': 'batch'}, {'width': 64, 'norm': 'layer'}
GATED = {'name': 'dcgan', 'width': 128, 'activation': 'gated'}  # the width counts gates too
GRID = {
  'resnet64': (good_generator(64), {**BATCH, 'name': 'resnet64'}),
  'dcgan': (dcgan_generator(64), {**BATCH, 'name': 'dcgan'}),
  'gated': (dcgan_generator(64, gates=2), {**BATCH, **GATED}),
  'constant': (
    linear(128, 16 * 64) + 3 * conv(64, 64, 5) + conv(64, 3, 5),
    {'name': 'dcgan', 'width': 64, 'growth': 1},
  ),
  'mlp': (
    linear(128, 512) + 3 * linear(512, 512) + linear(512, 64 * 64 * 3),
    {'name': 'mlp', 'width': 512, 'depth': 4},
  ),
}
CRITICS = {
  'resnet64': (good_critic(64), {**LAYER, 'name': 'resnet64'}),
  'dcgan': (dcgan_critic(64), {**LAYER, 'name': 'dcgan'}),
  'gated': (dcgan_critic(64, gates=2), {**LAYER, **GATED}),
}


@pytest.mark.parametrize('name', GRID)
def test_generators_of_the_robustness_figure_are_those_of_its_code(name):
  expected, keys = GRID[name]
  assert size('generator', (64, 64, 3), **keys) == expected


@pytest.mark.parametrize('name', CRITICS)
def test_critics_of_the_robustness_figure_are_those_of_its_code(name):
  expected, keys = CRITICS[name]
  assert size('critic', (64, 64, 3), **keys) == expected


@pytest.mark.parametrize(
  'group, keys, expected',
  [('generator', BATCH, resnet101_generator(64)), ('critic', LAYER, resnet101_critic(64))],
  ids=['generator', 'critic'],
)
def test_the_deep_pair_is_that_of_its_code_and_has_101_layers(group, keys, expected):
  params = shapes(group, (64, 64, 3), name='resnet101', **keys)
  assert total(params) == expected
  kernels = [path for path, _ in jax.tree.leaves_with_path(params) if "'kernel'" in jax.tree_util.keystr(path)]
  # 33 bottlenecks of 3 and a layer at each end; the 4 shortcuts that resample lie beside others.
  assert len(kernels) == (6 + 6 + 6 + 6 + 5 + 4) * 3 + 2 + 4 == 101 + 4


# https://github.com/pytorch/examples (dcgan) and https://github.com/martinarjovsky/WassersteinGAN: widths of 64, no
# biases, 4x4 kernels; their first and last layers are convolutions of 1x1 pixels, which are dense layers.
@pytest.mark.parametrize('group, expected', [('generator', 3_576_704), ('critic', 2_765_568)])
def test_dcgan_has_as_many_parameters_as_pytorchs(group, expected):
  assert size(group, (64, 64, 3), dim=100, name='dcgan', width=64, kernel_size=4, norm='batch', bias=False) == expected


# https://github.com/kwotsin/mimicry, its SNGAN and its WGAN-GP.
@pytest.mark.parametrize(
  'side, widths, expected',
  [
    (32, (256, 128), (4_276_739, 1_053_825)),
    (48, (64, 64), (4_878_083, 10_141_441)),
    (64, (64, 64), (12_220_675, 10_141_441)),
    (128, (64, 64), (32_150_787, 29_017_857)),
  ],
)
def test_residual_pairs_are_those_of_mimicry(side, widths, expected):
  shape = (side, side, 3)
  assert size('generator', shape, name='resnet', width=widths[0], norm='batch') == expected[0]
  assert size('critic', shape, name='resnet', width=widths[1]) == expected[1]


PLAIN = {'norm': 'conditional_batch'}
SHARED = {'norm': 'modulated_batch', 'conditioning': 'shared', 'shared': 128}
SKIP = {**SHARED, 'skip': True}


def biggan(side, width, attention, told, dim, classes=1000):
  """(parameters of the generator, of the critic). attention: the side of the map that has it, in either."""
  common, shape = {'name': 'biggan', 'width': width}, (side, side, 3)
  return (
    size('generator', shape, classes, dim, **common, attention=attention[0], **told),
    size('critic', shape, classes, dim, **common, attention=attention[1], conditioning='projection'),
  )


# https://github.com/POSTECH-CVLab/PyTorch-StudioGAN, and https://github.com/ajbrock/BigGAN-PyTorch at 128.
@pytest.mark.parametrize(
  'side, attention, dim, classes, expected',
  [
    (32, (16, 16), 80, 10, (9_416_196, 2_415_170)),
    (128, (64, 64), 120, 1000, (70_433_988, 87_982_370)),
    (256, (64, 128), 140, 1000, (82_235_844, 99_191_330)),
    (512, (64, 256), 160, 1000, (82_468_068, 99_366_722)),
  ],
)
def test_biggans_are_those_of_studiogan(side, attention, dim, classes, expected):
  assert biggan(side, 96, attention, SKIP, dim, classes) == expected


# Brock et al., https://arxiv.org/abs/1809.11096, table 1, in millions.
@pytest.mark.parametrize(
  'width, told, millions',
  [(64, PLAIN, 81.5), (96, PLAIN, 173.5), (96, SHARED, 160.6), (96, SKIP, 158.3), (64, SKIP, 71.3)],
)
def test_biggan_has_the_sizes_of_its_papers_table(width, told, millions):
  assert sum(biggan(128, width, (64, 64), told, 120)) / 1e6 == pytest.approx(millions, abs=0.2)
