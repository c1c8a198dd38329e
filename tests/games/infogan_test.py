"""InfoGAN's bound against entropies and log-densities by SciPy, its gradients against PyTorch's."""

import chex
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from scipy.special import log_softmax

from wgan_jax import priors
from wgan_jax.games.infogan import Infogan
from wgan_jax.objectives import Objective, wasserstein

KEY = jax.random.key(4)
RNG = np.random.default_rng(1)
K, C, NOISE = 3, 2, 2  # categories, continuous codes, noise
CATEGORY = np.array([1, 0, 2, 2])
Z = np.concatenate([RNG.normal(size=(4, NOISE)), np.eye(K)[CATEGORY], RNG.uniform(-1, 1, (4, C))], 1).astype(np.float32)
REAL = RNG.normal(size=(4, 2)).astype(np.float32)
SHAPES = {'generator': (7, 2), 'logit': (2,), 'trunk': (2, 3), 'recognizer': (3, K + C)}
W = {name: RNG.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}
ZERO = Objective(*[lambda real, fake: 0 * fake] * 2)


class Linear(nn.Module):
  """x [B, n] -> x @ matrix."""

  shape: tuple[int, ...]

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return x @ self.param('matrix', nn.initializers.zeros, self.shape)


class Critic(nn.Module):
  """x [B, 2] -> (logits [B], features [B, 3])."""

  @nn.compact
  def __call__(self, x, label=None, *, train):
    trunk = self.param('trunk', nn.initializers.zeros, SHAPES['trunk'])
    return x @ self.param('logit', nn.initializers.zeros, SHAPES['logit']), x @ trunk


class Same(nn.Module):
  def __call__(self, x, label=None, *, train):
    return x


class Reader(nn.Module):
  """Whatever `answer` makes of features."""

  answer: object

  def __call__(self, features, label=None, *, train):
    return self.answer(features)


PARAMS = {
  'generator': {'matrix': W['generator']},
  'critic': {'logit': W['logit'], 'trunk': W['trunk']},
  'recognizer': {'matrix': W['recognizer']},
}


def make(**fields):
  networks = dict(
    generator=Linear(SHAPES['generator']), critic=Critic(), recognizer=Linear(SHAPES['recognizer']), objective=ZERO
  )
  return Infogan(**{**networks, 'prior': lambda keys: Z[: len(keys)], 'categories': K, 'continuous': C, **fields})


def apply(game, loss, params=PARAMS):
  return game.apply({'params': params}, {'image': REAL}, method=loss, rngs={'params': KEY})


def information(answer, categories=K, continuous=C):
  """What the game says of a recognizer that gives `answer` of the features, which are the codes' samples."""
  game = make(recognizer=Reader(answer), categories=categories, continuous=continuous)
  return game.apply({}, jnp.asarray(Z), jnp.asarray(Z), method='information')


def read():
  """(mean log Q of categories, mean log Q of continuous codes) of the linear game, in float64."""
  answer = np.float64(Z) @ W['generator'] @ W['trunk'] @ W['recognizer']
  of_category = log_softmax(answer[:, :K], axis=1)[np.arange(4), CATEGORY]
  return of_category.mean(), stats.norm.logpdf(Z[:, -C:], answer[:, K:], 1.0).sum(axis=1).mean()


@pytest.mark.parametrize('weight', [1.0, 0.1])
def test_both_losses_subtract_the_weighted_bound(weight):
  category, continuous = np.log(K) + read()[0], C * np.log(2) + read()[1]
  game, real, fake = make(objective=wasserstein(), weight=weight), np.float64(REAL), np.float64(Z) @ W['generator']
  loss, metrics = apply(game, 'critic_loss')
  value = np.mean(real @ W['logit']) - np.mean(fake @ W['logit'])
  np.testing.assert_allclose(metrics['information/category'], category, rtol=5e-6)
  np.testing.assert_allclose(metrics['information/continuous'], continuous, rtol=5e-6)
  np.testing.assert_allclose(metrics['w1_estimate'], value, rtol=5e-6)
  np.testing.assert_allclose(loss, -value - weight * (category + continuous), rtol=5e-6)
  expected = -np.mean(fake @ W['logit']) - weight * (category + continuous)
  np.testing.assert_allclose(apply(game, 'generator_loss')[0], expected, rtol=5e-6)


def test_a_perfect_reader_of_k_categories_knows_log_k_nats():
  told = information(lambda z: 100 * z[:, NOISE:])
  np.testing.assert_allclose(told['information/category'], np.log(3), rtol=1e-6)


def test_a_reader_that_knows_nothing_knows_zero_nats():
  told = information(lambda z: jnp.zeros((4, K + C)))
  np.testing.assert_allclose(told['information/category'], 0.0, atol=1e-6)


def test_a_perfect_reader_of_continuous_codes_gets_their_entropy_less_that_of_a_unit_normal_at_its_peak():
  told = information(lambda z: z[:, NOISE:])
  entropy = stats.uniform(-1, 2).entropy()
  np.testing.assert_allclose(told['information/continuous'], C * (entropy + stats.norm.logpdf(0)), rtol=1e-6)
  assert information(lambda z: z[:, -K:], K, 0)['information/continuous'] == 0


def test_a_sure_reader_that_is_wrong_pays_in_full():
  wrong = jnp.roll(jnp.asarray(Z[:, NOISE : NOISE + K]), 1, axis=1)
  told = information(lambda z: jnp.concatenate([50 * wrong, z[:, -C:] + 2.0], axis=1))
  np.testing.assert_allclose(told['information/category'], np.log(3) - 50, rtol=1e-6)
  np.testing.assert_allclose(told['information/continuous'], C * (np.log(2) + stats.norm.logpdf(2)), rtol=1e-6)


def test_gradients_of_the_bound_are_pytorchs_in_every_network():
  torch = pytest.importorskip('torch')
  w = {name: torch.tensor(np.float64(x), requires_grad=True) for name, x in W.items()}
  z, functional = torch.tensor(np.float64(Z)), torch.nn.functional
  answer = z @ w['generator'] @ w['trunk'] @ w['recognizer']
  of_category = functional.cross_entropy(answer[:, :K], torch.tensor(CATEGORY))
  normal = torch.distributions.Normal(answer[:, K:], 1.0)
  (0.7 * (of_category - normal.log_prob(z[:, -C:]).sum(1).mean())).backward()
  for loss, learns in (('critic_loss', ('critic', 'recognizer')), ('generator_loss', ('generator',))):
    gradients = jax.jit(jax.grad(lambda params, loss=loss: apply(make(weight=0.7), loss, params)[0]))(PARAMS)
    found = {**gradients['critic'], **{name: gradients[name]['matrix'] for name in ('generator', 'recognizer')}}
    for name in ('trunk', 'recognizer', 'generator'):
      stopped = loss == 'critic_loss' and name == 'generator'
      expected = np.zeros((7, 2)) if stopped else w[name].grad.numpy()
      np.testing.assert_allclose(found[name], expected, rtol=1e-5, atol=1e-6)
    assert {turn.loss: turn.learns for turn in make().turns}[loss] == learns


def test_codes_are_the_end_of_z_and_the_class_asked_is_their_category():
  game = make(prior=priors.with_codes(priors.normal(NOISE), K, C))
  z = game.apply({}, 50, method='latent', rngs={'params': KEY})
  codes = np.asarray(game.codes(z))
  np.testing.assert_array_equal(codes, np.asarray(z)[:, NOISE:])
  assert set(map(tuple, codes[:, :K])) == set(map(tuple, np.eye(K)))
  assert -1 <= codes[:, K:].min() < -0.8 and 0.8 < codes[:, K:].max() <= 1
  np.testing.assert_array_equal(make().asked(jnp.asarray(Z), None), CATEGORY)
  np.testing.assert_array_equal(game.asked(z, None), np.nonzero(codes[:, :K])[1])
  assert game.asks == 'code'


def test_what_lies_between_codes_is_a_code():
  path = make().between(Z[:2], Z[2:], 9)
  chex.assert_shape(path, (2, 9, NOISE + K + C))
  categories, continuous = path[..., NOISE : NOISE + K], path[..., NOISE + K :]
  np.testing.assert_allclose(categories.sum(-1), 1, rtol=1e-6)
  assert (categories >= 0).all() and (np.abs(continuous) <= 1).all()


@pytest.mark.parametrize('continuous', [0, 2])
def test_shows_a_row_for_each_category_of_the_same_noises_and_a_sweep_for_each_continuous_code(continuous):
  prior = priors.with_codes(priors.normal(NOISE), K, continuous)
  game = make(prior=prior, generator=Same(), continuous=continuous)
  shown = np.asarray(game.apply({}, {'image': REAL}, method='shows', rngs={'params': KEY})['codes'])
  assert shown.shape == (K + continuous, 10, NOISE + K + continuous)
  noises, codes = np.split(shown, [NOISE], axis=2)
  assert len(np.unique(noises[0], axis=0)) == 10
  for k in range(K):
    np.testing.assert_array_equal(noises[k], noises[0])
    np.testing.assert_array_equal(codes[k], np.tile(np.eye(K + continuous)[k], (10, 1)))
  for c in range(continuous):
    np.testing.assert_array_equal(noises[K + c], np.tile(noises[0, 0], (10, 1)))
    assert len(np.unique(codes[K + c, :, :K], axis=0)) == 1 and codes[K + c, 0, :K].sum() == 1
    np.testing.assert_allclose(codes[K + c, :, K + c], np.linspace(-1, 1, 10), rtol=1e-6)
    np.testing.assert_array_equal(codes[K + c, :, K + 1 - c], np.zeros(10))
