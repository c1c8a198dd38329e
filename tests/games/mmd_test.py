"""MMD GAN's losses against loops over pairs in NumPy and gradients by PyTorch, with linear networks."""

import flax.linen as nn
import jax
import numpy as np
import pytest

from wgan_jax.games.mmd import Mmd
from wgan_jax.kernels import gaussian
from wgan_jax.penalties import no_penalty, r1

KEY = jax.random.key(9)
RNG = np.random.default_rng(5)
REAL, Z = RNG.normal(size=(5, 3)).astype(np.float32), RNG.normal(size=(5, 2)).astype(np.float32)
G, H = RNG.normal(size=(2, 3)).astype(np.float32), RNG.normal(size=(3, 2)).astype(np.float32)
PARAMS = {'generator': {'matrix': G}, 'critic': {'matrix': H}}
AT_REAL, AT_FAKE = np.float64(REAL) @ H, np.float64(Z) @ G @ H


class Linear(nn.Module):
  """x [B, n] -> x @ matrix [B, m]."""

  shape: tuple[int, ...]

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return x @ self.param('matrix', nn.initializers.zeros, self.shape)


def apply(loss, params=PARAMS, **fields):
  game = Mmd(generator=Linear((2, 3)), critic=Linear((3, 2)), prior=lambda keys: Z[: len(keys)], **fields)
  return game.apply({'params': params}, {'image': REAL}, method=loss, rngs={'params': KEY})


def k(a, b):
  """The sum of rational quadratic kernels of the paper, of two vectors."""
  return sum((1 + np.sum((a - b) ** 2) / (2 * alpha)) ** -alpha for alpha in (0.2, 0.5, 1, 2, 5))


def mean_over_pairs(x, y, same):
  values = [k(a, b) for i, a in enumerate(x) for j, b in enumerate(y) if not (same and i == j)]
  return np.mean(values)


SQUARED_MMD = (
  mean_over_pairs(AT_REAL, AT_REAL, True)
  + mean_over_pairs(AT_FAKE, AT_FAKE, True)
  - 2 * mean_over_pairs(AT_REAL, AT_FAKE, False)
)


def witness(x):
  """The mean kernel with real features less that with generated ones."""
  features = np.float64(x) @ H
  return np.array([np.mean([k(h, a) for a in AT_REAL]) - np.mean([k(h, b) for b in AT_FAKE]) for h in features])


def test_the_critic_raises_and_the_generator_lowers_the_unbiased_squared_mmd():
  loss, metrics = apply('critic_loss', penalty=no_penalty())
  np.testing.assert_allclose(metrics['squared_mmd'], SQUARED_MMD, rtol=1e-5)
  np.testing.assert_allclose(loss, -SQUARED_MMD, rtol=1e-5)
  np.testing.assert_allclose(apply('generator_loss')[0], SQUARED_MMD, rtol=1e-5)


def test_the_penalty_is_on_the_witness_function():
  def penalty(f, real, fake, keys):
    return f(real) + 10 * f(fake) + 100 * f(real + 1)

  loss, metrics = apply('critic_loss', penalty=penalty)
  expected = np.mean(witness(REAL) + 10 * witness(np.float64(Z) @ G) + 100 * witness(REAL + 1))
  np.testing.assert_allclose(metrics['penalty'], expected, rtol=1e-5)
  np.testing.assert_allclose(loss, expected - SQUARED_MMD, rtol=1e-5)


def test_another_kernel_measures_what_it_measures():
  # Of inner products the MMD is the distance of the means, here without the bias of the diagonals.
  kernel = lambda a, b: a @ b.T
  expected = -2 * AT_REAL.mean(0) @ AT_FAKE.mean(0)
  for x in (AT_REAL, AT_FAKE):
    expected += (np.sum(x.sum(0) ** 2) - np.sum(x**2)) / (5 * 4)
  np.testing.assert_allclose(apply('generator_loss', kernel=kernel)[0], expected, rtol=1e-5)


def test_equal_samples_in_another_order_are_no_further_apart_than_chance_has_it():
  # The diagonals are left out of each sample with itself, yet not between them, so that the estimate is negative.
  same = {'generator': {'matrix': np.eye(3, dtype=np.float32)}, 'critic': {'matrix': H}}
  game = Mmd(generator=Linear((3, 3)), critic=Linear((3, 2)), prior=lambda keys: REAL[::-1].copy())
  loss, _ = game.apply({'params': same}, {'image': REAL}, method='generator_loss', rngs={'params': KEY})
  expected = 2 * mean_over_pairs(AT_REAL, AT_REAL, True) - 2 * mean_over_pairs(AT_REAL, AT_REAL, False)
  np.testing.assert_allclose(loss, expected, rtol=1e-5)
  assert loss < 0


def test_gradients_are_pytorchs_through_the_penalty_too():
  torch = pytest.importorskip('torch')
  g, h, real, z = (torch.tensor(np.float64(x), requires_grad=True) for x in (G, H, REAL, Z))
  off_diagonal = ~torch.eye(5, dtype=torch.bool)

  def kernel(a, b):
    return torch.exp(-((a[:, None] - b[None]) ** 2).sum(2) / (2 * 1.5**2))

  def squared_mmd(a, b):
    return kernel(a, a)[off_diagonal].mean() + kernel(b, b)[off_diagonal].mean() - 2 * kernel(a, b).mean()

  at_real, at_fake, stopped = real @ h, z @ g @ h, (z @ g).detach() @ h
  values = kernel(at_real, (real.detach() @ h)).mean(1) - kernel(at_real, stopped).mean(1)
  (slope,) = torch.autograd.grad(values.sum(), real, create_graph=True)
  critic_loss = 3 / 2 * (slope**2).sum(1).mean() - squared_mmd(at_real, stopped)
  for loss, value, learned, name in (
    ('critic_loss', critic_loss, h, 'critic'),
    ('generator_loss', squared_mmd(at_real, at_fake), g, 'generator'),
  ):
    (expected,) = torch.autograd.grad(value, learned, retain_graph=True)
    fields = dict(kernel=gaussian([1.5]), penalty=r1(3.0))
    found = jax.jit(jax.grad(lambda params, loss=loss, fields=fields: apply(loss, params, **fields)[0]))(PARAMS)
    np.testing.assert_allclose(found[name]['matrix'], expected, rtol=1e-5, atol=1e-6)
    assert (np.abs(found['generator']['matrix']).max() == 0) == (loss == 'critic_loss')
