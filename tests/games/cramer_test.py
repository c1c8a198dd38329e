"""Cramer GAN's surrogate, penalty and energy distance against NumPy, SciPy and PyTorch, with linear networks."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from wgan_jax import priors
from wgan_jax.games.cramer import Cramer
from wgan_jax.penalties import gradient_penalty, no_penalty, r1

KEY = jax.random.key(8)
RNG = np.random.default_rng(4)
REAL = RNG.normal(size=(5, 3)).astype(np.float32)
G, H = RNG.normal(size=(2, 3)).astype(np.float32), RNG.normal(size=(3, 2)).astype(np.float32)
PARAMS = {'generator': {'matrix': G}, 'critic': {'matrix': H}}
NORMAL, WITHOUT = priors.normal(2), no_penalty()


class Linear(nn.Module):
  """x [B, n] -> x @ matrix [B, m]."""

  shape: tuple[int, ...]

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return x @ self.param('matrix', nn.initializers.zeros, self.shape)


def make(**fields):
  return Cramer(**{'generator': Linear((2, 3)), 'critic': Linear((3, 2)), 'prior': NORMAL, **fields})


def play(loss, penalty=WITHOUT):
  """(loss, metrics, the latent codes of each batch that was drawn, in float64)."""
  drawn = []

  def prior(keys):
    drawn.append(NORMAL(keys))
    return drawn[-1]

  game = make(prior=prior, penalty=penalty)
  told = game.apply({'params': PARAMS}, {'image': REAL}, method=loss, rngs={'params': KEY})
  return *told, np.float64(drawn)


def gradients(loss, params=PARAMS, **fields):
  game = make(**fields)

  def descend(params):
    return game.apply({'params': params}, {'image': REAL}, method=loss, rngs={'params': KEY})[0]

  return jax.jit(jax.grad(descend))(params)


def length(x):
  return np.sqrt(np.sum(np.float64(x) ** 2, axis=1))


def f(x, other):
  """f(x) = |h(x) - h(x_g')| - |h(x)|."""
  return length((np.float64(x) - other) @ H) - length(np.float64(x) @ H)


def test_each_loss_draws_two_batches_and_no_code_twice():
  for loss in ('critic_loss', 'generator_loss'):
    *_, drawn = play(loss)
    assert drawn.shape == (2, 5, 2)
    assert len(np.unique(drawn.reshape(-1, 2), axis=0)) == 10


def test_the_critic_raises_the_surrogate():
  loss, metrics, drawn = play('critic_loss')
  fake, other = drawn @ G
  surrogate = np.mean(f(REAL, other) - f(fake, other))
  np.testing.assert_allclose(metrics['surrogate'], surrogate, rtol=5e-6)
  np.testing.assert_allclose(loss, -surrogate, rtol=5e-6)
  assert metrics['penalty'] == 0
  # One batch in both places would say something else.
  assert abs(surrogate - np.mean(f(REAL, fake) - f(fake, fake))) > 0.1


def test_the_generator_descends_the_distance_of_the_two_from_the_real_less_their_own():
  loss, _, drawn = play('generator_loss')
  fake, other = drawn @ G @ H
  real = np.float64(REAL) @ H
  expected = length(real - fake) + length(real - other) - length(fake - other)
  np.testing.assert_allclose(loss, np.mean(expected), rtol=5e-6)


def test_the_generators_loss_estimates_the_energy_distance_up_to_a_constant():
  # X ~ N(m, 1) and G, G' ~ N(0, 1): 2 E|X - G| - E|G - G'|, of which E|X - X'| makes the energy distance.
  identity = {'generator': {'matrix': np.eye(1)}, 'critic': {'matrix': np.eye(1)}}
  game = make(generator=Linear((1, 1)), critic=Linear((1, 1)), prior=priors.normal(1))
  for m in (0.0, 1.5):
    image = np.random.default_rng(0).normal(m, 1, (20000, 1)).astype(np.float32)
    loss, _ = game.apply({'params': identity}, {'image': image}, method='generator_loss', rngs={'params': KEY})
    expected = 2 * stats.foldnorm(m / np.sqrt(2), scale=np.sqrt(2)).mean() - 2 / np.sqrt(np.pi)
    np.testing.assert_allclose(loss, expected, atol=0.04)


def test_the_penalty_is_on_f_and_not_on_the_features():
  loss, metrics, drawn = play('critic_loss', lambda f, real, fake, keys: f(real) + 10 * f(fake) + 100 * f(real + 1))
  fake, other = drawn @ G
  penalty = np.mean(f(REAL, other) + 10 * f(fake, other) + 100 * f(REAL + 1, other))
  np.testing.assert_allclose(metrics['penalty'], penalty, rtol=5e-6)
  np.testing.assert_allclose(loss, penalty - metrics['surrogate'], rtol=5e-6)


def test_gradients_are_pytorchs_through_the_penalty_too():
  torch = pytest.importorskip('torch')
  g, h, real = (torch.tensor(np.float64(x), requires_grad=True) for x in (G, H, REAL))

  def critic_loss(fake, other):
    def f(x):
      return ((x - other) @ h).norm(dim=1) - (x @ h).norm(dim=1)

    (slope,) = torch.autograd.grad(f(real).sum(), real, create_graph=True)
    return (f(fake) - f(real) + 3 / 2 * (slope**2).sum(1)).mean()

  def generator_loss(fake, other):
    return sum(
      ((a - b) @ h).norm(dim=1).mean() * s for a, b, s in ((real, fake, 1), (real, other, 1), (fake, other, -1))
    )

  for loss, value, learned, name in (
    ('critic_loss', critic_loss, h, 'critic'),
    ('generator_loss', generator_loss, g, 'generator'),
  ):
    fake, other = torch.tensor(play(loss)[-1]) @ g
    (expected,) = torch.autograd.grad(value(fake, other), learned)
    found = gradients(loss, penalty=r1(3.0))[name]['matrix']
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_the_critics_loss_has_no_gradient_for_the_generator():
  found = gradients('critic_loss')
  assert np.all(found['generator']['matrix'] == 0) and np.any(found['critic']['matrix'] != 0)


def test_gradients_are_finite_where_all_features_are_zero():
  nothing = {'generator': {'matrix': G}, 'critic': {'matrix': jnp.zeros((3, 2))}}
  for loss in ('critic_loss', 'generator_loss'):
    for leaf in jax.tree.leaves(gradients(loss, nothing, penalty=gradient_penalty(10.0))):
      assert np.isfinite(leaf).all()
