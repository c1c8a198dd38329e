import chex
import jax
import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import inception
from wgan_jax.metrics.features.inception_layers import convolve
from wgan_jax.metrics.features.inception_weights import FOLDED, from_torch, tree_of

STEM = {'Conv2d_1a_3x3': (32, 3, 3, 3), 'Conv2d_3b_1x1': (80, 64, 1, 1)}  # [out, in, h, w]


def state(layers=STEM, seed=0):
  """A state dict of these layers, in torch's names."""
  rng, arrays = np.random.default_rng(seed), {}
  for layer, shape in layers.items():
    arrays[f'{layer}.conv.weight'] = rng.normal(size=shape).astype(np.float32)
    for name in ('weight', 'bias', 'running_mean'):
      arrays[f'{layer}.bn.{name}'] = rng.normal(size=shape[:1]).astype(np.float32)
    arrays[f'{layer}.bn.running_var'] = rng.uniform(0.0, 0.01, size=shape[:1]).astype(np.float32)
    arrays[f'{layer}.bn.num_batches_tracked'] = np.array(0)
  return arrays


def folded(tree):
  """The same as arrays in the names of the graph of 2015."""
  arrays = {}
  for layer, name in FOLDED.items():
    here = tree
    for part in layer.split('.'):
      here = here[part]
    arrays |= {f'{name}/w': here['kernel'], f'{name}/b': here['bias']}
  return arrays


def test_normalisation_is_folded_into_the_convolution():
  arrays, x = state(), np.random.default_rng(1).normal(size=(2, 4, 4, 64))
  ours = tree_of(arrays)['Conv2d_3b_1x1']
  weight, gamma, beta, mean, variance = (
    arrays[f'Conv2d_3b_1x1.{key}'].astype(np.float64)
    for key in ('conv.weight', 'bn.weight', 'bn.bias', 'bn.running_mean', 'bn.running_var')
  )
  expected = gamma * (x @ weight[:, :, 0, 0].T - mean) / np.sqrt(variance + 0.001) + beta
  y = convolve(x.astype(np.float32), ours['kernel']) + ours['bias'].reshape(1, 1, 1, -1)
  np.testing.assert_allclose(y, expected, atol=1e-4 * np.abs(expected).max())


def test_kernels_come_with_their_axes_in_our_order():
  arrays = state()
  scale = arrays['Conv2d_1a_3x3.bn.weight'][5] / np.sqrt(arrays['Conv2d_1a_3x3.bn.running_var'][5] + 0.001)
  expected = arrays['Conv2d_1a_3x3.conv.weight'][5, 2, 0, 1] * scale
  assert tree_of(arrays)['Conv2d_1a_3x3']['kernel'][0, 1, 2, 5] == pytest.approx(expected, rel=1e-5)


def test_the_classifier_is_turned():
  fc = {'fc.weight': np.arange(1008 * 2048, dtype=np.float32).reshape(1008, 2048), 'fc.bias': np.ones(1008)}
  ours = tree_of(state() | fc)['fc']
  np.testing.assert_array_equal(ours['kernel'], fc['fc.weight'].T)
  np.testing.assert_array_equal(ours['bias'], 1.0)


def test_the_graphs_own_names_lead_to_the_same_layers():
  shapes = inception.shapes(768, with_logits=False) | {'Mixed_7a': inception.shapes(2048, False)['Mixed_7a']}
  number = iter(range(1000))
  tree = jax.tree.map(lambda leaf: np.broadcast_to(np.float32(next(number)), leaf.shape), shapes)
  chex.assert_trees_all_equal(tree_of(folded(tree)), tree)
  # The longest name: of the block mixed_4, the first with rows and columns, the last layer of the longer branch.
  assert (
    FOLDED['Mixed_6b.branch7x7dbl_5'] == 'mixed_4_tower_1_conv_4'
    and FOLDED['Mixed_5b.branch_pool'] == 'mixed_tower_2_conv'
  )


@pytest.mark.parametrize(
  'change, message',
  [
    ({'Conv2d_3b_1x1.bn.bias': None}, r'lack Conv2d_3b_1x1\.bn\.bias, of shape \(80,\)$'),
    ({'Conv2d_3b_1x1.conv.weight': None}, r'lack Conv2d_3b_1x1\.conv\.weight, of shape \(80, 64, 1, 1\)$'),
    ({'Conv2d_1a_3x3.bn.weight': np.ones(31)}, r'bn\.weight has shape \(31,\); .* has \(32,\)$'),
    ({'Conv2d_1a_3x3.bn.bias': np.full(32, np.nan)}, r'Conv2d_1a_3x3\.bn\.bias holds numbers that are not finite'),
    ({'Conv2d_1a_3x3.bn.running_var': np.full(32, -1.0)}, 'running_var holds negative variances'),
    ({'fc.weight': np.ones((1000, 2048))}, r'fc\.weight has shape \(1000, 2048\); .* has \(1008, 2048\)$'),
    ({'Conv2d_1a_3x3.conv.weight': None}, r'neither Conv2d_1a_3x3\.conv\.weight nor conv/w'),
  ],
)
def test_what_is_wrong_is_named(change, message):
  arrays = {key: value for key, value in (state() | change).items() if value is not None}
  with pytest.raises(UserError, match=message):
    tree_of(arrays)


def test_folded_weights_name_what_they_lack():
  with pytest.raises(UserError, match=r'lack conv/b, of shape \(32,\)$'):
    tree_of({'conv/w': np.ones((3, 3, 3, 32))})
  with pytest.raises(UserError, match=r'lack conv_1/w, of shape \(3, 3, 32, 32\)$'):
    tree_of({'conv/w': np.ones((3, 3, 3, 32)), 'conv/b': np.ones(32), 'conv_1/b': np.ones(32)})
  with pytest.raises(UserError, match=r'conv_3/w has shape \(1, 1, 80, 64\)'):
    tree_of({'conv/w': np.ones((3, 3, 3, 32)), 'conv/b': np.ones(32), 'conv_3/w': np.ones((1, 1, 80, 64))})


def test_layers_that_are_not_there_are_left_out():
  assert set(from_torch(state())) == set(STEM)
