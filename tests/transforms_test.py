import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from experiments import base
from wgan_jax.build_optimizers import build_optimizer
from wgan_jax.transforms import clip_weights, orthogonal_regularization

LIMIT = np.float32(0.01)


def descend(tx, params, steps):
  state, rng = tx.init(params), np.random.default_rng(0)
  for _ in range(steps):
    gradients = jax.tree.map(lambda p: jnp.asarray(rng.normal(0.3, 1, p.shape), jnp.float32), params)
    updates, state = tx.update(gradients, state, params)
    params = optax.apply_updates(params, updates)
  return params


def test_after_adam_every_weight_stays_inside_to_one_rounding():
  params = {'kernel': jnp.linspace(-0.01, 0.01, 60).reshape(6, 10), 'bias': jnp.zeros(10)}
  end = descend(optax.chain(optax.adam(3e-3), clip_weights(0.01)), params, 30)
  largest = max(np.abs(x).max() for x in jax.tree.leaves(end))
  assert np.nextafter(LIMIT, np.float32(0)) <= largest <= np.nextafter(LIMIT, np.float32(1))


def test_weights_that_stay_inside_move_as_without_it():
  params = {'kernel': jnp.linspace(-0.5, 0.5, 12).reshape(3, 4)}
  clipped, free = (
    descend(tx, params, 5) for tx in (optax.chain(optax.adam(1e-3), clip_weights(1.0)), optax.adam(1e-3))
  )
  chex.assert_trees_all_close(clipped, free, rtol=1e-6)


def test_a_weight_goes_to_the_limit_and_no_further():
  params, updates = jnp.array([0.005, 0.005, -0.005, 0.03]), jnp.array([0.002, 0.1, -0.1, 0.0])
  updates, _ = clip_weights(0.01).update(updates, clip_weights(0.01).init(params), params)
  chex.assert_trees_all_close(params + updates, jnp.array([0.007, 0.01, -0.01, 0.01]), rtol=1e-6)


@pytest.mark.parametrize('limit', [0.0, -0.01, float('nan')])
def test_a_limit_that_is_not_positive_is_an_error_of_one_line(limit):
  with pytest.raises(ValueError, match=rf'^clip_weights needs a positive limit, not {limit}$'):
    clip_weights(limit)


def test_an_update_without_parameters_is_an_error_that_says_so():
  with pytest.raises(ValueError, match='needs the parameters'):
    clip_weights(0.01).update(jnp.zeros(3), optax.EmptyState())


RNG = np.random.default_rng(1)
REGULARISED = {
  'generator': {
    'Conv_0': {'kernel': RNG.normal(size=(2, 2, 3, 4)), 'bias': RNG.normal(size=4)},
    'Dense_0': {'kernel': RNG.normal(size=(3, 5))},
    'ConditionalBatchNorm_0': {'scale': RNG.normal(size=(10, 4)), 'bias': RNG.normal(size=(10, 4))},
    'shared': {'kernel': RNG.normal(size=(10, 4))},
  }
}
KERNELS = [('Conv_0', 'kernel'), ('Dense_0', 'kernel')]


def regulariser(kernel, beta):
  """beta |W^T W * (1 - I)|_F^2, in float64."""
  w = kernel.reshape(-1, kernel.shape[-1])
  return beta * np.sum((w.T @ w * (1 - np.eye(w.shape[1]))) ** 2)


def slope(f, x, h=1e-5):
  """The gradient of f: array -> float by central differences."""
  steps = h * np.eye(x.size).reshape(x.size, *x.shape)
  return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in steps]).reshape(x.shape)


def added(tx):
  """What a transform adds to gradients of one, by (module, parameter)."""
  ones = jax.tree.map(np.ones_like, REGULARISED)
  updates, _ = tx.update(ones, tx.init(REGULARISED), REGULARISED)
  modules = jax.tree.map(lambda x: np.asarray(x) - 1, updates)['generator'].items()
  return {(module, name): x for module, parameters in modules for name, x in parameters.items()}


def test_orthogonal_regularisation_adds_the_gradient_of_its_formula_to_kernels_alone():
  for (module, name), gradient in added(orthogonal_regularization(0.01)).items():
    kernel = REGULARISED['generator'][module][name]
    expected = slope(lambda w: regulariser(w, 0.01), kernel) if (module, name) in KERNELS else np.zeros_like(kernel)
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5, err_msg=f'{module} {name}')


def test_nothing_exempt_regularises_the_shared_embedding_too():
  assert np.abs(added(orthogonal_regularization(0.01, exempt=()))['shared', 'kernel']).max() > 0.1


@pytest.mark.parametrize('module, name', KERNELS)
def test_orthogonal_regularisation_is_what_pytorch_differentiates(module, name):
  torch = pytest.importorskip('torch')
  kernel = torch.tensor(REGULARISED['generator'][module][name], requires_grad=True)
  w = kernel.movedim(-1, 0).flatten(1)  # [out, in], as PyTorch has it
  (0.01 * (w @ w.T * (1 - torch.eye(len(w)))).square().sum()).backward()
  np.testing.assert_allclose(added(orthogonal_regularization(0.01))[module, name], kernel.grad, rtol=1e-4, atol=1e-5)


def test_the_regulariser_comes_before_the_step_and_clipping_after_it():
  config = base.get_config()
  config.optimizer.critic_loss.update(name='sgd', learning_rate=0.5, orthogonal=0.1, clip_weights=1.5)
  tx = build_optimizer('critic_loss', config, {'critic_loss': 1})
  kernel = np.random.default_rng(2).normal(size=(3, 3)).astype(np.float32)
  params, gradients = {'kernel': kernel}, {'kernel': np.ones_like(kernel)}
  updates, _ = tx.update(gradients, tx.init(params), params)
  end = kernel - 0.5 * (1 + slope(lambda w: regulariser(w, 0.1), np.float64(kernel)))
  assert np.abs(end).max() > 1.5
  np.testing.assert_allclose(kernel + updates['kernel'], np.clip(end, -1.5, 1.5), rtol=1e-4, atol=1e-5)


def test_a_beta_that_is_not_positive_and_missing_parameters_are_errors_of_one_line():
  with pytest.raises(ValueError, match=r'^orthogonal_regularization needs a positive beta, not -1.0$'):
    orthogonal_regularization(-1.0)
  with pytest.raises(ValueError, match=r'needs the parameters'):
    orthogonal_regularization(0.1).update({'kernel': jnp.zeros((2, 2))}, optax.EmptyState())
