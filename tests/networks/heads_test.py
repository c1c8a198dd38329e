"""The ends of networks: what critics make of their features, what generators' samples go through."""

import functools

import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import heads, layers
from wgan_jax.networks.began import BeganEncoder, BeganGenerator
from wgan_jax.networks.dcgan import DcganCritic, DcganGenerator
from wgan_jax.networks.infogan import InfoganCritic, InfoganGenerator
from wgan_jax.networks.mlp import MlpCritic, MlpGenerator
from wgan_jax.networks.norms import NoNorm
from wgan_jax.networks.resnet import ResnetCritic, ResnetGenerator
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.networks.translator import TranslatorGenerator

RNG = np.random.default_rng(0)
H, LABEL = RNG.normal(size=(5, 4)).astype(np.float32), np.array([2, 0, 2, 1, 0])
W, B = RNG.normal(size=(4, 1)).astype(np.float32), np.float32([0.7])
EMBEDDING = RNG.normal(size=(3, 4)).astype(np.float32)
PARAMS = {'Dense_0': {'kernel': W, 'bias': B}, 'Embed_0': {'kernel': EMBEDDING}}
# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})


def projection(reparameterize=layers.as_it_is, **options):
  return heads.Projection(embed=functools.partial(layers.Embed, 3, reparameterize=reparameterize), **options)


def test_a_logit_is_one_product_and_a_bias():
  logit = heads.Logit().apply({'params': {'Dense_0': PARAMS['Dense_0']}}, H, train=True)
  np.testing.assert_allclose(logit, H @ W[:, 0] + 0.7, rtol=1e-5, atol=1e-6)


def test_a_vector_is_as_many_products_as_it_is_long():
  dense = {'kernel': RNG.normal(size=(4, 3)).astype(np.float32), 'bias': np.float32([1, -2, 0])}
  vector = heads.Vector(size=3).apply({'params': {'Dense_0': dense}}, H, train=True)
  np.testing.assert_allclose(vector, H @ dense['kernel'] + dense['bias'], rtol=1e-5, atol=1e-6)


def test_a_projection_adds_the_product_with_the_embedded_label():
  logit = projection().apply({'params': PARAMS}, H, LABEL, train=True)
  expected = [W[:, 0] @ h + 0.7 + EMBEDDING[y] @ h for h, y in zip(H, LABEL, strict=True)]
  np.testing.assert_allclose(logit, expected, rtol=1e-5, atol=1e-6)


def test_a_projections_embedding_has_a_row_of_parameters_for_each_class():
  params = jax.eval_shape(lambda: projection().init(jax.random.key(0), H, LABEL, train=True))['params']
  assert jax.tree.map(jnp.shape, params) == {'Dense_0': {'kernel': (4, 1), 'bias': (1,)}, 'Embed_0': {'kernel': (3, 4)}}


def test_an_inner_product_is_that_of_projected_features_and_an_embedding_alone():
  square = RNG.normal(size=(4, 4)).astype(np.float32)
  head = heads.InnerProduct(
    dense=functools.partial(layers.Dense, use_bias=False), embed=functools.partial(layers.Embed, 3)
  )
  params = {'Dense_0': {'kernel': square}, 'Embed_0': {'kernel': EMBEDDING}}
  expected = [EMBEDDING[y] @ (h @ square) for h, y in zip(H, LABEL, strict=True)]
  np.testing.assert_allclose(head.apply({'params': params}, H, LABEL, train=True), expected, rtol=1e-5, atol=1e-5)


def test_an_inner_products_embedding_begins_with_the_variance_of_one_over_classes_and_features():
  head = heads.InnerProduct(embed=functools.partial(layers.Embed, 50))
  params = head.init(jax.random.key(0), np.ones((1, 60), np.float32), LABEL[:1], train=True)['params']
  np.testing.assert_allclose(np.std(params['Embed_0']['kernel']), 1 / np.sqrt(50 * 60), rtol=0.05)


def test_spectral_norm_reaches_the_embedding_of_a_projection():
  right, singular, left = np.linalg.svd(EMBEDDING)
  spectral = {'Embed_0': {'u': left[0], 'v': right[:, 0]}}
  logit = projection(spectral_norm).apply({'params': PARAMS, 'spectral': spectral}, H, LABEL, train=False)
  expected = H @ W[:, 0] + 0.7 + np.sum(EMBEDDING[LABEL] / singular[0] * H, axis=1)
  np.testing.assert_allclose(logit, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize('train', [True, False])
def test_the_spectral_vectors_of_an_embedding_move_in_training_only(train):
  spectral = {'Embed_0': {'u': np.full(4, 0.5, np.float32), 'v': np.full(3, 3**-0.5, np.float32)}}
  variables = {'params': PARAMS, 'spectral': spectral}
  _, moved = projection(spectral_norm).apply(variables, H, LABEL, train=train, mutable=['spectral'])
  change = np.max(np.abs(moved['spectral']['Embed_0']['u'] - 0.5))
  assert change > 0.01 if train else change == 0


@pytest.mark.parametrize('name, logit', [('Logit', heads.Logit), ('Projection', projection)])
def test_with_features_gives_any_logit_and_what_it_is_made_of(name, logit):
  head = heads.WithFeatures(logit=lambda dense: logit(dense=dense))
  value, features = head.apply({'params': {f'{name}_0': PARAMS}}, H, LABEL, train=True)
  chex.assert_trees_all_equal(value, logit().apply({'params': PARAMS}, H, LABEL, train=True))
  chex.assert_trees_all_equal(features, H)


class Constant(nn.Module):
  """The dense layer of a critic, known by what it makes."""

  features: int
  train: bool = True

  @nn.compact
  def __call__(self, x):
    return jnp.full((x.shape[0], self.features), 7.0 if self.train else 8.0)


@pytest.mark.parametrize('head', [heads.Logit, heads.WithFeatures, functools.partial(heads.Vector, size=2)])
@pytest.mark.parametrize('train, value', [(True, 7), (False, 8)])
def test_a_head_is_made_with_the_critics_own_dense_layer(head, train, value):
  critic = MlpCritic(8, 0, dense=lambda features, train, dtype: Constant(features, train), head=head)
  y = critic.apply({}, H, train=train)
  assert jnp.all((y[0] if isinstance(y, tuple) else y) == value)


@pytest.mark.parametrize('critic', [MlpCritic, DcganCritic, InfoganCritic, ResnetCritic, BeganEncoder])
def test_every_critic_of_images_takes_every_head(critic):
  def shapes(head):
    network = critic(2, head=head)
    return jax.eval_shape(lambda: network.init_with_output(jax.random.key(0), x, LABEL, train=True)[0])

  x = jnp.ones((5, 16, 16, 3))
  logit, (same, features), vector, projected = map(
    shapes,
    [
      heads.Logit,
      heads.WithFeatures,
      functools.partial(heads.Vector, size=6),
      lambda dense: projection(dense=dense),
    ],
  )
  chex.assert_shape([logit, same, projected, vector], [(5,), (5,), (5,), (5, 6)])
  assert features.shape[0] == 5 and features.ndim == 2


GENERATORS = {
  'mlp': (MlpGenerator, (5,)),
  'dcgan': (DcganGenerator, (5,)),
  'infogan': (InfoganGenerator, (5,)),
  'resnet': (ResnetGenerator, (5,)),
  'began': (BeganGenerator, (5,)),
  'translator': (TranslatorGenerator, (8, 8, 2)),
}


@pytest.mark.parametrize('name', GENERATORS)
def test_with_the_identity_as_output_a_generator_gives_what_is_bounded_otherwise(name):
  make, code = GENERATORS[name]
  bounded = make((8, 8, 1), 4, norm=NoNorm)
  z = np.random.default_rng(1).normal(size=(3, *code)).astype(np.float32)
  shapes = jax.eval_shape(lambda z: bounded.init(jax.random.key(0), z, train=True), z)
  rng = np.random.default_rng(2)
  variables = jax.tree.map(lambda p: rng.normal(0, (p.shape[-1] / p.size) ** 0.5, p.shape).astype(np.float32), shapes)
  free = bounded.clone(output=lambda x: x)
  inside, outside = quick(lambda v, z: [network.apply(v, z, train=True) for network in (bounded, free)])(variables, z)
  chex.assert_shape([inside, outside], (3, 8, 8, 1))
  assert 0.3 < np.max(np.abs(outside)) < 5
  np.testing.assert_allclose(np.arctanh(np.float64(inside)), outside, rtol=1e-3, atol=1e-4)


def test_every_head_is_known_as_one():
  made = [x for x in vars(heads).values() if isinstance(x, type) and issubclass(x, nn.Module)]
  assert len(made) > 5 and all(issubclass(x, heads.Head) for x in made)
