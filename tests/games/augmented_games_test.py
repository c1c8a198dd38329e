"""Games whose critic looks through an augmentation: losses, energies and penalties all see what it sees."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.augmentations import Augmentation
from wgan_jax.divergences import KULLBACK_LEIBLER, f_gan
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.games.began import Began
from wgan_jax.games.cramer import Cramer
from wgan_jax.games.ebgan import Ebgan
from wgan_jax.games.feature_matching import FeatureMatching
from wgan_jax.games.mmd import Mmd
from wgan_jax.networks.augmented import Augmented
from wgan_jax.networks.autoencoder import Autoencoder
from wgan_jax.objectives import least_squares, minimax, wasserstein
from wgan_jax.penalties import no_penalty, r1

KEY = jax.random.key(16)
RNG = np.random.default_rng(11)
REAL, Z = RNG.normal(size=(2, 5, 2)).astype(np.float32)
X, FAKE = np.float64(REAL), np.float64(Z)
SLOPE = np.float32([1.5, -0.5])
SCALE = np.float32([2.0, 3.0])
MEMORY = {'strength': jnp.float32(0.5), 'updates': jnp.int32(3), 'sign': jnp.float32(0.25)}


def apply_augmentation(x, keys, strength):
  return x * SCALE[None] + strength


def seen(x):
  """What the critic sees of x, at strength 1/2."""
  return x * SCALE + 0.5


class Known(nn.Module):
  """Whatever `result` makes of x."""

  result: object

  def __call__(self, x, label=None, *, train):
    return self.result(x)


def make(kind, critic, adapt=lambda strength, updates, sign: strength, **fields):
  critic = Augmented(critic, Augmentation(apply_augmentation, adapt=adapt))
  return kind(generator=Known(lambda z: z), critic=critic, prior=lambda keys: Z[: len(keys)], **fields)


def apply(game, loss='critic_loss', image=REAL, **memory):
  variables = {'memory': {'critic': MEMORY, **memory}}
  return game.apply(variables, {'image': image}, method=loss, rngs={'params': KEY}, mutable=['memory'])


def reconstruct_half():
  return Autoencoder(Known(lambda x: x), Known(lambda code: code / 2))


def test_ebgans_energy_compares_with_the_augmented_input():
  energy = lambda x: np.mean((seen(x) / 2) ** 2, axis=1)
  (loss, metrics), _ = apply(make(Ebgan, reconstruct_half(), margin=4.0))
  np.testing.assert_allclose(loss, np.mean(energy(X) + np.maximum(4.0 - energy(FAKE), 0)), rtol=5e-6)
  np.testing.assert_allclose(metrics['energy/real'], np.mean(energy(X)), rtol=5e-6)
  (loss, _), moved = apply(make(Ebgan, reconstruct_half(), pull_away=0.0), 'generator_loss')
  np.testing.assert_allclose(loss, np.mean(energy(FAKE)), rtol=5e-6)
  assert moved['memory']['critic'] == MEMORY


def test_a_critic_that_copies_what_it_sees_has_no_energy():
  copy = Autoencoder(Known(lambda x: x), Known(lambda code: code))
  (_, metrics), _ = apply(make(Ebgan, copy))
  assert metrics['energy/real'] == metrics['energy/fake'] == 0


def test_ebgan_shows_images_as_they_are():
  shown, _ = apply(make(Ebgan, reconstruct_half()), 'shows')
  np.testing.assert_allclose(shown['reconstructions'], [X, X / 2], rtol=1e-6)


def test_begans_error_compares_with_the_augmented_input():
  (loss, _), _ = apply(make(Began, reconstruct_half()), k=jnp.float32(0.5))
  expected = np.mean(np.abs(seen(X) / 2)) - 0.5 * np.mean(np.abs(seen(FAKE) / 2))
  np.testing.assert_allclose(loss, expected, rtol=5e-6)


@pytest.mark.parametrize('kind', [Adversarial, FeatureMatching])
def test_the_adversarial_penalty_sees_the_augmentation(kind):
  judge = lambda x: x @ SLOPE if kind is Adversarial else (x @ SLOPE, x)
  (loss, metrics), _ = apply(make(kind, Known(judge), objective=wasserstein(), penalty=r1(4.0)))
  # The gradient of slope . (scale x + strength) is slope scale.
  penalty = 4 / 2 * np.sum(np.float64(SLOPE * SCALE) ** 2)
  np.testing.assert_allclose(metrics['penalty'], penalty, rtol=5e-6)
  np.testing.assert_allclose(loss, np.mean((seen(FAKE) - seen(X)) @ SLOPE) + penalty, rtol=5e-6)


def test_the_strength_moves_once_in_the_critics_turn_and_by_the_real_logits():
  adapt = lambda strength, updates, sign: strength + sign + updates
  game = make(Adversarial, Known(lambda x: x @ SLOPE), adapt, objective=minimax(), penalty=r1(4.0))
  after = apply(game)[1]['memory']['critic']
  assert after['updates'] == 4
  np.testing.assert_allclose(after['strength'], 0.5 + 0.25 + 4)
  np.testing.assert_allclose(after['sign'], np.mean(np.sign(seen(X) @ SLOPE)), rtol=1e-6)
  assert apply(game, 'generator_loss')[1]['memory']['critic'] == MEMORY


@pytest.mark.parametrize('objective', [wasserstein(), least_squares(-1.0, 2.0), f_gan(KULLBACK_LEIBLER)])
def test_an_undecided_critic_has_no_sign_whatever_its_scores_are_in_the_mean(objective):
  level = {'w1_estimate': 7.0, 'critic_value': 0.5, 'divergence_bound': 1.0}[objective.value]
  game = make(Adversarial, Known(lambda x: jnp.full(len(x), level)), objective=objective)
  assert apply(game)[1]['memory']['critic']['sign'] == 0


def scores_of(kind, x, fake):
  """What the critic that copies what it sees says of augmented samples, by the formulas of the papers."""
  length = lambda x: np.sqrt(np.sum(x**2, axis=1))
  of = {
    Cramer: lambda x: length(x - fake) - length(x),
    Mmd: lambda x: np.mean(x @ seen(X).T - x @ fake.T, axis=1),
    Ebgan: lambda x: -np.mean((x / 2) ** 2, axis=1),
    Began: lambda x: -np.mean(np.abs(x / 2), axis=1),
  }
  return of[kind](x)


@pytest.mark.parametrize('kind', [Cramer, Mmd, Ebgan, Began])
def test_scores_without_a_zero_are_taken_from_halfway_between_real_and_fake(kind):
  critic = reconstruct_half() if kind in (Ebgan, Began) else Known(lambda x: x)
  unpenalised = dict(penalty=no_penalty())
  fields = {Mmd: dict(kernel=lambda a, b: a @ b.T, **unpenalised), Cramer: unpenalised}.get(kind, {})
  memory = {'k': jnp.float32(0.0)} if kind is Began else {}
  after = apply(make(kind, critic, **fields), **memory)[1]['memory']['critic']
  real, fake = scores_of(kind, seen(X), seen(FAKE)), scores_of(kind, seen(FAKE), seen(FAKE))
  expected = np.mean(np.sign(real - (real.mean() + fake.mean()) / 2))
  np.testing.assert_allclose(after['sign'], expected, rtol=1e-6)
  assert kind in (Cramer, Mmd) or expected != np.mean(np.sign(real))


@pytest.mark.parametrize('kind', [Cramer, Mmd])
def test_functions_that_cramer_and_mmd_penalise_see_the_augmentation(kind):
  found = {}

  def penalty(f, real, fake, keys):
    found.update(at_real=f(real), at_fake=f(fake))
    return 0 * found['at_real']

  kernel = {'kernel': lambda a, b: a @ b.T} if kind is Mmd else {}
  apply(make(kind, Known(lambda x: x), penalty=penalty, **kernel))
  for at, x in (('at_real', X), ('at_fake', FAKE)):
    length = lambda x: np.sqrt(np.sum(x**2, axis=1))
    cramer = length(seen(x) - seen(FAKE)) - length(seen(x))
    mmd = np.mean(seen(x) @ seen(X).T - seen(x) @ seen(FAKE).T, axis=1)
    np.testing.assert_allclose(found[at], cramer if kind is Cramer else mmd, rtol=1e-5, atol=1e-5)
