import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.data import digits, images
from wgan_jax.data.cache import Images
from wgan_jax.extract import Extractor
from wgan_jax.metrics.features import classifier
from wgan_jax.networks import heads, mlp
from wgan_jax.sampling import neighbours

RNG = np.random.default_rng(0)
EXAMPLES = RNG.normal(size=(23, 4, 4, 1)).astype(np.float32)
QUERIES = RNG.normal(size=(5, 4, 4, 1)).astype(np.float32)


def search(size, k=3, spaces=None):
  chunks = ({'image': EXAMPLES[i : i + size]} for i in range(0, len(EXAMPLES), size))
  return neighbours.nearest({'image': QUERIES}, chunks, k, spaces or {'pixels': neighbours.pixels})


@pytest.mark.parametrize('size', [1, 7, 23])
def test_they_are_the_nearest_however_the_examples_are_cut(size):
  found = search(size)['pixels']
  distances = np.linalg.norm((QUERIES[:, None] - EXAMPLES[None]).reshape(5, 23, -1), axis=-1)
  order = np.argsort(distances, axis=1)[:, :3]
  np.testing.assert_array_equal(found.examples, EXAMPLES[order])
  np.testing.assert_allclose(found.distances, np.sort(distances, axis=1)[:, :3], rtol=1e-5)


def test_a_copy_is_at_no_distance_whatever_its_length():
  chunk = {'image': EXAMPLES + 1000}
  found = neighbours.nearest({'image': EXAMPLES[3:4] + 1000}, [chunk], 1, {'pixels': neighbours.pixels})['pixels']
  assert found.distances[0, 0] == 0
  np.testing.assert_array_equal(found.examples[0, 0], chunk['image'][3])


def test_each_space_has_its_own():
  brightness = lambda batch: jnp.mean(batch['image'], axis=(1, 2))
  found = search(7, 1, {'pixels': neighbours.pixels, 'brightness': brightness})
  means = EXAMPLES.mean(axis=(1, 2, 3))
  nearest = np.abs(QUERIES.mean(axis=(1, 2, 3))[:, None] - means[None]).argmin(axis=1)
  np.testing.assert_array_equal(found['brightness'].examples[:, 0], EXAMPLES[nearest])
  assert not np.array_equal(found['brightness'].examples, found['pixels'].examples)


def test_a_feature_network_is_shown_the_images_as_they_were():
  network, pixels = classifier.classifier('digits'), digits.load().images[:9]
  space = neighbours.of_network(Extractor(network, (8, 8, 1), 4, jax.devices()[:2]))
  expected = jax.jit(network.apply)(network.weights, pixels).features
  np.testing.assert_allclose(space({'image': pixels / np.float32(127.5) - 1}), expected, rtol=1e-4, atol=1e-5)


def test_features_are_what_the_head_is_given(make_play, make_feed, begin):
  play = make_play(critic=mlp.MlpCritic(width=6, depth=1))
  variables = begin(play, make_feed(4)).averaged_variables()
  batch = make_feed(5, seed=1)
  name, space = neighbours.features(play.game, variables, batch)
  first, last = (jax.device_get(variables['params']['critic'][layer]) for layer in ('Dense_0', 'Logit_0'))
  h = np.maximum(batch['image'] @ first['kernel'] + first['bias'], 0)
  assert name == 'critic' and last
  np.testing.assert_allclose(space(batch), h, atol=1e-5)


def test_a_network_without_a_head_has_none(make_play, make_feed, begin):
  play = make_play()
  assert neighbours.features(play.game, begin(play, make_feed(4)).averaged_variables(), make_feed(5)) is None


def test_a_conditional_critic_is_told_the_label(make_play, make_feed, begin):
  embed = lambda features, train: jax.tree_util.Partial(lambda label: jnp.ones((label.shape[0], features)))
  head = lambda dense: heads.Projection(dense, embed)
  play = make_play(critic=mlp.MlpCritic(width=6, depth=1, head=head), conditional=True)
  label = np.arange(4)
  variables = begin(play, {**make_feed(4), 'label': label}).averaged_variables()
  _, space = neighbours.features(play.game, variables, {**make_feed(4), 'label': label})
  assert space({**make_feed(4), 'label': label}).shape == (4, 6)


@pytest.mark.parametrize('most, mirrored', [(10, False), (10, True), (6, False)])
@pytest.mark.parametrize('make', [images.resident_source, images.streamed_source])
def test_each_training_example_is_looked_at_once(make, most, mirrored):
  pixels = RNG.integers(0, 256, (10, 3, 2, 1), dtype=np.uint8)
  source = make(Images(pixels, np.arange(10, dtype=np.int32)), 4, 0, flip=False, dequantize=False)
  batches = [*neighbours.examples(source, most, mirrored)]
  seen, labels = (np.concatenate([batch[name] for batch in batches]) for name in ('image', 'label'))
  assert len(seen) == most * (1 + mirrored) and len(set(labels)) == most
  straight = batches[:: 1 + mirrored]
  for batch in straight:
    np.testing.assert_allclose(batch['image'], pixels[batch['label']] / 127.5 - 1, atol=1e-6)
  for batch, turned in zip(straight, batches[1::2] if mirrored else straight, strict=True):
    np.testing.assert_array_equal(turned['image'][:, :, :: -1 if mirrored else 1], batch['image'])
