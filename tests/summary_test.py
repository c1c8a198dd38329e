"""Tables of parameters have a row for each network, and no others."""

import importlib

import jax
import pytest

from wgan_jax import build
from wgan_jax.dispatch import starting_state
from wgan_jax.summary import parameter_tables


@pytest.mark.parametrize('name', ['mmd_digits', 'biggan_digits', 'progressive_digits'])  # two look over devices
def test_each_network_has_a_table_of_its_parameters(name):
  config = importlib.import_module(f'experiments.{name}').get_config()
  source = build.build_source(config)
  play = build.build_play(config, source.shape, source.classes)
  source = play.game.curriculum(source)
  tables = parameter_tables(play.game, source, 16, 0, 100).rstrip().split('\n\n')
  state = jax.eval_shape(starting_state(play, source, 0, 16))
  assert {table.partition(':')[0] for table in tables} == set(state.params)
  for table in tables:
    params = state.params[table.partition(':')[0]]
    (row,) = [row for row in table.splitlines() if 'Total' in row]
    assert f'{sum(leaf.size for leaf in jax.tree.leaves(params)):,} (' in row
    assert max(map(len, table.splitlines())) <= 100
    assert 'Total Parameters' not in table  # which counts more than parameters
  deeper = parameter_tables(play.game, source, 16, 1, 180)
  # Blocks and layers, of what wrapped networks hold too, and nothing that a penalty calls.
  inner = [params.get('network', params) for params in state.params.values()]
  rows = [row.strip().partition(' ')[0].rpartition('/')[2] for row in deeper.splitlines()]
  assert {name for network in inner for name in network} <= set(rows)
