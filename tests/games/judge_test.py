"""What games tell of their critics to those who watch them: scores of single samples, and what the critic pays."""

import importlib

import flax.linen as nn
import jax.numpy as jnp
import numpy as np
import pytest

from experiments import progressive_digits
from wgan_jax import build, objectives, priors
from wgan_jax.augmentations import instance_noise
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.games.alae import Alae
from wgan_jax.games.began import Began
from wgan_jax.games.ebgan import Ebgan
from wgan_jax.networks.augmented import Augmented
from wgan_jax.networks.autoencoder import Autoencoder

RNG = np.random.default_rng(4)
X = RNG.normal(size=(5, 3)).astype(np.float32)
E, D, W = (RNG.normal(size=shape).astype(np.float32) for shape in ((3, 2), (2, 3), (2,)))
PRIOR = priors.normal(2)


class Linear(nn.Module):
  """x [B, n] -> x @ matrix, with `features` beside it where asked for."""

  matrix: np.ndarray
  features: bool = False

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return (x @ self.matrix, x) if self.features else x @ self.matrix


def judged(game, x=X):
  return game.apply({}, x, method='judge', mutable=['memory'])[0]


ON_X = np.float64(X) @ E @ W
ERRORS = np.float64(X) @ E @ D - X
AUTOENCODER = Autoencoder(Linear(E), Linear(D))
GAMES = {
  'adversarial': (Adversarial(critic=Linear(E @ W), generator=Linear(D), prior=PRIOR, objective=None), ON_X),
  'features': (Adversarial(critic=Linear(E @ W, True), generator=Linear(D), prior=PRIOR, objective=None), ON_X),
  'alae': (Alae(mapping=None, generator=Linear(D), encoder=Linear(E), critic=Linear(W), prior=PRIOR), ON_X),
  'ebgan': (Ebgan(critic=AUTOENCODER, generator=Linear(D), prior=PRIOR), -np.mean(ERRORS**2, axis=1)),
  'began': (Began(critic=AUTOENCODER, generator=Linear(D), prior=PRIOR), -np.mean(np.abs(ERRORS), axis=1)),
}


@pytest.mark.parametrize('name', GAMES)
def test_scores_are_large_for_what_the_critic_takes_for_real(name):
  game, expected = GAMES[name]
  assert game.judges
  np.testing.assert_allclose(judged(game), expected, rtol=1e-4, atol=1e-5)
  np.testing.assert_allclose(judged(game, X[3:4]), expected[3:4], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
  'name, looks', [('adversarial', 'critic'), ('alae', 'encoder'), ('ebgan', 'critic'), ('began', 'critic')]
)
def test_samples_are_judged_as_they_are_not_as_they_are_augmented(name, looks):
  game, expected = GAMES[name]
  augmented = game.clone(**{looks: Augmented(getattr(game, looks), instance_noise(1.0, 10))})
  np.testing.assert_allclose(judged(augmented), expected, rtol=1e-4, atol=1e-5)


REAL, FAKE = np.array([0.5, -1.0, 2.0]), np.array([0.25, 1.5])


def softplus(x):
  return np.logaddexp(0, x)


@pytest.mark.parametrize(
  'objective, expected',
  [
    (objectives.wasserstein(), np.mean(FAKE) - REAL),
    (objectives.non_saturating(), softplus(-REAL) + np.mean(softplus(FAKE))),
    (objectives.relativistic(), np.mean(softplus(FAKE[None] - REAL[:, None]), axis=1)),
  ],
)
def test_a_real_sample_costs_what_it_does_against_all_fakes(objective, expected):
  for game in (GAMES['adversarial'][0].clone(objective=objective), GAMES['alae'][0].clone(objective=objective)):
    np.testing.assert_allclose(game.cost(jnp.float32(REAL), jnp.float32(FAKE)), expected, rtol=1e-5)
    assert game.estimates_w1 == (objective.value == 'w1_estimate')


@pytest.mark.parametrize('name', ['ebgan', 'began'])
def test_an_energy_costs_itself(name):
  game = GAMES[name][0]
  np.testing.assert_allclose(game.cost(jnp.float32(REAL), jnp.float32(FAKE)), -REAL)
  assert not game.estimates_w1


ELSEWHERE = {'unrolled': 'unrolled_toy'}  # games without a recipe for digits


def built(name):
  config = importlib.import_module(f'experiments.{ELSEWHERE.get(name, f"{name}_digits")}').get_config()
  sources = priors.empirical(np.zeros((2, 8, 8, 1), np.float32)) if name == 'cyclegan' else None
  return build.build_play(config, (8, 8, 1), 10, sources).game


@pytest.mark.parametrize('name', sorted(set(build.GAMES) - {'adversarial'}))
def test_games_say_whether_their_critic_makes_one_number_of_one_sample(name):
  game = built(name)
  assert game.judges == (name not in ('cramer', 'cyclegan', 'mmd', 'progressive', 'vae'))


def test_a_growing_critic_that_compares_no_samples_judges_them():
  config = progressive_digits.get_config()
  config.critic.minibatch_group = 0
  assert build.build_play(config, (8, 8, 1), 0).game.judges


@pytest.mark.parametrize('conditioning', ['none', 'projection'])
def test_a_critic_that_looks_at_labels_says_so(conditioning):
  config = importlib.import_module('experiments.cgan_digits').get_config()
  config.critic.conditioning = conditioning
  assert build.build_play(config, (8, 8, 1), 10).game.critic_conditional == (conditioning != 'none')
