"""Feature matching's distance of means against NumPy and PyTorch, with linear networks."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.games.feature_matching import FeatureMatching
from wgan_jax.objectives import non_saturating
from wgan_jax.penalties import r1

KEY = jax.random.key(14)
RNG = np.random.default_rng(9)
REAL, Z = RNG.normal(size=(5, 3)).astype(np.float32), RNG.normal(size=(10, 2)).astype(np.float32)
G, LOGIT, TRUNK = (RNG.normal(size=shape).astype(np.float32) for shape in ((2, 3), (3,), (3, 4)))
PARAMS = {'generator': {'matrix': G}, 'critic': {'logit': LOGIT, 'trunk': TRUNK}}


class Generator(nn.Module):
  @nn.compact
  def __call__(self, z, label=None, *, train):
    return z @ self.param('matrix', nn.initializers.zeros, G.shape)


class Critic(nn.Module):
  """x [B, 3] -> (logits [B], features [B, 4]), features not linear in x."""

  @nn.compact
  def __call__(self, x, label=None, *, train):
    features = jnp.tanh(x @ self.param('trunk', nn.initializers.zeros, TRUNK.shape))
    return x @ self.param('logit', nn.initializers.zeros, LOGIT.shape), features


def apply(loss, params=PARAMS, image=REAL, z=Z, **fields):
  fields = {'objective': non_saturating(), **fields}
  game = FeatureMatching(generator=Generator(), critic=Critic(), prior=lambda keys: z[: len(keys)], **fields)
  return game.apply({'params': params}, {'image': image}, method=loss, rngs={'params': KEY})


def features(x):
  return np.tanh(np.float64(x) @ TRUNK)


@pytest.mark.parametrize('fakes_per_real', [1, 2])
def test_the_generator_descends_the_squared_distance_of_mean_features(fakes_per_real):
  fake = np.float64(Z[: 5 * fakes_per_real]) @ G
  expected = np.sum((features(REAL).mean(axis=0) - features(fake).mean(axis=0)) ** 2)
  loss, metrics = apply('generator_loss', fakes_per_real=fakes_per_real)
  np.testing.assert_allclose(loss, expected, rtol=1e-5)
  assert metrics == {}
  # Sample by sample the distance is another.
  assert abs(expected - np.mean(np.sum((features(REAL) - features(fake)[:5]) ** 2, axis=1))) > 0.1


def test_samples_that_match_in_the_mean_alone_cost_nothing():
  z = Z[:5]
  image = np.float32(np.float64(z) @ G)[[3, 0, 4, 1, 2]]
  np.testing.assert_allclose(apply('generator_loss', image=image, z=z)[0], 0.0, atol=1e-12)
  # Features are odd in x: pairs of opposite samples have the mean 0, however far out they are.
  pairs = lambda x: np.concatenate([x, -x])
  loss, _ = apply('generator_loss', image=pairs(REAL), z=pairs(3 * Z[:5]))
  np.testing.assert_allclose(loss, 0.0, atol=1e-12)


def test_the_critic_plays_the_adversarial_game_and_is_penalised_by_its_logits():
  loss, metrics = apply('critic_loss', penalty=r1(3.0))
  real, fake = np.float64(REAL) @ LOGIT, np.float64(Z[:5]) @ G @ LOGIT
  value = np.mean(np.logaddexp(0, -real) + np.logaddexp(0, fake))
  penalty = 3 / 2 * np.sum(np.float64(LOGIT) ** 2)
  np.testing.assert_allclose(metrics['penalty'], penalty, rtol=5e-6)
  np.testing.assert_allclose(loss, value + penalty, rtol=5e-6)


def test_the_generators_gradient_is_pytorchs():
  torch = pytest.importorskip('torch')
  g, trunk, real, z = (torch.tensor(np.float64(x), requires_grad=True) for x in (G, TRUNK, REAL, Z[:5]))
  difference = torch.tanh(real @ trunk).mean(0) - torch.tanh(z @ g @ trunk).mean(0)
  (expected,) = torch.autograd.grad((difference**2).sum(), g)
  found = jax.jit(jax.grad(lambda params: apply('generator_loss', params)[0]))(PARAMS)['generator']['matrix']
  np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_the_critics_loss_has_no_gradient_for_the_generator():
  found = jax.jit(jax.grad(lambda params: apply('critic_loss', params)[0]))(PARAMS)
  assert not found['generator']['matrix'].any() and found['critic']['logit'].all()
