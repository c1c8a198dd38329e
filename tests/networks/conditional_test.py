import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks.conditional import Concatenated, Embedded, Shared, Unlabelled
from wgan_jax.networks.mlp import MlpCritic

LABEL = np.array([2, 0, 3])
VECTORS = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)
IMAGES = np.random.default_rng(0).normal(size=(3, 2, 5, 3)).astype(np.float32)


class Recording(nn.Module):
  """What it was called with."""

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return x, label, train


def told(x, train=True):
  return Concatenated(Recording(), 4).apply({}, x, LABEL, train=train)


def test_behind_a_vector_stand_the_entries_of_its_label():
  expected = np.concatenate([VECTORS, [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]], axis=1)
  np.testing.assert_array_equal(told(VECTORS)[0], expected)


def test_behind_the_channels_of_an_image_stand_planes_of_its_label():
  x = np.asarray(told(IMAGES)[0])
  assert x.shape == (3, 2, 5, 3 + 4)
  np.testing.assert_array_equal(x[..., :3], IMAGES)
  for image, label in zip(x, LABEL, strict=True):
    for plane in range(4):
      assert (image[..., 3 + plane] == (plane == label)).all()


@pytest.mark.parametrize('train', [True, False])
def test_the_network_is_told_the_label_itself_and_whether_it_trains(train):
  _, label, trains = told(VECTORS, train)
  np.testing.assert_array_equal(label, LABEL)
  assert trains is train


def test_the_input_keeps_its_type():
  assert told(VECTORS.astype(np.float16))[0].dtype == np.float16


@pytest.mark.parametrize('x', [VECTORS, IMAGES])
def test_another_label_is_another_output_for_that_sample_alone(x):
  critic = Concatenated(MlpCritic(8, 1), 4)
  rng, shapes = np.random.default_rng(1), jax.eval_shape(lambda: critic.init(jax.random.key(0), x, LABEL, train=True))
  variables = jax.tree.map(lambda p: rng.normal(size=p.shape).astype(np.float32), shapes)
  right, wrong = (critic.apply(variables, x, np.array([first, 0, 3]), train=True) for first in (2, 1))
  assert abs(right[0] - wrong[0]) > 1e-3
  np.testing.assert_allclose(right[1:], wrong[1:], rtol=1e-6)


def test_it_is_a_network_under_jit_whose_first_kernel_has_a_row_for_each_class():
  critic = Concatenated(MlpCritic(8, 1), 4)
  variables = critic.init(jax.random.key(0), VECTORS, LABEL, train=True)
  assert variables['params']['network']['Dense_0']['kernel'].shape == (2 + 4, 8)
  logits = jax.jit(lambda v, x, y: critic.apply(v, x, y, train=True))(variables, VECTORS, jnp.asarray(LABEL))
  dense = variables['params']['network']['Dense_0']['kernel']
  hidden = np.maximum(VECTORS @ dense[:2] + dense[2:][LABEL], 0)
  last = variables['params']['network']['Logit_0']['Dense_0']['kernel']
  np.testing.assert_allclose(logits, (hidden @ last)[:, 0], rtol=1e-5, atol=1e-6)


def test_a_mixture_of_labels_stands_behind_a_vector_as_its_weights():
  weights = np.float32([[0.5, 0.5, 0, 0], [0, 0, 0, 1], [0.1, 0.2, 0.3, 0.4]])
  x, _, _ = Concatenated(Recording(), 4).apply({}, VECTORS, weights, train=True)
  np.testing.assert_allclose(x, np.concatenate([VECTORS, weights], axis=1))


def test_a_shared_embedding_is_told_in_the_labels_place():
  table = np.arange(8, dtype='f').reshape(4, 2)
  x, label, train = Shared(Recording(), 4, 2).apply(
    {'params': {'shared': {'kernel': table}}}, VECTORS, LABEL, train=False
  )
  np.testing.assert_array_equal(label, table[LABEL])
  assert x is VECTORS and not train


def test_an_embedding_stands_behind_a_code_and_the_label_is_told_on():
  table = np.arange(8, dtype='f').reshape(4, 2)
  x, label, train = Embedded(Recording(), 4, 2).apply(
    {'params': {'embedding': {'kernel': table}}}, VECTORS, LABEL, train=False
  )
  np.testing.assert_array_equal(x, np.concatenate([VECTORS, table[LABEL]], axis=1))
  assert label is LABEL and not train


def test_an_unlabelled_network_is_told_none():
  x, label, train = Unlabelled(Recording()).apply({}, VECTORS, LABEL, train=True)
  assert x is VECTORS and label is None and train
