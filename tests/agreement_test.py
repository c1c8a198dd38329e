"""What processes of one run have in common, as far as it can be seen by one that is told of the others."""

import pytest

from wgan_jax import agreement, hosts
from wgan_jax.errors import UserError


@pytest.fixture
def first(monkeypatch):
  """first(config): the process that decides was started with this one."""
  return lambda config: monkeypatch.setattr(hosts, 'told', lambda decide: config)


def test_where_the_data_lie_each_host_may_say_and_how_lists_are_written_does_not_matter(first, monkeypatch):
  agreed = []
  monkeypatch.setattr(hosts, 'all_agree', lambda here: agreed.append(here) or here)
  first({'seed': 0, 'data.dir': '/a', 'sizes': [1, 2]})
  agreement.check_config({'seed': 0, 'data.dir': '/b', 'sizes': (1, 2)})
  assert agreed == [True]


@pytest.mark.parametrize('config, keys', [({'seed': 1, 'a': 0}, 'seed'), ({'seed': 0}, 'a'), ({'b': 0}, 'a, b, seed')])
def test_a_process_with_another_config_says_where_it_differs(first, config, keys):
  first({'seed': 0, 'a': 0})
  with pytest.raises(UserError, match=rf'have different configs \(here {keys}\): start all with the same flags'):
    agreement.check_config(config)


def test_a_process_that_agrees_with_the_first_hears_of_others(first, monkeypatch):
  first({'seed': 0})
  monkeypatch.setattr(hosts, 'all_agree', lambda here: False)
  with pytest.raises(UserError, match='others than the first have'):
    agreement.check_config({'seed': 0})


def test_a_folder_has_to_show_what_the_first_process_writes_in_it(tmp_path, monkeypatch):
  agreement.check_folder(tmp_path)
  monkeypatch.setattr(agreement, 'PATIENCE', 0)
  monkeypatch.setattr(hosts, 'told', lambda write: f'not {write()}')
  with pytest.raises(UserError, match=f'--workdir={tmp_path} is not one folder for all 1 processes'):
    agreement.check_folder(tmp_path)
