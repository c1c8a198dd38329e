"""ALAE's three losses by hand in NumPy: F, G and D are linear, E has one layer of tanh."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.augmentations import Augmentation
from wgan_jax.games.alae import Alae
from wgan_jax.networks.augmented import Augmented
from wgan_jax.objectives import non_saturating
from wgan_jax.penalties import no_penalty

KEY = jax.random.key(10)
RNG = np.random.default_rng(6)
REAL, Z = RNG.normal(size=(4, 3)).astype(np.float32), RNG.normal(size=(4, 2)).astype(np.float32)
SHAPES = {'mapping': (2, 2), 'generator': (2, 3), 'encoder': (3, 2), 'critic': (2,)}
W = {name: RNG.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}
PARAMS = {name: {'matrix': w} for name, w in W.items()}


class Linear(nn.Module):
  """x [B, n] -> activation(x @ matrix): [B, m], or [B] where the matrix is a vector."""

  shape: tuple[int, ...]
  activation: object = lambda x: x

  @nn.compact
  def __call__(self, x, label=None, *, train):
    return self.activation(x @ self.param('matrix', nn.initializers.zeros, self.shape))


def make(**fields):
  networks = {name: Linear(shape, jnp.tanh if name == 'encoder' else lambda x: x) for name, shape in SHAPES.items()}
  return Alae(**{**networks, 'prior': lambda keys: Z[: len(keys)], **fields})


def apply(game, loss, params=PARAMS, **options):
  return game.apply({'params': params}, {'image': REAL}, method=loss, rngs={'params': KEY}, **options)


def softplus(x):
  return np.logaddexp(0, x)


ENCODE = lambda x: np.tanh(np.float64(x) @ W['encoder'])
STYLE = np.float64(Z) @ W['mapping']
FAKE = STYLE @ W['generator']
ON_REAL, ON_FAKE = ENCODE(REAL) @ W['critic'], ENCODE(FAKE) @ W['critic']
# The gradient of D(E(x)) = d . tanh(x M) with respect to x is M (d (1 - tanh^2)).
R1 = np.mean(np.sum(((1 - ENCODE(REAL) ** 2) * W['critic'] @ W['encoder'].T) ** 2, axis=1))


def test_the_critic_and_the_encoder_tell_data_from_samples():
  loss, metrics = apply(make(penalty=no_penalty()), 'critic_loss')
  expected = np.mean(softplus(ON_FAKE) + softplus(-ON_REAL))
  np.testing.assert_allclose(loss, expected, rtol=5e-6)
  assert metrics['penalty'] == 0


def test_r1_is_the_gradient_of_critic_after_encoder_with_respect_to_data():
  loss, metrics = apply(make(), 'critic_loss')
  np.testing.assert_allclose(metrics['penalty'], 10 / 2 * R1, rtol=5e-6)
  np.testing.assert_allclose(loss, np.mean(softplus(ON_FAKE) + softplus(-ON_REAL)) + 5 * R1, rtol=5e-6)


def test_the_generator_and_the_mapping_raise_the_logits_of_samples():
  np.testing.assert_allclose(apply(make(), 'generator_loss')[0], np.mean(softplus(-ON_FAKE)), rtol=5e-6)


@pytest.mark.parametrize('weight', [1.0, 0.3])
def test_reciprocity_is_the_squared_distance_in_latent_space(weight):
  expected = weight * np.mean(np.sum((STYLE - ENCODE(FAKE)) ** 2, axis=1))
  np.testing.assert_allclose(apply(make(reciprocity=weight), 'reconstruction_loss')[0], expected, rtol=5e-6)


def test_each_turn_learns_what_algorithm_1_updates():
  learns = {turn.loss: set(turn.learns) for turn in make().turns}
  assert learns == {
    'critic_loss': {'encoder', 'critic'},
    'generator_loss': {'mapping', 'generator'},
    'reconstruction_loss': {'encoder', 'generator'},
  }
  assert [turn.loss for turn in make().turns] == list(learns)


def torch_losses(torch, w):
  real, z, softplus = (
    torch.tensor(REAL, dtype=torch.float64).requires_grad_(),
    torch.tensor(np.float64(Z)),
    torch.nn.Softplus(),
  )
  encode = lambda x: torch.tanh(x @ w['encoder'])
  style = z @ w['mapping']
  fake = style @ w['generator']
  on_real, on_fake = encode(real) @ w['critic'], encode(fake.detach()) @ w['critic']
  (slope,) = torch.autograd.grad(on_real.sum(), real, create_graph=True)
  still = style.detach()
  return {
    'critic_loss': (softplus(on_fake) + softplus(-on_real) + 5 * (slope**2).sum(1)).mean(),
    'generator_loss': softplus(-encode(fake) @ w['critic']).mean(),
    'reconstruction_loss': ((still - encode(still @ w['generator'])) ** 2).sum(1).mean(),
  }


def test_gradients_are_pytorchs_and_reciprocity_leaves_the_mapping_alone():
  torch = pytest.importorskip('torch')
  w = {name: torch.tensor(np.float64(x), requires_grad=True) for name, x in W.items()}
  for loss, value in torch_losses(torch, w).items():
    expected = torch.autograd.grad(value, list(w.values()), allow_unused=True, retain_graph=True)
    found = jax.jit(jax.grad(lambda params, loss=loss: apply(make(), loss, params)[0]))(PARAMS)
    for name, gradient in zip(w, expected, strict=True):
      gradient = np.zeros(SHAPES[name]) if gradient is None else gradient
      np.testing.assert_allclose(found[name]['matrix'], gradient, rtol=1e-5, atol=1e-6, err_msg=f'{loss} {name}')
    if loss == 'reconstruction_loss':
      assert not found['mapping']['matrix'].any() and not found['critic']['matrix'].any()


def test_behind_an_augmentation_only_what_is_judged_is_augmented():
  """x -> 2 x + strength before E, whose memory moves once in the critic's turn, by the logits of data."""
  look = Augmentation(lambda x, keys, p: 2 * x + p, adapt=lambda p, updates, sign: p + updates)
  encoder = Augmented(Linear(SHAPES['encoder'], jnp.tanh), look)
  game = make(encoder=encoder, objective=non_saturating()._replace(undecided=-9.0))
  memory = {'encoder': {'strength': jnp.float32(0.5), 'updates': jnp.int32(3), 'sign': jnp.float32(0.0)}}
  params = {**PARAMS, 'encoder': {'network': PARAMS['encoder']}}

  def play(loss):
    variables = {'params': params, 'memory': memory}
    return game.apply(variables, {'image': REAL}, method=loss, rngs={'params': KEY}, mutable=['memory'])

  judged = lambda x: ENCODE(2 * np.float64(x) + 0.5) @ W['critic']
  (loss, metrics), after = play('critic_loss')
  gradient = 2 * (1 - ENCODE(2 * np.float64(REAL) + 0.5) ** 2) * W['critic'] @ W['encoder'].T
  np.testing.assert_allclose(metrics['penalty'], 5 * np.mean(np.sum(gradient**2, axis=1)), rtol=5e-6)
  expected = np.mean(softplus(judged(FAKE)) + softplus(-judged(REAL)))
  np.testing.assert_allclose(loss - metrics['penalty'], expected, rtol=1e-5)
  np.testing.assert_allclose(after['memory']['encoder']['sign'], np.mean(np.sign(judged(REAL) + 9)), rtol=1e-6)
  assert after['memory']['encoder']['strength'] == 4.5
  (loss, _), after = play('generator_loss')
  np.testing.assert_allclose(loss, np.mean(softplus(-judged(FAKE))), rtol=5e-6)
  assert after['memory'] == memory
  plain = np.mean(np.sum((STYLE - ENCODE(FAKE)) ** 2, axis=1))
  np.testing.assert_allclose(play('reconstruction_loss')[0][0], plain, rtol=5e-6)
  shown = play('shows')[0]['reconstructions']
  np.testing.assert_allclose(shown[1], ENCODE(REAL) @ W['generator'], rtol=1e-5, atol=1e-6)


def test_samples_are_generated_after_the_mapping_and_reconstructions_after_the_encoder():
  np.testing.assert_allclose(apply(make(), lambda game, _: game.sample(4)), FAKE, rtol=1e-5, atol=1e-6)
  shown = apply(make(), 'shows')['reconstructions']
  np.testing.assert_allclose(shown, [REAL, ENCODE(REAL) @ W['generator']], rtol=1e-5, atol=1e-6)
