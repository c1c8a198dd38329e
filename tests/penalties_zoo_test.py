import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from wgan_jax.penalties import (
  consistency,
  dragan,
  drift,
  interpolate,
  lipschitz_penalty,
  r1,
  r2,
  total,
  zero_centered,
)

KEY = jax.random.key(0)
RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(2, 5, 3)).astype(np.float32)
A = RNG.normal(size=(3, 3))
A, B = A + A.T, RNG.normal(size=3)
WEIGHTS = {'a': RNG.normal(size=(3, 6)), 'b': RNG.normal(size=6), 'c': RNG.normal(size=(6, 4)), 'd': RNG.normal(size=4)}


def noise(x, keys):
  return x + jax.vmap(lambda k: jax.random.normal(k, x.shape[1:]))(keys)


ZOO = {
  'lipschitz': lipschitz_penalty(),
  'dragan': dragan(),
  'r1': r1(),
  'r2': r2(),
  'zero_centered': zero_centered(),
  'consistency': consistency(augment=noise),
  'drift': drift(),
  'total': total(r1(), zero_centered()),
}
RANDOM = ['lipschitz', 'dragan', 'zero_centered', 'consistency', 'total']


@jax.jit
def quadratic(x):
  return jnp.sum((x @ jnp.float32(A)) * x, axis=1) / 2 + x @ jnp.float32(B)


def square_of_its_gradient(x):
  return np.sum((np.float64(x) @ A + B) ** 2, axis=1)


def mlp(xp, weights, x):
  return xp.tanh(xp.tanh(x @ weights['a'] + weights['b'].reshape(1, -1)) @ weights['c']) @ weights['d']


def linear(norm):
  return lambda x: x @ jnp.float32(norm * np.array([2.0, -1.0, 2.0]) / 3)


@pytest.mark.parametrize('norm, expected', [(3.0, 40.0), (0.5, 0.0)])
def test_lipschitz_is_the_square_of_the_hinge(norm, expected):
  chex.assert_trees_all_close(lipschitz_penalty()(linear(norm), REAL, FAKE, KEY), jnp.full(5, expected), rtol=1e-5)
  halved = lipschitz_penalty(2.0, target=norm / 2)(linear(norm), REAL, FAKE, KEY)
  chex.assert_trees_all_close(halved, jnp.full(5, 2 * (norm / 2) ** 2), rtol=1e-5)


@pytest.mark.parametrize('gamma', [10.0, 0.5])
def test_r1_and_r2_are_half_gamma_times_the_square_on_real_or_fake_alone(gamma):
  for penalty, real, fake, x in [(r1, REAL, None, REAL), (r2, None, FAKE, FAKE)]:
    value = (penalty() if gamma == 10 else penalty(gamma))(quadratic, real, fake, KEY)
    np.testing.assert_allclose(value, gamma / 2 * square_of_its_gradient(x), rtol=1e-5)


@pytest.mark.parametrize('weight', [10.0, 0.3])
def test_zero_centered_takes_the_square_between_real_and_fake(weight):
  between = np.asarray(interpolate(REAL, FAKE, KEY))
  expected = weight * square_of_its_gradient(between)
  np.testing.assert_allclose(zero_centered(weight)(quadratic, REAL, FAKE, KEY), expected, rtol=1e-5)
  np.testing.assert_allclose(zero_centered()(quadratic, REAL, FAKE, KEY), 10 / weight * expected, rtol=1e-5)


@pytest.mark.parametrize(
  'penalty, x, factor', [(r1(3.0), REAL, 1.5), (r2(3.0), FAKE, 1.5), (zero_centered(3.0), None, 3.0)]
)
def test_weight_gradients_equal_pytorchs_double_backward(penalty, x, factor):
  torch = pytest.importorskip('torch')
  own = jax.tree.map(jnp.float32, WEIGHTS)
  ours = lambda w: penalty(lambda x: mlp(jnp, w, x), REAL, FAKE, KEY).sum()
  value, gradients = jax.jit(jax.value_and_grad(ours))(own)

  weights = {k: torch.tensor(w, requires_grad=True) for k, w in WEIGHTS.items()}
  x = interpolate(REAL, FAKE, KEY) if x is None else x
  x = torch.tensor(np.asarray(x, np.float64), requires_grad=True)
  (gradient,) = torch.autograd.grad(mlp(torch, weights, x).sum(), x, create_graph=True)
  loss = factor * (gradient**2).sum()
  loss.backward()
  np.testing.assert_allclose(value, loss.item(), rtol=1e-5)
  theirs = {k: jnp.float32(w.grad.numpy()) for k, w in weights.items()}
  chex.assert_trees_all_close(gradients, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize('options, weight', [({}, 10.0), ({'weight': 0.5}, 0.5)])
def test_consistency_is_the_square_of_the_answers_difference_on_real_samples(options, weight):
  penalty = consistency(**options, augment=lambda x, keys: x * jnp.arange(1.0, 6.0)[:, None])  # by 1, 2, ...
  change = np.arange(5) * (np.float64(REAL) @ [2.0, -1.0, 2.0])  # of a critic of norm 3
  np.testing.assert_allclose(penalty(linear(3.0), REAL, None, KEY), weight * change**2, rtol=2e-5, atol=1e-6)


def test_consistency_costs_an_invariant_critic_nothing_and_gives_each_sample_a_key():
  penalty = consistency(augment=lambda x, keys: jnp.roll(x, 1, axis=1))
  chex.assert_trees_all_close(penalty(lambda x: (x**2).sum(axis=1), REAL, None, KEY), jnp.zeros(5), atol=1e-9)
  shift = np.sqrt(consistency(1.0, augment=noise)(lambda x: x[:, 0], np.zeros((2000, 1), np.float32), None, KEY))
  assert stats.kstest(shift, stats.halfnorm.cdf).pvalue > 0.01


@pytest.mark.parametrize('options, weight', [({}, 1e-3), ({'weight': 0.5}, 0.5)])
def test_drift_is_the_square_of_the_answer_on_real_samples(options, weight):
  answers = np.float64(REAL) @ [2.0, -1.0, 2.0]
  np.testing.assert_allclose(drift(**options)(linear(3.0), REAL, None, KEY), weight * answers**2, rtol=2e-5)


def test_total_is_the_sum_of_its_parts():
  penalty = total(r1(2.0), r2(4.0), lipschitz_penalty(7.0, target=0.0))
  expected = 1.0 * 9 + 2.0 * 9 + 7.0 * 9
  chex.assert_trees_all_close(penalty(linear(3.0), REAL, FAKE, KEY), jnp.full(5, expected), rtol=1e-5)


def test_parts_of_a_total_draw_independently():
  real, fake = jnp.ones((4000, 1)), jnp.zeros((4000, 1))  # |grad x^2 / 2|^2 at x_hat = alpha is alpha^2
  penalty = total(zero_centered(1.0), zero_centered(1.0))
  twice = np.asarray(penalty(lambda x: x[:, 0] ** 2 / 2, real, fake, KEY))
  np.testing.assert_allclose(twice.mean(), 2 / 3, atol=4 * np.sqrt(8 / 45 / 4000))
  np.testing.assert_allclose(twice.var(), 8 / 45, rtol=0.1)  # 16 / 45 for one alpha that is used twice


@pytest.mark.parametrize('name', RANDOM)
def test_with_typed_keys_a_sample_depends_on_its_own_key_only(name):
  own, others = jax.random.split(KEY, 5), jax.random.split(jax.random.key(1), 5)
  mixed = jnp.concatenate([others[:2], own[2:3], others[3:]])
  penalty = jax.jit(lambda keys: ZOO[name](lambda x: 3 * quadratic(x), REAL, FAKE, keys))
  first, second, both = (np.asarray(penalty(keys)) for keys in (own, others, mixed))
  np.testing.assert_allclose(both, [*second[:2], first[2], *second[3:]], rtol=1e-6)
  assert np.all(first != second)


@pytest.mark.parametrize('name', ZOO)
def test_value_and_gradient_are_finite_where_the_critic_is_flat(name):
  def loss(p):
    return ZOO[name](lambda x: p * x.sum(axis=1), REAL, FAKE, KEY).sum()

  value, gradient = jax.jit(jax.value_and_grad(loss))(0.0)
  np.testing.assert_allclose(value, 50 * (1e-6 - 1) ** 2 if name == 'dragan' else 0.0, rtol=1e-6)
  assert gradient == 0


@pytest.mark.parametrize('name', ZOO)
def test_a_critic_that_gives_no_vector_is_an_error(name):
  with pytest.raises(AssertionError):
    ZOO[name](lambda x: x[:, :1], REAL, FAKE, KEY)


def test_points_between_need_partners():
  with pytest.raises(AssertionError):
    zero_centered()(quadratic, REAL, FAKE[:1], KEY)
