"""Inception's weights as others keep them -> the tree that ours are in, batch normalisation folded in."""

from collections.abc import Mapping
from typing import Any

import flax.traverse_util
import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import inception

EPSILON = 1e-3  # that batch normalisation adds to variances, in this network

# Layers of the graph of 2015 by torchvision's names, for blocks of one kind. A convolution is <block>_<layer>.
_A = {
  'branch1x1': 'conv',
  'branch5x5_1': 'tower_conv',
  'branch5x5_2': 'tower_conv_1',
  'branch3x3dbl_1': 'tower_1_conv',
  'branch3x3dbl_2': 'tower_1_conv_1',
  'branch3x3dbl_3': 'tower_1_conv_2',
  'branch_pool': 'tower_2_conv',
}
_B = {
  'branch3x3': 'conv',
  'branch3x3dbl_1': 'tower_conv',
  'branch3x3dbl_2': 'tower_conv_1',
  'branch3x3dbl_3': 'tower_conv_2',
}
_C = {
  'branch1x1': 'conv',
  'branch7x7_1': 'tower_conv',
  'branch7x7_2': 'tower_conv_1',
  'branch7x7_3': 'tower_conv_2',
  'branch7x7dbl_1': 'tower_1_conv',
  'branch7x7dbl_2': 'tower_1_conv_1',
  'branch7x7dbl_3': 'tower_1_conv_2',
  'branch7x7dbl_4': 'tower_1_conv_3',
  'branch7x7dbl_5': 'tower_1_conv_4',
  'branch_pool': 'tower_2_conv',
}
_D = {
  'branch3x3_1': 'tower_conv',
  'branch3x3_2': 'tower_conv_1',
  'branch7x7x3_1': 'tower_1_conv',
  'branch7x7x3_2': 'tower_1_conv_1',
  'branch7x7x3_3': 'tower_1_conv_2',
  'branch7x7x3_4': 'tower_1_conv_3',
}
_BLOCKS = {
  'Mixed_5b': ('mixed', _A),
  'Mixed_5c': ('mixed_1', _A),
  'Mixed_5d': ('mixed_2', _A),
  'Mixed_6a': ('mixed_3', _B),
  'Mixed_6b': ('mixed_4', _C),
  'Mixed_6c': ('mixed_5', _C),
  'Mixed_6d': ('mixed_6', _C),
  'Mixed_6e': ('mixed_7', _C),
  'Mixed_7a': ('mixed_8', _D),
}
FOLDED = {
  'Conv2d_1a_3x3': 'conv',
  'Conv2d_2a_3x3': 'conv_1',
  'Conv2d_2b_3x3': 'conv_2',
  'Conv2d_3b_1x1': 'conv_3',
  'Conv2d_4a_3x3': 'conv_4',
  **{f'{ours}.{layer}': f'{block}_{name}' for ours, (block, kind) in _BLOCKS.items() for layer, name in kind.items()},
}

Arrays = Mapping[str, np.ndarray]


def tree_of(arrays: Arrays) -> Any:
  """Our tree out of a file's arrays, whose names say how they are kept. Layers that are not there are left out.

  Raises:
    UserError: when the names are those of neither layout, or an array is missing, of another shape or not finite.
  """
  layouts = {'Conv2d_1a_3x3.conv.weight': from_torch, 'conv/w': from_folded}
  known = [layout for key, layout in layouts.items() if key in arrays]
  if not known:
    raise UserError(f'these are not the weights of Inception v3: there is neither {" nor ".join(layouts)} among them')
  return known[0](arrays)


def from_torch(arrays: Arrays) -> Any:
  """Out of torchvision's names, as pytorch-fid and torch-fidelity have them: kernels [out, in, h, w].

  A convolution W without a bias, then gamma (y - mean) / sqrt(variance + epsilon) + beta, is one convolution
  s W with the bias beta - s mean, s being gamma / sqrt(variance + epsilon).
  """
  read = _Reader(arrays)
  layers = {}
  for layer, (*window, n_in, n_out) in _kernels().items():
    if not any(key.startswith(f'{layer}.') for key in arrays):
      continue
    if layer == 'fc':
      layers[layer] = read('fc.weight', (n_out, n_in)).T, read('fc.bias', (n_out,))
    else:
      kernel = read(f'{layer}.conv.weight', (n_out, n_in, *window)).transpose(2, 3, 1, 0)
      parts = ('weight', 'bias', 'running_mean', 'running_var')
      gamma, beta, mean, variance = (read(f'{layer}.bn.{part}', (n_out,)) for part in parts)
      if np.any(variance + EPSILON <= 0):
        raise UserError(f'{layer}.bn.running_var holds negative variances: these weights are damaged')
      scale = gamma / np.sqrt(variance + EPSILON)
      layers[layer] = kernel * scale, beta - mean * scale
  return _tree(layers)


def from_folded(arrays: Arrays) -> Any:
  """Out of the names of the graph of 2015 with batch normalisation folded in, up to Mixed_8, our Mixed_7a.

  `<layer>/w` [h, w, in, out], `<layer>/b` [out].
  """
  read = _Reader(arrays)
  shapes = _kernels()
  there = {layer: name for layer, name in FOLDED.items() if {f'{name}/w', f'{name}/b'} & arrays.keys()}
  pairs = {
    layer: (read(f'{name}/w', shapes[layer]), read(f'{name}/b', shapes[layer][-1:])) for layer, name in there.items()
  }
  return _tree(pairs)


def _kernels():
  """{'Mixed_5b.branch1x1': shape of its kernel} of all layers."""
  flat = flax.traverse_util.flatten_dict(inception.shapes(2048, with_logits=True), sep='.')
  return {key.removesuffix('.kernel'): leaf.shape for key, leaf in flat.items() if key.endswith('.kernel')}


def _tree(layers):
  flat = {
    f'{layer}.{name}': np.asarray(array, np.float32)
    for layer, pair in layers.items()
    for name, array in zip(('kernel', 'bias'), pair, strict=True)
  }
  return flax.traverse_util.unflatten_dict(flat, sep='.')


class _Reader:
  """(key, shape) -> the array in float64, or the error that says what is wrong with it."""

  def __init__(self, arrays):
    self._arrays = arrays

  def __call__(self, key, shape):
    if key not in self._arrays:
      raise UserError(f'these weights of Inception v3 lack {key}, of shape {shape}')
    array = np.asarray(self._arrays[key])
    if array.shape != shape:
      raise UserError(f"{key} has shape {array.shape}; FID's Inception v3 of 2015 has {shape}")
    if not np.all(np.isfinite(array)):
      raise UserError(f'{key} holds numbers that are not finite: these weights are damaged')
    return array.astype(np.float64)
