"""BEGAN's losses, and the path of k by hand, with linear networks."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.games.began import Began, error
from wgan_jax.networks.autoencoder import Autoencoder, Reconstruction

KEY = jax.random.key(6)
RNG = np.random.default_rng(3)
REAL, Z = RNG.normal(size=(2, 5, 3)).astype(np.float32)
G, E, D = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=(2, 3))
G, E, D = (w.astype(np.float32) for w in (G, E, D))
PARAMS = {'generator': {'matrix': G}, 'critic': {'encoder': {'matrix': E}, 'decoder': {'matrix': D}}}


class Linear(nn.Module):
  """x [B, n] -> x @ matrix [B, m]."""

  shape: tuple[int, ...]

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return x @ self.param('matrix', nn.initializers.zeros, self.shape)


def make(**fields):
  critic = Autoencoder(Linear((3, 2)), Linear((2, 3)))
  return Began(generator=Linear((3, 3)), critic=critic, prior=lambda keys: Z[: len(keys)], **fields)


def apply(game, loss, k, params=PARAMS, image=REAL):
  """(loss, metrics, k afterwards)."""
  variables = {'params': params, 'memory': {'k': jnp.float32(k)}}
  options = {'rngs': {'params': KEY}, 'mutable': ['memory']}
  (value, metrics), moved = game.apply(variables, {'image': image}, method=loss, **options)
  return value, metrics, moved['memory']['k']


def mean_error(x):
  x = np.float64(x)
  return np.mean(np.abs(x @ E @ D - x))


ON_REAL, ON_FAKE = mean_error(REAL), mean_error(np.float64(Z) @ G)


def test_error_is_the_mean_absolute_one_of_all_numbers_of_an_image():
  seen, output = RNG.normal(size=(2, 3, 2, 2, 1))
  expected = [np.sum(np.abs(a - b)) / 4 for a, b in zip(seen, output, strict=True)]
  np.testing.assert_allclose(error(Reconstruction(jnp.float32(seen), jnp.float32(output), None)), expected, rtol=2e-6)


@pytest.mark.parametrize('k', [0.0, 0.4, 1.0])
@pytest.mark.parametrize('gamma', [0.3, 2.0])
def test_losses_and_convergence_measure(k, gamma):
  loss, metrics, _ = apply(make(gamma=gamma, rate=0.1), 'critic_loss', k)
  np.testing.assert_allclose(loss, ON_REAL - k * ON_FAKE, rtol=5e-6, atol=1e-6)
  np.testing.assert_allclose(metrics['convergence'], ON_REAL + abs(gamma * ON_REAL - ON_FAKE), rtol=5e-6)
  np.testing.assert_allclose(metrics['k'], k, rtol=1e-6)
  loss, _, after = apply(make(gamma=gamma, rate=0.1), 'generator_loss', k)
  np.testing.assert_allclose(loss, ON_FAKE, rtol=5e-6)
  assert after == jnp.float32(k)


def test_the_convergence_measure_is_tested_on_both_sides_of_the_balance():
  assert 0.3 * ON_REAL - ON_FAKE < 0 < 2.0 * ON_REAL - ON_FAKE


def test_k_begins_at_zero_and_stays_there_in_initialisation():
  assert make(gamma=50.0, rate=1.0).init(KEY, {'image': REAL})['memory']['k'] == 0


def test_k_climbs_to_one_and_falls_to_zero_along_the_path_by_hand():
  # Real errors are in proportion to real samples: large ones let k climb, small ones let it fall.
  game, k, expected, path = make(gamma=0.5, rate=0.3), 0.0, 0.0, []
  for scale in (3.0, 4.0, 6.0, 0.5, 1.0, 0.1, 0.1, 0.1, 3.0):
    _, metrics, after = apply(game, 'critic_loss', k, image=REAL * np.float32(scale))
    np.testing.assert_allclose(metrics['k'], expected, rtol=1e-5, atol=1e-6)
    expected = min(max(expected + 0.3 * (0.5 * scale * ON_REAL - ON_FAKE), 0.0), 1.0)
    np.testing.assert_allclose(after, expected, rtol=1e-5, atol=1e-6)
    k, path = after, [*path, expected]
  inside = [0 < x < 1 for x in path]
  assert 1.0 in path and 0.0 in path[path.index(1.0) :] and sum(inside) >= 3


def test_proportion_and_rate_are_the_papers_unless_said():
  _, metrics, after = apply(make(), 'critic_loss', 0.5)
  np.testing.assert_allclose(after - 0.5, 0.001 * (0.5 * ON_REAL - ON_FAKE), rtol=1e-3)
  np.testing.assert_allclose(metrics['convergence'], ON_REAL + abs(0.5 * ON_REAL - ON_FAKE), rtol=5e-6)


def test_gradients_are_pytorchs_of_a_constant_k():
  torch = pytest.importorskip('torch')
  g, e, d, real, z = (torch.tensor(np.float64(x), requires_grad=True) for x in (G, E, D, REAL, Z))

  def error_of(x):
    return (x @ e @ d - x).abs().mean()

  losses = {'critic_loss': error_of(real) - 0.4 * error_of((z @ g).detach()), 'generator_loss': error_of(z @ g)}
  for loss, value in losses.items():
    expected = torch.autograd.grad(value, [g, e, d], allow_unused=True)
    found = jax.jit(jax.grad(lambda params, loss=loss: apply(make(rate=0.5), loss, 0.4, params)[0]))(PARAMS)
    found = [found['generator'], found['critic']['encoder'], found['critic']['decoder']]
    for tree, gradient in zip(found, expected, strict=True):
      gradient = np.zeros((3, 3)) if gradient is None else gradient.numpy()
      np.testing.assert_allclose(tree['matrix'], gradient, rtol=1e-5, atol=1e-6)


def test_the_convergence_measure_is_no_part_of_what_is_descended():
  # No number that the critic reports may move k's update: the loss is linear in k, by the fakes' error alone.
  losses = [apply(make(gamma=gamma, rate=0.5), 'critic_loss', k)[0] for gamma in (0.1, 3.0) for k in (0.0, 1.0)]
  np.testing.assert_allclose(np.diff(losses)[[0, 2]], [-ON_FAKE, -ON_FAKE], rtol=5e-6)
  assert losses[0] == losses[2]
