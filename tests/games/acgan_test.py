"""ACGAN's losses against cross-entropies by SciPy, with linear networks and latent codes that are known."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from wgan_jax.games.acgan import Acgan
from wgan_jax.objectives import Objective, wasserstein
from wgan_jax.penalties import r1

KEY = jax.random.key(3)
RNG = np.random.default_rng(0)
REAL, Z = RNG.normal(size=(2, 4, 2)).astype(np.float32)
LABEL = np.array([2, 0, 1, 2])
TABLE, HEAD = RNG.normal(size=(2, 3, 2)).astype(np.float32)
LOGIT, TRUNK = RNG.normal(size=2).astype(np.float32), RNG.normal(size=(2, 2)).astype(np.float32)
PARAMS = {
  'generator': {'table': TABLE},
  'critic': {'logit': LOGIT, 'trunk': TRUNK},
  'classifier': {'head': HEAD.T},
}


class Generator(nn.Module):
  """z [B, D] and the label's row of a table."""

  @nn.compact
  def __call__(self, z, label=None, *, train):
    return z + self.param('table', nn.initializers.zeros, (3, z.shape[1]))[label]


class Critic(nn.Module):
  """x [B, D] -> (logits [B], features [B, D])."""

  @nn.compact
  def __call__(self, x, label=None, *, train):
    trunk = self.param('trunk', nn.initializers.zeros, (x.shape[1],) * 2)
    return x @ self.param('logit', nn.initializers.zeros, x.shape[1:]), x @ trunk


class Classifier(nn.Module):
  @nn.compact
  def __call__(self, features, label=None, *, train):
    return features @ self.param('head', nn.initializers.zeros, (features.shape[1], 3))


def make(**fields):
  networks = dict(generator=Generator(), critic=Critic(), classifier=Classifier(), prior=lambda keys: Z[: len(keys)])
  return Acgan(**{**networks, 'objective': wasserstein(), **fields})


def apply(game, loss, params=PARAMS, image=REAL, label=LABEL):
  return game.apply({'params': params}, {'image': image, 'label': label}, method=loss, rngs={'params': KEY})


def cross_entropy(x):
  logits = log_softmax(np.float64(x) @ TRUNK @ HEAD.T, axis=1)
  return -np.mean([row[label] for row, label in zip(logits, LABEL, strict=True)])


FAKE = np.float64(Z) + TABLE[LABEL]
EARTH_MOVER = np.mean(np.float64(REAL) @ LOGIT) - np.mean(FAKE @ LOGIT)


@pytest.mark.parametrize('weights', [(1.0, 1.0), (1.0, 0.0), (0.3, 0.7)])
def test_the_critic_pays_for_the_classes_of_real_and_of_fake_samples(weights):
  loss, metrics = apply(make(real_weight=weights[0], fake_weight=weights[1]), 'critic_loss')
  on_real, on_fake = cross_entropy(REAL), cross_entropy(FAKE)
  np.testing.assert_allclose(loss, -EARTH_MOVER + weights[0] * on_real + weights[1] * on_fake, rtol=2e-6)
  expected = {'cross_entropy/real': on_real, 'cross_entropy/fake': on_fake, 'w1_estimate': EARTH_MOVER, 'penalty': 0.0}
  assert metrics.keys() == expected.keys()
  for name, value in expected.items():
    np.testing.assert_allclose(metrics[name], value, rtol=2e-6)


def test_all_weights_are_one_as_in_the_paper_unless_said():
  np.testing.assert_allclose(
    apply(make(), 'critic_loss')[0], cross_entropy(REAL) + cross_entropy(FAKE) - EARTH_MOVER, rtol=2e-6
  )
  np.testing.assert_allclose(apply(make(), 'generator_loss')[0], cross_entropy(FAKE) - np.mean(FAKE @ LOGIT), rtol=2e-6)


def test_the_penalty_is_on_the_logits_and_not_on_the_features():
  loss, metrics = apply(make(penalty=r1(10.0), real_weight=0.0, fake_weight=0.0), 'critic_loss')
  expected = 5 * np.sum(np.float64(LOGIT) ** 2)
  np.testing.assert_allclose(metrics['penalty'], expected, rtol=2e-6)
  np.testing.assert_allclose(loss, expected - EARTH_MOVER, rtol=2e-6)


@pytest.mark.parametrize('weight', [0.1, 2.0])
def test_the_generator_lowers_the_cross_entropy_of_its_samples(weight):
  game = make(generator_weight=weight)
  loss, _ = apply(game, 'generator_loss')
  np.testing.assert_allclose(loss, -np.mean(FAKE @ LOGIT) + weight * cross_entropy(FAKE), rtol=2e-6)
  gradient = jax.jit(jax.grad(lambda params: apply(game, 'generator_loss', params)[0]))(PARAMS)['generator']['table']
  # Of the cross-entropy by class logits: softmax - one-hot.
  by_logits = softmax(FAKE @ TRUNK @ HEAD.T, axis=1) - np.eye(3)[LABEL]
  by_sample = (weight * by_logits @ HEAD @ TRUNK.T - LOGIT) / 4
  np.testing.assert_allclose(gradient, np.eye(3)[LABEL].T @ by_sample, rtol=1e-5, atol=1e-7)


def test_the_critics_loss_teaches_the_classifier_and_the_trunk_and_not_the_generator():
  game = make(objective=Objective(*[lambda real, fake: 0 * fake] * 2))
  gradients = jax.jit(jax.grad(lambda params: apply(game, 'critic_loss', params)[0]))(PARAMS)
  assert np.all(gradients['generator']['table'] == 0)
  features, by_head, by_trunk = [np.float64(x) @ TRUNK for x in (REAL, FAKE)], 0, 0
  for x, f in zip((REAL, FAKE), features, strict=True):
    error = (softmax(f @ HEAD.T, axis=1) - np.eye(3)[LABEL]) / 4
    by_head, by_trunk = by_head + f.T @ error, by_trunk + x.T @ error @ HEAD
  np.testing.assert_allclose(gradients['classifier']['head'], by_head, rtol=1e-5, atol=1e-7)
  np.testing.assert_allclose(gradients['critic']['trunk'], by_trunk, rtol=1e-5, atol=1e-7)


def test_the_classifier_is_learned_in_the_critics_turn_alone():
  learns = {turn.loss: set(turn.learns) for turn in make().turns}
  assert learns == {'critic_loss': {'critic', 'classifier'}, 'generator_loss': {'generator'}}


def test_no_softmax_stands_before_the_cross_entropy():
  # Of two softmaxes in a row the second could not be surer than e / (e + 1).
  class Sure(nn.Module):
    def __call__(self, features, label=None, *, train):
      return jnp.array([[100.0, 0.0, 0.0]] * len(features))

  game = make(classifier=Sure())
  for label, expected in ((0, 0.0), (1, 100.0)):
    _, metrics = apply(game, 'critic_loss', label=np.full(4, label))
    np.testing.assert_allclose(metrics['cross_entropy/real'], expected, atol=1e-6)


def test_each_of_two_fakes_per_real_is_made_judged_and_classified_by_one_label():
  seen = {}

  class Recording(nn.Module):
    name_: str
    result: object

    def __call__(self, x, label=None, *, train):
      seen.setdefault(self.name_, []).append(label)
      return self.result(x, label)

  generator = Recording('generator', lambda z, label: jax.nn.one_hot(label, 3))
  critic = Recording('critic', lambda x, label: (jnp.zeros(len(x)), x))
  classifier = Recording('classifier', lambda f, label: 100 * f)
  game = make(
    generator=generator,
    critic=critic,
    classifier=classifier,
    fakes_per_real=2,
    prior=lambda keys: jnp.zeros((len(keys), 1)),
  )
  loss, _ = apply(game, 'generator_loss', {}, np.zeros((4, 3), np.float32))
  np.testing.assert_array_equal(seen['generator'], [[2, 2, 0, 0, 1, 1, 2, 2]])
  np.testing.assert_array_equal(seen['critic'][1], [2, 2, 0, 0, 1, 1, 2, 2])
  np.testing.assert_allclose(loss, 0.0, atol=1e-6)
