import importlib

import jax
import pytest

from wgan_jax import build
from wgan_jax.dispatch import starting_state
from wgan_jax.summary import parameter_table


@pytest.mark.parametrize('name', ['mmd_digits', 'biggan_digits'])  # one of them looks over devices
def test_the_table_has_a_row_for_each_network_with_all_its_parameters(name):
  config = importlib.import_module(f'experiments.{name}').get_config()
  source = build.build_source(config)
  play = build.build_play(config, source.shape, source.classes)
  rows = parameter_table(play.game, source, 16, 1).splitlines()
  state = jax.eval_shape(starting_state(play, source, 0, 16))
  for network, params in state.params.items():
    (row,) = [row for row in rows if f' {network} ' in row]
    assert f'{sum(leaf.size for leaf in jax.tree.leaves(params)):,} (' in row
  assert any('float32[16,8,8,1]' in row for row in rows)
  deeper = parameter_table(play.game, source, 16, 2)
  assert 'critic/' in deeper and len(deeper.splitlines()) > len(rows)
