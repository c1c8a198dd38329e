import chex
import jax
import jax.numpy as jnp
import pytest

from wgan_jax.objectives import hinge, wasserstein

REAL, FAKE = jnp.array([3.0, 0.5, -2.0]), jnp.array([1.0, -0.25, -4.0])


def test_wasserstein_critic_minimises_fake_minus_real():
  chex.assert_trees_all_close(wasserstein().critic(REAL, FAKE), jnp.array([-2.0, -0.75, -2.0]))


def test_wasserstein_generator_raises_the_fake_logits():
  chex.assert_trees_all_close(wasserstein().generator(REAL, FAKE), jnp.array([-1.0, 0.25, 4.0]))


def test_wasserstein_calls_its_value_the_estimate_of_w1():
  assert wasserstein().value == 'w1_estimate'


def test_hinge_critic_cares_only_inside_the_margin():
  # 0 + 2, 0.5 + 0.75, 3 + 0
  chex.assert_trees_all_close(hinge().critic(REAL, FAKE), jnp.array([2.0, 1.25, 3.0]))


def test_hinge_critic_has_no_gradient_beyond_the_margin():
  gradients = jax.grad(lambda real, fake: hinge().critic(real, fake).sum(), (0, 1))(REAL, FAKE)
  chex.assert_trees_all_close(gradients, (jnp.array([0.0, -1.0, -1.0]), jnp.array([1.0, 1.0, 0.0])))


def test_hinge_generator_raises_the_fake_logits_without_a_margin():
  chex.assert_trees_all_close(hinge().generator(REAL, FAKE), jnp.array([-1.0, 0.25, 4.0]))


@pytest.mark.parametrize('objective', [wasserstein(), hinge()])
@pytest.mark.parametrize('real, fake', [((4, 1), (4, 1)), ((4,), (4, 1)), ((4,), (1,)), ((), ())])
def test_critic_takes_only_two_vectors_of_one_length(objective, real, fake):
  with pytest.raises(AssertionError):
    objective.critic(jnp.zeros(real), jnp.zeros(fake))


@pytest.mark.parametrize('objective', [wasserstein(), hinge()])
def test_generator_takes_only_a_vector_but_of_any_length(objective):
  chex.assert_shape(objective.generator(jnp.zeros(4), jnp.zeros(8)), (8,))
  with pytest.raises(AssertionError):
    objective.generator(jnp.zeros(4), jnp.zeros((4, 1)))
