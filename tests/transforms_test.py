import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from wgan_jax.transforms import clip_weights

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
