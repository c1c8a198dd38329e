import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from wgan_jax.penalties import gradient_norm, gradient_penalty, interpolate, no_penalty

KEY = jax.random.key(0)
RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(5, 3))
WEIGHTS = {'a': RNG.normal(size=(3, 6)), 'b': RNG.normal(size=6), 'c': RNG.normal(size=(6, 4)), 'd': RNG.normal(size=4)}


def mlp(xp, weights, x):
  return xp.tanh(xp.tanh(x @ weights['a'] + weights['b'].reshape(1, -1)) @ weights['c']) @ weights['d']


def single(tree):
  return jax.tree.map(lambda x: jnp.asarray(x, jnp.float32), tree)


def ours(weights, real, fake):
  return jnp.sum(gradient_penalty()(lambda x: mlp(jnp, weights, x), real, fake, KEY))


def difference(f, x, h):
  """The gradient of f: array -> float by central differences, in float64."""
  gradient = np.zeros_like(x)
  for i in np.ndindex(x.shape):
    step = np.zeros_like(x)
    step[i] = h
    gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
  return gradient


def linear(norm, shape):
  """A critic whose gradient has this norm everywhere."""
  w = jax.random.normal(jax.random.key(1), shape)
  w = norm * w / jnp.sqrt(jnp.sum(w**2))
  return lambda x: jnp.sum(x * w[None], axis=tuple(range(1, x.ndim)))


def test_value_and_weight_gradients_equal_finite_differences():
  # Real samples that are their own fakes leave only one line to interpolate on: themselves.
  def by_differences(weights):
    norms = [np.linalg.norm(difference(lambda x: mlp(np, weights, x[None])[0], x, 1e-5)) for x in POINTS]
    return 10 * np.sum((np.array(norms) - 1) ** 2)

  value, gradients = jax.value_and_grad(ours)(single(WEIGHTS), single(POINTS), single(POINTS))
  expected = {k: difference(lambda w, k=k: by_differences({**WEIGHTS, k: w}), WEIGHTS[k], 1e-4) for k in WEIGHTS}
  np.testing.assert_allclose(value, by_differences(WEIGHTS), rtol=1e-5)
  chex.assert_trees_all_close(gradients, single(expected), rtol=1e-4, atol=1e-4)


def test_value_and_weight_gradients_equal_pytorchs_double_backward():
  torch = pytest.importorskip('torch')
  real, fake = single(POINTS), single(RNG.normal(size=POINTS.shape))
  value, gradients = jax.value_and_grad(ours)(single(WEIGHTS), real, fake)

  weights = {k: torch.tensor(w, requires_grad=True) for k, w in WEIGHTS.items()}
  x = torch.tensor(np.asarray(interpolate(real, fake, KEY), np.float64), requires_grad=True)
  (gradient,) = torch.autograd.grad(mlp(torch, weights, x).sum(), x, create_graph=True)
  loss = 10 * ((gradient.norm(dim=1) - 1) ** 2).sum()
  loss.backward()
  np.testing.assert_allclose(value, loss.item(), rtol=1e-5)
  chex.assert_trees_all_close(
    gradients, {k: jnp.float32(w.grad.numpy()) for k, w in weights.items()}, rtol=1e-5, atol=1e-5
  )


@pytest.mark.parametrize('shape', [(2,), (4, 4, 3)])
@pytest.mark.parametrize(
  'norm, sided, expected', [(3.0, 'two', 40.0), (3.0, 'one', 40.0), (0.5, 'two', 2.5), (0.5, 'one', 0.0)]
)
def test_linear_critic_has_the_closed_form(shape, norm, sided, expected):
  real, fake = jax.random.normal(KEY, (2, 6, *shape))
  penalty = gradient_penalty(10.0, sided)(linear(norm, shape), real, fake, KEY)
  chex.assert_trees_all_close(penalty, jnp.full(6, expected), rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize('sided', ['one', 'two'])
def test_weight_and_target_are_as_said(sided):
  penalty = gradient_penalty(2.0, sided, target=0.0)(linear(3.0, (2,)), jnp.zeros((4, 2)), jnp.ones((4, 2)), KEY)
  chex.assert_trees_all_close(penalty, jnp.full(4, 18.0), rtol=1e-5)


def test_norm_runs_over_all_axes_but_the_first():
  x = jnp.asarray(RNG.normal(size=(3, 4, 4, 2)), jnp.float32)
  norms = gradient_norm(lambda x: 0.5 * jnp.sum(x**2, axis=(1, 2, 3)), x)
  chex.assert_trees_all_close(norms, jnp.linalg.norm(x.reshape(3, -1), axis=1), rtol=1e-5)


def test_gradient_is_finite_where_the_norm_is_zero():
  flat = jax.value_and_grad(lambda p: gradient_penalty(10.0)(lambda x: p * x[:, 0], *jnp.ones((2, 1, 2)), KEY)[0])
  value, gradient = flat(0.0)
  np.testing.assert_allclose(value, 10 * (1e-6 - 1) ** 2, rtol=1e-6)
  assert gradient == 0


def test_epsilon_stands_under_the_root():
  norm = gradient_norm(lambda x: 3 * x[:, 0], jnp.zeros((1, 2)), epsilon=16.0)
  chex.assert_trees_all_close(norm, jnp.array([5.0]))
  assert jax.grad(lambda p: gradient_norm(lambda x: p * x[:, 0], jnp.zeros((1, 2)))[0])(0.0) == 0  # by default, too


def test_alpha_is_one_uniform_number_per_sample():
  points = np.asarray(interpolate(jnp.ones((1000, 2, 2, 1)), jnp.zeros((1000, 2, 2, 1)), KEY)).reshape(1000, -1)
  np.testing.assert_array_equal(points, np.repeat(points[:, :1], 4, axis=1))
  assert stats.kstest(points[:, 0], 'uniform').pvalue > 0.01


def test_points_lie_between_partners():
  real, fake = jax.random.normal(KEY, (2, 50, 2))
  points = interpolate(real, fake, KEY)
  share = (points - fake) / (real - fake)
  chex.assert_trees_all_close(share[:, 0], share[:, 1], atol=1e-3)
  assert jnp.all((share >= -1e-3) & (share <= 1 + 1e-3))


def test_with_typed_keys_a_sample_depends_on_its_own_key_only():
  penalty, keys = gradient_penalty(), jax.random.split(KEY, 5)
  real, fake = single(POINTS), -single(POINTS)

  def critic(x):
    return mlp(jnp, single(WEIGHTS), x)

  alone = [penalty(critic, real[i : i + 1], fake[i : i + 1], keys[i : i + 1]) for i in range(5)]
  chex.assert_trees_all_close(penalty(critic, real, fake, keys), jnp.concatenate(alone), rtol=1e-5)


def test_one_key_of_either_style_draws_the_same():
  real, fake = single(POINTS), -single(POINTS)
  chex.assert_trees_all_equal(interpolate(real, fake, KEY), interpolate(real, fake, jax.random.PRNGKey(0)))


def test_what_cannot_be_is_an_error():
  with pytest.raises(ValueError, match=r"^sided must be 'one' or 'two', not 'both'$"):
    gradient_penalty(sided='both')
  with pytest.raises(AssertionError):
    gradient_penalty()(lambda x: x[:, :1], jnp.ones((4, 2)), jnp.ones((4, 2)), KEY)
  with pytest.raises(AssertionError):
    interpolate(jnp.ones((4, 2)), jnp.ones((1, 2)), KEY)


def test_no_penalty_is_zero_for_every_sample():
  chex.assert_trees_all_equal(no_penalty()(None, jnp.ones((4, 2)), None, KEY), jnp.zeros(4))
