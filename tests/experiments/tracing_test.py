"""One round of the recipes with large networks, at their real sizes: traced, which tells all shapes, not computed."""

import importlib

import chex
import jax
import jax.numpy as jnp
import pytest

from wgan_jax import build, parallel
from wgan_jax.engine import initial_state, play_round

SHAPES = {'cifar10': (32, 32, 3), 'imagenet2012': (128, 128, 3)}
RECIPES = ['biggan_cifar', 'biggan_imagenet128', 'sagan_cifar', 'r3gan_cifar', 'resnet101_wgan']


@pytest.mark.parametrize('name', RECIPES)
def test_a_round_at_real_size_traces(name):
  config = importlib.import_module(f'experiments.{name}').get_config()
  shape, size = SHAPES[config.data.name], config.data.batch_size
  play = build.build_play(config, shape, classes=10)
  turns = play.game.turns
  # Updates of one turn are alike: a scan of one tells as much. Through 101 layers one turn takes half a minute already.
  turns = tuple(turn._replace(repeats=1) for turn in turns[: 1 if name == 'resnet101_wgan' else None])

  def round_of_one(key):
    batch = {'image': jnp.zeros((size, *shape)), 'label': jnp.zeros(size, int)}
    state = initial_state(play, batch, key)
    feed = jax.tree.map(lambda x: jnp.stack([x] * len(turns)), batch)
    return state, *play_round(play, state, feed, key, turns=turns)

  before, after, metrics = jax.eval_shape(jax.vmap(round_of_one, axis_name=parallel.AXIS), jax.random.key(0)[None])
  chex.assert_trees_all_equal_shapes_and_dtypes(before, after)
  assert {leaf.dtype for leaf in jax.tree.leaves(metrics)} == {jnp.dtype('float32')}
