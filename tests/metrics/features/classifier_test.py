import os
import pathlib
import shutil

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.data import digits, resize
from wgan_jax.data.tfds_images import TfdsImages
from wgan_jax.errors import UserError
from wgan_jax.metrics.features import classifier

SHARED = pathlib.Path(__file__).parents[4] / 'shared' / 'data' / 'tfds'
PREPARED = pathlib.Path(os.environ.get('WGAN_JAX_TFDS') or SHARED)
SHIPPED = sorted(file.stem for file in classifier.FOLDER.glob('*.npz'))


@pytest.fixture(scope='module')
def held_out():
  data = digits.load()
  return data.images[classifier.HELD_OUT_DIGITS], data.labels[classifier.HELD_OUT_DIGITS]


def outputs(network, images):
  return jax.jit(network.apply)(network.weights, images)


def right(network, images, labels):
  return np.mean(np.argmax(outputs(network, images).logits, axis=1) == labels)


def claimed(network):
  """The accuracy that its name tells."""
  return float(network.name.split('(right on ')[1].split(' %')[0]) / 100


def test_folded_normalisations_change_nothing():
  module, plain = (classifier.Classifier((4, 8), (1, 1), 3, folded=folded) for folded in (False, True))
  images = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 2), np.uint8)
  shapes, random = jax.eval_shape(module.init, jax.random.key(0), images), np.random.default_rng(1)
  # Everything at random, statistics and scales too: variances have to be above 0.
  variables = jax.tree.map(lambda x: random.uniform(0.1, 1.0, x.shape).astype(np.float32), shapes)
  folded = jax.jit(plain.apply)({'params': classifier.fold(variables)}, images)
  chex.assert_trees_all_close(folded, jax.jit(module.apply)(variables, images), rtol=2e-4)
  assert np.min(np.std(folded.features, axis=0)) > 0.01


@pytest.mark.parametrize('name', classifier.KINDS)
def test_what_each_gives_and_how_large_it_is(name):
  kind = classifier.KINDS[name]
  images = jnp.zeros((3, *kind.shape), jnp.uint8)
  found, variables = jax.eval_shape(lambda: kind.module().init_with_output(jax.random.key(0), images))
  chex.assert_shape(found.features, (3, kind.widths[-1]))
  chex.assert_shape(found.logits, (3, 10))
  assert kind.widths[-1] in (64, 128)
  assert sum(x.size for x in jax.tree.leaves(variables)) < 400_000  # 800 kB in float16


@pytest.mark.parametrize('name', SHIPPED)
def test_what_is_shipped_is_small_and_in_float32_once_read(name):
  assert (classifier.FOLDER / f'{name}.npz').stat().st_size < 800_000
  network = classifier.classifier(name)
  assert {x.dtype for x in jax.tree.leaves(network.weights)} == {np.dtype(np.float32)}
  assert network.distance == f'FCD-{name}' and network.resizer == '' and len(network.sha256) == 64
  kind = classifier.KINDS[name]
  found = jax.eval_shape(network.apply, network.weights, jnp.zeros((1, *kind.shape), jnp.uint8))
  chex.assert_type(found, jnp.float32)
  assert found.features.shape == (1, network.dimensions)


def test_digits_held_out_are_told_apart_as_claimed(held_out):
  network = classifier.classifier('digits')
  found = right(network, *held_out)
  assert found > 0.97 and found == pytest.approx(claimed(network), abs=1 / 360 + 5e-4)  # but for rounding, another one


def test_features_make_the_logits(held_out):
  network = classifier.classifier('digits')
  found, last = outputs(network, held_out[0][:20]), network.weights['Dense_0']
  expected = np.asarray(found.features) @ last['kernel'] + last['bias']
  np.testing.assert_allclose(found.logits, expected, rtol=1e-4, atol=1e-4)
  assert np.all(found.features >= 0)


@pytest.mark.parametrize('name', [name for name in SHIPPED if name != 'digits'])
@pytest.mark.skipif(not PREPARED.is_dir(), reason=f'no prepared sets in {PREPARED}')
def test_a_sample_of_the_test_set_is_told_apart_as_claimed(name):
  sample = TfdsImages(name, 'test[:300]', str(PREPARED), 0).decoded()
  network = classifier.classifier(name)
  error = 1 - claimed(network)
  assert 1 - right(network, np.asarray(sample.images), sample.labels) < error + 3 * np.sqrt(error / 300)


def test_larger_images_are_reduced_and_it_is_said(held_out):
  images = np.stack([resize.fit(image, 32) for image in held_out[0]])
  network = classifier.for_data('digits', (32, 32, 1))
  assert network.resizer == 'bicubic to 8x8x1' and network.unfit((32, 32, 1)) == ''
  assert network.unfit((8, 8, 1)) == 'images of 32x32x1'
  assert right(network, images, held_out[1]) > 0.97


@pytest.mark.parametrize('shape', [(7, 7, 1), (8, 9, 1), (8, 8, 3), (8, 8), (2,)])
def test_what_it_cannot_look_at(shape):
  assert classifier.classifier('digits').unfit(shape) == 'images of 8x8x1'
  assert classifier.for_data('digits', shape) is None
  with pytest.raises(UserError, match='needs images of 8x8x1, or larger squares'):
    classifier.classifier('digits', shape)


def test_data_that_no_classifier_knows():
  assert classifier.for_data('celeb_a', (64, 64, 3)) is None
  with pytest.raises(UserError, match='unknown classifier'):
    classifier.classifier('celeb_a')


def test_weights_of_another_one(tmp_path):
  shutil.copy(classifier.FOLDER / 'digits.npz', tmp_path / 'mnist.npz')
  with pytest.raises(UserError, match='does not hold the classifier of MNIST'):
    classifier.classifier('mnist', folder=tmp_path)
