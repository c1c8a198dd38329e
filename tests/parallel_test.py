import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.engine import play_rounds
from wgan_jax.networks import layers
from wgan_jax.networks.dcgan import DcganCritic, DcganGenerator
from wgan_jax.networks.norms import BatchNorm
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.parallel import AXIS, cut, everywhere, over_devices, over_rows

KEY, ROUNDS, BATCH = jax.random.key(3), 4, 16
DEVICES = jax.devices()[:8]


def draw(resident, minibatch, keys):
  """Images out of the resident set, with noise of their own: a device has to draw for its part of the batch."""
  noise = jax.vmap(lambda key: jax.random.normal(key, (8, 8, 1)))(keys)
  return {'image': resident[minibatch] + 0.1 * noise}


@pytest.fixture(scope='module')
def play_on(make_play):
  """play_on(axis_name) -> a small WGAN-GP on images with batch statistics and spectral vectors."""

  def play_on(axis_name):
    norm = functools.partial(BatchNorm, axis_name)
    dense, conv = (functools.partial(layer, reparameterize=spectral_norm) for layer in (layers.Dense, layers.Conv))
    generator = DcganGenerator((8, 8, 1), 2, (3, 3), norm=norm)
    critic = DcganCritic(2, (3, 3), dense=dense, conv=conv, norm=norm)
    return make_play(generator=generator, critic=critic, n_critic=2, axis_name=axis_name)._replace(draw=draw)

  return play_on


@pytest.fixture(scope='module')
def ends(play_on, begin):
  """{devices: (state, metrics, played)} of the same four rounds, from the same state, of the same global batch."""
  rng = np.random.default_rng(0)
  resident = rng.uniform(-1, 1, (40, 8, 8, 1)).astype(np.float32)
  feed = rng.integers(0, 40, (ROUNDS, 3, BATCH)).astype(np.int32)
  state = begin(play_on(None), {'image': resident[:2]})

  def program(axis_name):
    return functools.partial(play_rounds, play_on(axis_name))

  one = jax.jit(program(None))(state, feed, KEY, ROUNDS, resident)
  many = over_devices(lambda state, feed, key, n, resident: program(AXIS)(state, feed, key, n, resident), DEVICES)
  feed, resident = cut(feed, DEVICES), everywhere(resident, DEVICES)
  return {1: one, 8: jax.block_until_ready(many(everywhere(state, DEVICES), feed, KEY, ROUNDS, resident))}


def test_there_are_eight_devices():
  assert len(DEVICES) == 8


def test_eight_devices_end_where_one_does(ends):
  chex.assert_trees_all_close(ends[8], ends[1], rtol=1e-5, atol=1e-5)
  assert ends[8][2] == ROUNDS


def test_the_state_that_comes_back_is_one_copy(ends):
  chex.assert_trees_all_equal_shapes_and_dtypes(ends[8], ends[1])


def test_every_device_holds_the_same_bits(ends):
  for leaf in jax.tree.leaves(ends[8][0]):
    shards = [np.asarray(shard.data).tobytes() for shard in leaf.addressable_shards]
    assert len(shards) == 8 and len(set(shards)) == 1


def test_a_feed_is_cut_along_its_batch_axis_in_order():
  feed = {'image': np.arange(2 * 3 * 16 * 5).reshape(2, 3, 16, 5), 'index': np.arange(2 * 3 * 16).reshape(2, 3, 16)}
  parts = cut(feed, DEVICES)
  chex.assert_shape([parts['image'], parts['index']], [(2, 3, 8, 2, 5), (2, 3, 8, 2)])
  np.testing.assert_array_equal(parts['index'][1, 2, 3], feed['index'][1, 2, 6:8])


def test_everywhere_puts_the_whole_on_each_device():
  x = everywhere({'a': jnp.arange(3.0)}, DEVICES)['a']
  assert [shard.device for shard in x.addressable_shards] == DEVICES
  for shard in x.addressable_shards:
    chex.assert_trees_all_equal(np.asarray(shard.data), np.arange(3, dtype=np.float32))


@pytest.mark.parametrize('n', [1, 8])
def test_rows_through_transposed_convolutions_are_what_one_program_makes_of_them(n):
  generator, z = DcganGenerator((8, 8, 1), 4, norm=BatchNorm), jax.random.normal(KEY, (BATCH, 3))
  variables = generator.init(KEY, z, train=False)

  def generate(variables, z):
    return generator.apply(variables, z, train=False)

  images = over_rows(generate, DEVICES[:n])(variables, z)
  chex.assert_trees_all_close(np.asarray(images), np.asarray(generate(variables, z)), rtol=1e-5, atol=1e-6)
