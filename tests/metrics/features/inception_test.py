"""The whole network: what it is made of, what it gives, and what it says when weights do not reach."""

import chex
import flax.linen as nn
import jax
import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import inception as inception_module
from wgan_jax.metrics.features import inception_blocks
from wgan_jax.metrics.features.inception import inception

quick = lambda network: jax.jit(network.apply)


@pytest.fixture(scope='module')
def weights():
  """A complete tree of random numbers that keep activations near one."""
  rng = np.random.default_rng(0)

  def draw(leaf):
    inputs = np.prod(leaf.shape[:-1])
    return rng.standard_normal(leaf.shape, np.float32) * np.float32((2 / inputs) ** 0.5 if len(leaf.shape) > 1 else 0.1)

  return jax.tree.map(draw, inception_module.shapes(2048, with_logits=True))


def part(weights, *names):
  return {name: tree for name, tree in weights.items() if name.startswith(names)}


def test_it_has_the_parameters_that_keras_counts():
  # Keras's InceptionV3 without its top has 21,768,352 trainable ones: kernels and betas, for it has no gammas.
  count = sum(np.prod(leaf.shape) for leaf in jax.tree.leaves(inception_module.shapes(2048, with_logits=False)))
  assert count == 21_768_352
  everything = sum(np.prod(leaf.shape) for leaf in jax.tree.leaves(inception_module.shapes(2048, with_logits=True)))
  assert everything == count + 2048 * 1008 + 1008


@pytest.mark.parametrize('layer, distance', [(64, 'FID-64'), (192, 'FID-192'), (768, 'FID-768'), (2048, 'FID')])
def test_each_layer_gives_as_many_features_as_it_is_called_by(weights, layer, distance):
  network = inception(weights, layer, 'legacy_tf', 'abc')
  images = jax.ShapeDtypeStruct((5, 28, 32, 3), np.uint8)
  outputs = jax.eval_shape(network.apply, network.weights, images)
  chex.assert_shape(outputs.features, (5, layer))
  assert network.distance == distance and network.dimensions == layer
  assert (network.resizer, network.sha256) == ('legacy_tf', 'abc')
  assert (outputs.logits is None) == (layer != 2048)
  if layer == 2048:
    chex.assert_shape(outputs.logits, (5, 1008))


def test_pool3_and_logits_of_an_image(weights):
  network = inception(weights, 2048, 'clean', '')
  image = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3), dtype=np.uint8)
  features, logits = quick(network)(network.weights, image)
  assert np.std(features) > 0.1
  np.testing.assert_allclose(logits, features @ weights['fc']['kernel'], rtol=1e-4, atol=1e-4)


def test_grey_is_repeated(weights):
  network = inception(weights, 64, 'pytorch', '')
  grey = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 1), dtype=np.uint8)
  apply = quick(network)
  ours, colour = (apply(network.weights, x).features for x in (grey, np.repeat(grey, 3, axis=3)))
  np.testing.assert_allclose(ours, colour, rtol=1e-5)
  assert network.unfit((8, 8, 1)) == network.unfit((8, 8, 3)) == ''
  assert network.unfit((8, 8, 2)) and network.unfit((8,))


def test_only_what_the_layer_needs_is_asked_for_and_kept(weights):
  network = inception(part(weights, 'Conv2d', 'Mixed_5', 'Mixed_6', 'Mixed_7a'), 768, 'pytorch', '')
  assert not part(network.weights, 'Mixed_7') and 'Mixed_6e' in network.weights
  assert inception(part(weights, 'Conv2d', 'Mixed'), 2048, 'pytorch', '').apply  # no classifier, hence no logits


def test_weights_that_do_not_reach_say_how_far_they_do(weights):
  with pytest.raises(UserError, match=r'2048 needs Mixed_7b\.\w+ and more.* 64 or 192 or 768$'):
    inception(part(weights, 'Conv2d', 'Mixed_5', 'Mixed_6', 'Mixed_7a'), 2048, 'pytorch', '')
  with pytest.raises(UserError, match='not reach any other layer'):
    inception(part(weights, 'fc'), 64, 'pytorch', '')


def test_unknown_layers_and_resizers_are_named(weights):
  with pytest.raises(UserError, match='512 dimensions; known: 64, 192, 768, 2048'):
    inception(weights, 512, 'pytorch', '')
  with pytest.raises(UserError, match="unknown resizer 'bilinear'; known: clean, legacy_tf, pytorch"):
    inception(weights, 64, 'bilinear', '')


def test_the_last_block_alone_takes_maxima():
  """pytorch-fid's FIDInceptionE_2 and the graph of 2015: Mixed_7c pools by maxima, Mixed_7b by means."""
  maxima = {}

  def listen(call, arguments, options, context):
    if isinstance(context.module, inception_blocks.E):
      maxima[context.module.name] = context.module.maxima
    return call(*arguments, **options)

  images = jax.ShapeDtypeStruct((1, 299, 299, 3), np.float32)
  with nn.intercept_methods(listen):
    jax.eval_shape(inception_module.Inception().init, jax.random.key(0), images)
  assert maxima == {'Mixed_7b': False, 'Mixed_7c': True}
