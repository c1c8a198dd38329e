"""LeCam's anchors and regulariser by hand over several updates, with a linear critic of the Wasserstein game."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.games.lecam import LeCam
from wgan_jax.objectives import wasserstein

KEY = jax.random.key(15)
RNG = np.random.default_rng(10)
IMAGES, Z = RNG.normal(0.5, 1.0, (5, 6, 2)).astype(np.float32), RNG.normal(size=(6, 2)).astype(np.float32)
SLOPE = np.float32([1.3, -0.6])
PARAMS = {'generator': {'shift': jnp.float32(0.2)}, 'critic': {'slope': SLOPE}}
FAKE = np.float64(Z) + np.float32(0.2)


class Shift(nn.Module):
  @nn.compact
  def __call__(self, z, label=None, *, train):
    return z + self.param('shift', nn.initializers.zeros, ())


class Slope(nn.Module):
  @nn.compact
  def __call__(self, x, label=None, *, train):
    return x @ self.param('slope', nn.initializers.zeros, (2,))


def make(**fields):
  networks = dict(generator=Shift(), critic=Slope(), prior=lambda keys: Z[: len(keys)])
  return LeCam(**networks, objective=wasserstein(), **fields)


def memory(anchors=(0.0, 0.0), updates=0):
  return {'anchors': jnp.float32(anchors), 'updates': jnp.int32(updates)}


def apply(game, memory, image=IMAGES[0], loss='critic_loss', params=PARAMS):
  """(loss, metrics, memory afterwards)."""
  variables, options = {'params': params, 'memory': memory}, {'rngs': {'params': KEY}, 'mutable': ['memory']}
  told, moved = game.apply(variables, {'image': image}, method=loss, **options)
  return *told, moved['memory']


def away(real, fake, anchors):
  """Real logits against the anchor of fakes, and the other way round, as in the official code: one-sided."""
  total = 0.0
  for r, f in zip(real, fake, strict=True):
    total += max(r - anchors[1], 0.0) ** 2 + max(anchors[0] - f, 0.0) ** 2
  return total / len(real)


@pytest.mark.parametrize('anchors', [(0.5, -0.3), (-2.0, 2.0), (0.1, 0.7)])
def test_real_logits_are_tied_to_the_fake_anchor_and_fake_logits_to_the_real_one(anchors):
  real, fake = np.float64(IMAGES[0]) @ SLOPE, FAKE @ SLOPE
  loss, metrics, _ = apply(make(weight=0.7, start=3), memory(anchors, 3))
  expected = 0.7 * away(real, fake, anchors)
  np.testing.assert_allclose(metrics['lecam'], expected, rtol=5e-6)
  np.testing.assert_allclose(loss, np.mean(fake) - np.mean(real) + expected, rtol=5e-6)
  np.testing.assert_allclose(metrics['w1_estimate'], np.mean(real) - np.mean(fake), rtol=5e-6)
  assert abs(expected - 0.7 * away(real, fake, anchors[::-1])) > 0.05


def test_anchors_follow_the_mean_logits_and_the_regulariser_sets_in_after_start_updates():
  game, state, anchors = make(weight=0.5, decay=0.8, start=2), memory(), np.zeros(2)
  for update, image in enumerate(IMAGES):
    real, fake = np.float64(image) @ SLOPE, FAKE @ SLOPE
    _, metrics, state = apply(game, state, image)
    expected = 0.5 * away(real, fake, anchors) if update >= 2 else 0.0
    np.testing.assert_allclose(metrics['lecam'], expected, rtol=5e-6, atol=1e-7)
    anchors = 0.8 * anchors + 0.2 * np.array([real.mean(), fake.mean()])
    np.testing.assert_allclose(state['anchors'], anchors, rtol=5e-6, atol=1e-7)
    assert state['updates'] == update + 1


def test_the_papers_numbers_unless_said():
  game, anchors = make(), (0.4, -0.2)
  real, fake = np.float64(IMAGES[0]) @ SLOPE, FAKE @ SLOPE
  assert apply(game, memory(anchors, 999))[1]['lecam'] == 0
  _, metrics, after = apply(game, memory(anchors, 1000))
  np.testing.assert_allclose(metrics['lecam'], 0.3 * away(real, fake, anchors), rtol=5e-6)
  expected = 0.99 * np.array(anchors) + 0.01 * np.array([real.mean(), fake.mean()])
  np.testing.assert_allclose(after['anchors'], expected, rtol=5e-6)


def test_initialisation_moves_no_anchors():
  found = make(start=0).init(KEY, {'image': IMAGES[0]})['memory']
  assert not found['anchors'].any() and found['updates'] == 0


def test_the_generators_turn_neither_pays_nor_moves_anchors():
  before = memory((0.4, -0.2), 7)
  loss, metrics, after = apply(make(start=0), before, loss='generator_loss')
  np.testing.assert_allclose(loss, -np.mean(FAKE @ SLOPE), rtol=5e-6)
  assert metrics == {} and after['updates'] == 7
  np.testing.assert_array_equal(after['anchors'], before['anchors'])


@pytest.mark.parametrize('updates', [2, 3])
def test_gradients_are_pytorchs_of_constant_anchors_and_there_are_none_of_the_regulariser_before_start(updates):
  torch = pytest.importorskip('torch')
  slope = torch.tensor(np.float64(SLOPE), requires_grad=True)
  real, fake = torch.tensor(np.float64(IMAGES[0])) @ slope, torch.tensor(FAKE) @ slope
  regularizer = (torch.relu(real + 0.3) ** 2 + torch.relu(0.5 - fake) ** 2).mean()
  expected = torch.autograd.grad((fake - real).mean() + (0.7 * regularizer if updates == 3 else 0), slope)[0]
  game = make(weight=0.7, start=3, decay=0.1)
  found = jax.jit(jax.grad(lambda params: apply(game, memory((0.5, -0.3), updates), params=params)[0]))(PARAMS)
  np.testing.assert_allclose(found['critic']['slope'], expected, rtol=1e-5, atol=1e-6)
  assert found['generator']['shift'] == 0


def test_anchors_that_are_kept_have_no_gradient():
  def kept(params):
    return apply(make(start=0, decay=0.1), memory(), params=params)[2]['anchors'].sum()

  assert not jax.grad(kept)(PARAMS)['critic']['slope'].any()
