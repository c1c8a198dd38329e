import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.axis import part_of
from wgan_jax.keys import per_sample, sample_keys

KEY = jax.random.key(3)


def data(keys):
  return np.asarray(jax.random.key_data(keys))


def test_every_sample_has_a_key_of_its_own():
  keys = data(sample_keys(KEY, 100))
  assert len(np.unique(keys, axis=0)) == 100


def test_first_keys_do_not_depend_on_how_many_there_are():
  chex.assert_trees_all_equal(data(sample_keys(KEY, 3)), data(sample_keys(KEY, 10))[:3])


def test_four_devices_of_two_samples_draw_what_one_of_eight_does():
  cut = jax.vmap(lambda _: sample_keys(KEY, 2, 'batch'), axis_name='batch')(jnp.arange(4))
  chex.assert_shape(cut, (4, 2))
  chex.assert_trees_all_equal(data(cut.reshape(8)), data(sample_keys(KEY, 8)))


def test_micro_batches_of_two_devices_draw_what_the_whole_does():
  def parts(_):
    def one(carry, part):
      with part_of(part, 3):
        return carry, sample_keys(KEY, 2, 'batch')

    return jax.lax.scan(one, None, jnp.arange(3))[1]

  cut = jax.vmap(parts, axis_name='batch')(jnp.arange(2))
  chex.assert_shape(cut, (2, 3, 2))
  chex.assert_trees_all_equal(data(cut.reshape(12)), data(sample_keys(KEY, 12)))


def test_a_scope_ends_with_its_block():
  with part_of(1, 2):
    inside = data(sample_keys(KEY, 4))
  chex.assert_trees_all_equal(inside, data(sample_keys(KEY, 8))[4:])
  chex.assert_trees_all_equal(data(sample_keys(KEY, 4)), data(sample_keys(KEY, 8))[:4])


@pytest.mark.parametrize('make', [jax.random.key, jax.random.PRNGKey])
def test_one_key_of_either_style_becomes_one_per_sample(make):
  keys = per_sample(make(3), 5)
  chex.assert_trees_all_equal(data(keys), data(sample_keys(KEY, 5)))


def test_typed_keys_per_sample_pass_as_they_are():
  keys = jax.random.split(KEY, 4)
  chex.assert_trees_all_equal(data(per_sample(keys, 4)), data(keys))


def test_an_old_key_is_one_key_even_for_two_samples():
  # Its shape [2] looks like two keys.
  chex.assert_trees_all_equal(data(per_sample(jax.random.PRNGKey(3), 2)), data(sample_keys(KEY, 2)))
