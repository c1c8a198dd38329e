import json
import os

import jax
import pytest

from experiments import toy_wgan_gp
from wgan_jax import workdir
from wgan_jax.config import flat
from wgan_jax.errors import UserError


@pytest.fixture
def config():
  return toy_wgan_gp.get_config()


def test_the_config_is_written_in_full(tmp_path, config):
  with workdir.claimed(str(tmp_path / 'new' / 'run'), flat(config)) as folder:
    assert workdir.read_config(folder)['game.penalty.weight'] == 0.1


def claim(path, config):
  with workdir.claimed(str(path), flat(config)) as folder:
    return folder


def test_another_config_is_refused_with_the_keys_that_differ(tmp_path, config):
  claim(tmp_path, config)
  config.data.name = 'swissroll'
  with pytest.raises(UserError) as caught:
    claim(tmp_path, config)
  assert f'{caught.value}' == (
    f"{tmp_path} was made by another config; these keys differ: data.name ('25gaussians' there, 'swissroll' here); "
    'choose another --workdir='
  )


@pytest.mark.parametrize('content', [None, '', '[1]', '{"seed"'])
def test_a_folder_that_does_not_tell_what_made_it_is_refused(tmp_path, config, content):
  (tmp_path / 'checkpoints').mkdir()
  if content is not None:
    (tmp_path / 'config.json').write_text(content)
  with pytest.raises(UserError, match=r'has no readable config.json'):
    claim(tmp_path, config)


def test_where_the_data_lie_may_change(tmp_path, config):
  claim(tmp_path, config)
  config.data.dir = 'elsewhere'
  assert claim(tmp_path, config) == tmp_path


def test_one_process_at_a_time(tmp_path, config):
  held = pytest.raises(UserError, match=f'another process is training in {tmp_path}')
  with workdir.claimed(str(tmp_path), flat(config)), held:
    claim(tmp_path, config)
  claim(tmp_path, config)


@pytest.mark.parametrize('content', ['{"starts"', '[]', '{}'])
def test_a_damaged_run_json_is_one_line(tmp_path, content):
  (tmp_path / 'run.json').write_text(content)
  with pytest.raises(UserError, match=r'run\.json is damaged: mend or remove it'):
    workdir.record_start(tmp_path, 0, jax.local_devices())


def test_a_place_that_cannot_be_written_is_one_line(tmp_path, config):
  (tmp_path / 'file').write_text('')
  with pytest.raises(UserError, match=r'cannot write in --workdir=.*file'):
    claim(tmp_path / 'file' / 'run', config)


def test_every_start_is_recorded_with_versions_and_device(tmp_path):
  workdir.record_start(tmp_path, 0, jax.local_devices()[:2])
  workdir.record_start(tmp_path, 500, jax.local_devices())
  workdir.record_times(tmp_path, {'rounds': 1.234})
  first, second = json.loads((tmp_path / 'run.json').read_text())['starts']
  assert (first['from_step'], first['n_devices'], second['from_step']) == (0, 2, 500)
  assert first['packages']['jax'] == jax.__version__
  assert second['seconds'] == {'rounds': 1.23}
  assert not [name for name in os.listdir(tmp_path) if 'partial' in name]


def test_how_it_is_sampled_may_change_and_need_not_be_there(tmp_path, config):
  old = {key: value for key, value in flat(config).items() if not key.startswith('sample.')}
  with workdir.claimed(str(tmp_path), old):
    pass
  claim(tmp_path, config)
  config.sample.n = 7
  claim(tmp_path, config)
  assert workdir.read_config(tmp_path)['sample.n'] == 7


def test_a_folder_may_be_read_while_another_process_trains_in_it(tmp_path, config):
  with workdir.claimed(str(tmp_path), flat(config)):
    before = (tmp_path / 'config.json').stat().st_mtime_ns
    config.sample.n, config.train.steps = 7, 1
    assert workdir.opened(str(tmp_path), flat(config), ('train.',)) == tmp_path
    assert (tmp_path / 'config.json').stat().st_mtime_ns == before
    with pytest.raises(UserError, match=r'was made by another config: add --config.train.steps=30000, or'):
      workdir.opened(str(tmp_path), flat(config), ())


def test_reading_makes_no_folder(tmp_path, config):
  with pytest.raises(UserError, match=r'has no readable config.json'):
    workdir.opened(str(tmp_path / 'none'), flat(config), ())
  assert not (tmp_path / 'none').exists()
