"""Inception v3 of 2015-12-05, the network of FID, in Flax.

Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
https://arxiv.org/abs/1706.08500, took its last pool, pool3; features of earlier layers are pytorch-fid's `dims`.
"""

import functools
from typing import Any

import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
from flax.traverse_util import flatten_dict, unflatten_dict

from wgan_jax.errors import UserError, look_up
from wgan_jax.metrics import resizing
from wgan_jax.metrics.features.inception_blocks import A, B, C, D, E
from wgan_jax.metrics.features.inception_layers import EXACT, Weights, conv, max_pool
from wgan_jax.metrics.features.network import Network, Outputs

SIDE = 299  # pixels
CLASSES = 1008  # ImageNet's thousand and eight that were never used


def _to_64(x):
  x = conv(x, 'Conv2d_1a_3x3', 32, stride=2, padding='VALID')
  x = conv(x, 'Conv2d_2a_3x3', 32, padding='VALID')
  return max_pool(conv(x, 'Conv2d_2b_3x3', 64))


def _to_192(x):
  x = conv(x, 'Conv2d_3b_1x1', 80, (1, 1))
  return max_pool(conv(x, 'Conv2d_4a_3x3', 192, padding='VALID'))


def _to_768(x):
  for letter, pool_features in zip('bcd', (32, 64, 64), strict=True):
    x = A(pool_features, name=f'Mixed_5{letter}')(x)
  x = B(name='Mixed_6a')(x)
  for letter, channels in zip('bcde', (128, 160, 160, 192), strict=True):
    x = C(channels, name=f'Mixed_6{letter}')(x)
  return x


def _to_2048(x):
  x = D(name='Mixed_7a')(x)
  return E(maxima=True, name='Mixed_7c')(E(name='Mixed_7b')(x))


STAGES = {64: _to_64, 192: _to_192, 768: _to_768, 2048: _to_2048}  # by the channels that they end in
DISTANCES = {64: 'FID-64', 192: 'FID-192', 768: 'FID-768', 2048: 'FID'}


class Inception(nn.Module):
  """x [B, 299, 299, 3] of about [-1, 1] -> the means over pixels of a layer, and logits where that is the last.

  Logits are pool3 times the last matrix, without its bias, as the Inception score has been computed from the first on:
  Salimans et al. (https://arxiv.org/abs/1606.03498) take the matrix alone, and so does torch-fidelity, which calls them
  logits_unbiased. TF-GAN takes what a graph of its own puts out as logits. The bias is in the tree, unused.

  dimensions: of the features: 64, 192, 768 or 2048, which is pool3.
  """

  dimensions: int = 2048
  with_logits: bool = True

  @nn.compact
  def __call__(self, x):
    for dimensions, stage in STAGES.items():
      if dimensions <= self.dimensions:
        x = stage(x)
    features = jnp.mean(x, axis=(1, 2))
    if self.dimensions < 2048 or not self.with_logits:
      return Outputs(features, None)
    kernel, _ = Weights(CLASSES, (), name='fc')(2048)
    return Outputs(features, jnp.matmul(features, kernel, precision=EXACT))


@functools.cache
def shapes(dimensions: int, with_logits: bool) -> Any:
  """The tree of parameters of `Inception`, with shapes in place of numbers."""
  network, images = Inception(dimensions, with_logits), jax.ShapeDtypeStruct((1, SIDE, SIDE, 3), jnp.float32)
  return jax.eval_shape(network.init, jax.random.key(0), images)['params']


def inception(weights: Any, layer: int, resizer: str, sha256: str) -> Network:
  """The network up to a layer.

  Args:
    weights: a tree as `inception_weights.tree_of` makes it; only what the layer needs of it is kept.
    layer: 64, 192, 768 or 2048, the channels of that layer and the dimensions of the features.
    resizer: of `resizing.RESIZERS`.
    sha256: of the weights' file.

  Raises:
    UserError: when there is no such layer or resizer, or the weights end before the layer.
  """
  if layer not in STAGES:
    raise UserError(f'Inception has no features of {layer} dimensions; known: {", ".join(map(str, STAGES))}')
  kind = look_up('resizer', resizing.RESIZERS, resizer)
  module = Inception(layer, 'fc' in weights)
  weights = _needed(weights, layer)

  def apply(weights, images):
    chex.assert_rank(images, 4)
    x = resizing.prepare(kind, images, SIDE)
    return module.apply({'params': weights}, jnp.broadcast_to(x, (*x.shape[:3], 3)))

  return Network(
    name=f'Inception v3 (2015-12-05), {"pool3" if layer == 2048 else layer}',
    distance=DISTANCES[layer],
    sha256=sha256,
    resizer=resizer,
    weights=weights,
    apply=apply,
    dimensions=layer,
    unfit=lambda shape: '' if shape[2:] in ((1,), (3,)) else 'images of one channel or three',
  )


def deepest(weights: Any) -> int:
  """The last layer that a tree of weights reaches.

  Raises:
    UserError: when that is none.
  """
  if not (reached := [layer for layer in STAGES if not _missing(flatten_dict(weights), layer)]):
    raise UserError('these weights of Inception v3 reach none of its layers')
  return reached[-1]


def _missing(flat, layer):
  """Paths of the parameters that a layer needs and the weights have not."""
  return [path for path in flatten_dict(shapes(layer, ('fc', 'kernel') in flat)) if path not in flat]


def _needed(weights, layer):
  flat = flatten_dict(weights)
  if missing := _missing(flat, layer):
    able = [str(n) for n in STAGES if n < layer and not _missing(flat, n)]
    known = f'with these set it to {" or ".join(able)}' if able else 'they do not reach any other layer either'
    raise UserError(f'layer {layer} needs {".".join(missing[0][:-1])} and more, which these weights lack; {known}')
  return unflatten_dict({path: flat[path] for path in flatten_dict(shapes(layer, 'fc' in weights))})
