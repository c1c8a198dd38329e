"""EBGAN's energies, margin and pull-away term against NumPy's loops and PyTorch's gradients, with linear networks."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.games.ebgan import Ebgan, energy, pull_away
from wgan_jax.networks.autoencoder import Autoencoder, Reconstruction

KEY = jax.random.key(5)
RNG = np.random.default_rng(2)
REAL, Z = RNG.normal(size=(2, 6, 3)).astype(np.float32)
G, E, D = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=(2, 3))
G, E, D = (w.astype(np.float32) for w in (G, E, D))
PARAMS = {'generator': {'matrix': G}, 'critic': {'encoder': {'matrix': E}, 'decoder': {'matrix': D}}}


class Linear(nn.Module):
  """x [B, n] -> x @ matrix [B, m]."""

  shape: tuple[int, ...]

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return x @ self.param('matrix', nn.initializers.zeros, self.shape)


def make(prior=lambda keys: Z[: len(keys)], **fields):
  return Ebgan(generator=Linear((3, 3)), critic=Autoencoder(Linear((3, 2)), Linear((2, 3))), prior=prior, **fields)


def apply(game, loss, params=PARAMS):
  return game.apply({'params': params}, {'image': REAL}, method=loss, rngs={'params': KEY})


def energies(x):
  x = np.float64(x)
  return np.mean((x @ E @ D - x) ** 2, axis=1)


FAKE = np.float64(Z) @ G


def by_loop(codes):
  n, total = len(codes), 0.0
  for i in range(n):
    for j in range(n):
      if i != j:
        cosine = codes[i] @ codes[j] / np.linalg.norm(codes[i]) / np.linalg.norm(codes[j])
        total += cosine**2
  return total / (n * (n - 1))


def test_energy_is_the_mean_squared_error_of_all_numbers_of_an_image():
  seen, output = RNG.normal(size=(2, 3, 2, 2, 1))
  expected = [np.sum((a - b) ** 2) / 4 for a, b in zip(seen, output, strict=True)]
  np.testing.assert_allclose(energy(Reconstruction(jnp.float32(seen), jnp.float32(output), None)), expected, rtol=2e-6)


def test_the_critic_pays_for_real_energy_and_for_what_fakes_lack_to_the_margin():
  margin = float(np.median(energies(FAKE)))
  lacking = np.maximum(0.0, margin - energies(FAKE))
  assert 0 < np.count_nonzero(lacking) < 6
  loss, metrics = apply(make(margin=margin), 'critic_loss')
  np.testing.assert_allclose(loss, np.mean(energies(REAL)) + np.mean(lacking), rtol=5e-6)
  np.testing.assert_allclose(metrics['energy/real'], np.mean(energies(REAL)), rtol=5e-6)
  np.testing.assert_allclose(metrics['energy/fake'], np.mean(energies(FAKE)), rtol=5e-6)


def test_fakes_beyond_the_margin_teach_the_critic_nothing():
  def gradients(game):
    return jax.jit(jax.grad(lambda params: apply(game, 'critic_loss', params)[0]))(PARAMS)

  margin, other = float(energies(FAKE).min()) * 0.9, lambda keys: 3 * Z[: len(keys)]
  near, far = gradients(make(margin=margin)), gradients(make(other, margin=margin))
  jax.tree.map(np.testing.assert_array_equal, near, far)
  moved = gradients(make(margin=float(energies(FAKE).min()) * 1.1))
  assert np.abs(moved['critic']['encoder']['matrix'] - near['critic']['encoder']['matrix']).max() > 1e-3


def test_the_generator_pays_for_its_energy_and_the_likeness_of_its_codes():
  pull = by_loop(FAKE @ E)
  for weight in (0.0, 0.1, 2.0):
    loss, metrics = apply(make(pull_away=weight), 'generator_loss')
    np.testing.assert_allclose(metrics['pull_away'], pull, rtol=5e-6)
    np.testing.assert_allclose(loss, np.mean(energies(FAKE)) + weight * pull, rtol=5e-6)


def test_gradients_are_pytorchs():
  torch = pytest.importorskip('torch')
  g, e, d, real, z = (torch.tensor(np.float64(x), requires_grad=True) for x in (G, E, D, REAL, Z))
  margin, fake = float(np.median(energies(FAKE))), z @ g

  def energy_of(x):
    return ((x @ e @ d - x) ** 2).mean(1)

  cosines = torch.nn.functional.cosine_similarity((fake @ e)[:, None], (fake @ e)[None], dim=2)
  pull = (cosines**2)[~torch.eye(6, dtype=torch.bool)].mean()
  critic_loss = (energy_of(real) + torch.relu(margin - energy_of(fake.detach()))).mean()
  for loss, value in (('critic_loss', critic_loss), ('generator_loss', energy_of(fake).mean() + 0.5 * pull)):
    expected = torch.autograd.grad(value, [g, e, d], retain_graph=True, allow_unused=True)
    game = make(margin=margin, pull_away=0.5)
    found = jax.jit(jax.grad(lambda params, game=game, loss=loss: apply(game, loss, params)[0]))(PARAMS)
    found = [found['generator'], found['critic']['encoder'], found['critic']['decoder']]
    for tree, gradient in zip(found, expected, strict=True):
      gradient = np.zeros((3, 3)) if gradient is None else gradient.numpy()
      np.testing.assert_allclose(tree['matrix'], gradient, rtol=2e-5, atol=1e-5)


def test_pull_away_is_the_mean_over_ordered_pairs():
  codes = RNG.normal(size=(7, 4))
  np.testing.assert_allclose(pull_away(jnp.float32(codes)), by_loop(codes), rtol=5e-6)


@pytest.mark.parametrize(
  'codes, expected',
  [
    (np.eye(3), 0.0),
    (np.tile([1.0, 2.0, -1.0], (4, 1)), 1.0),
    ([[1.0, -2.0], [-1.0, 2.0]], 1.0),  # opposite: the cosine is squared, or samples would be paid to be opposite
    ([[1.0, 0.0], [1.0, 1.0]], 0.5),
  ],
)
def test_pull_away_of_orthogonal_equal_and_opposite_codes(codes, expected):
  np.testing.assert_allclose(pull_away(jnp.float32(codes)), expected, atol=1e-6)


def test_pull_away_knows_no_lengths():
  codes, lengths = RNG.normal(size=(5, 3)), np.array([[0.01], [0.3], [1.0], [7.0], [100.0]])
  np.testing.assert_allclose(pull_away(jnp.float32(lengths * codes)), by_loop(codes), rtol=1e-5)
