import pathlib

import pytest

from wgan_jax import hosts, lock, status
from wgan_jax.errors import UserError
from wgan_jax.sweep import packs, together, units
from wgan_jax.sweep.expand import config_of, flags_of
from wgan_jax.sweep.units import Unit

TOY = 'experiments/toy_wgan_gp.py'


@pytest.fixture
def trained(monkeypatch):
  """[(seed, widths of the critic, folder), ...] of what is trained together, call by call, which is not done here."""
  calls = []

  def stand_in(configs, folders, claim):
    claim()
    of = zip(configs, folders, strict=True)
    calls.append([(config.seed, config.critic.width, folder.name) for config, folder in of])
    return 75

  monkeypatch.setattr(together, 'train_together', stand_in)
  monkeypatch.setattr(together.results, 'write', lambda root: None)
  return calls


def replicas(path, n, **shared):
  flags = [f'--config.{key}={value}' for key, value in shared.items()]
  config = config_of([f'--config={TOY}', f'--config.replicas={n}', *flags])
  return together.train_replicas(config, str(path), TOY, {'replicas': n, **shared})


def test_replicas_are_units_that_anybody_can_type(trained, tmp_path):
  assert replicas(tmp_path, 3, seed=7, **{'critic.width': 24}) == 75
  assert trained == [[(7, 24, '000'), (8, 24, '001'), (9, 24, '002')]]
  made, facts = units.frozen(tmp_path)
  assert made[2] == Unit(2, {'seed': 9}, [f'--config={TOY}', '--config.critic.width=24', '--config.seed=9'])
  assert config_of(made[2].arguments).replicas == 1
  assert (facts['sweep'], facts['experiment'], facts['shared']) == ('replicas', TOY, {'critic.width': 24})
  assert len(packs.groups(made, 9)) == 1


def test_what_is_refused_before_a_folder_is_claimed_leaves_none(tmp_path):
  with pytest.raises(UserError, match='a penalty goes with no batch normalisation'):
    replicas(tmp_path, 2, **{'critic.norm': 'batch', 'data.name': '8gaussians'})
  assert not (tmp_path / units.FILE).exists()


def test_of_what_never_started_others_take_the_place(trained, tmp_path):
  replicas(tmp_path, 2)
  replicas(tmp_path, 3)
  assert len(units.frozen(tmp_path)[0]) == 3
  (tmp_path / '001').mkdir()
  with pytest.raises(UserError, match='holds other runs than these 2'):
    replicas(tmp_path, 2)


def test_each_is_looked_at_with_keys_of_now(trained, tmp_path):
  def look(config, folder):
    looked.append((config.seed, config.evaluate.scores, folder))
    if config.seed == 1:
      raise UserError('it has no checkpoint')

  looked, shared = [], {'seed': 1, 'replicas': 2, 'evaluate.scores': 'w1'}
  config = config_of([f'--config={TOY}', *flags_of(shared)])
  with pytest.raises(UserError, match=r'^units 0: it has no checkpoint$'):
    together.look_at_replicas(look, config, str(tmp_path), TOY, shared)
  assert looked == [(1, 'w1', f'{tmp_path}/000'), (2, 'w1', f'{tmp_path}/001')]
  looked, shared['seed'] = [], 2
  config = config_of([f'--config={TOY}', *flags_of(shared)])
  assert together.look_at_replicas(look, config, str(tmp_path), TOY, shared) == 0


@pytest.mark.parametrize('made', [False, True])
def test_what_was_seen_goes_into_the_report_of_all_where_there_are_units(trained, tmp_path, monkeypatch, made):
  if made:
    replicas(tmp_path, 2)
  written = []
  monkeypatch.setattr(together.results, 'write', lambda root: written.append(root))
  config = config_of([f'--config={TOY}', '--config.replicas=2'])
  assert together.look_at_replicas(lambda *_: None, config, str(tmp_path), TOY, {'replicas': 2}) == 0
  assert written == [tmp_path] * made


def test_two_processes_do_not_train_the_same_replicas(trained, tmp_path):
  with lock.held(tmp_path, lock.SWEEP), pytest.raises(UserError, match='another process runs the sweep in'):
    replicas(tmp_path, 2)
  assert not trained and not (tmp_path / units.FILE).exists()


def test_replicas_have_a_default_folder_of_their_own():
  one, several = (config_of([f'--config={TOY}', f'--config.replicas={n}']) for n in (1, 2))
  assert together.default_folder(one, pathlib.Path('runs/toy')) == 'runs/toy'
  assert together.default_folder(several, pathlib.Path('runs/toy')) == 'runs/toy-replicas'


def test_the_same_command_goes_on_and_another_is_refused(trained, tmp_path):
  replicas(tmp_path, 2)
  written = (tmp_path / units.FILE).stat().st_mtime_ns
  for i in range(2):
    assert replicas(tmp_path, 2) == 75 and len(trained) == 2 + i  # also of one that is done, beside the other
    (tmp_path / f'00{i}').mkdir()
    status.write(tmp_path / f'00{i}', 'done')
  assert replicas(tmp_path, 2) == 0 and len(trained) == 3
  assert (tmp_path / units.FILE).stat().st_mtime_ns == written
  with pytest.raises(UserError, match=r'holds other runs than these 3: choose another --workdir='):
    replicas(tmp_path, 3)
  (tmp_path / 'config.json').write_text('{}')
  with pytest.raises(UserError, match='is the folder of a single run'):
    replicas(tmp_path, 2)


def test_some_units_of_a_sweep(trained, tmp_path):
  arguments = [f'--config.seed={i}' for i in range(4)]
  arguments[3] = '--config.critic.width=24'
  units.freeze(tmp_path, [Unit(i, {}, [f'--config={TOY}', own]) for i, own in enumerate(arguments)], {})
  assert together.train_units(str(tmp_path), '0,2') == 75
  assert trained == [[(0, 128, '000'), (2, 128, '002')]]
  with pytest.raises(UserError, match=r'differ in more than numbers, .*: train --together=1-2 and --together=3'):
    together.train_units(str(tmp_path), '1-3')
  with pytest.raises(UserError, match=r'--together=9: there is no unit 9'):
    together.train_units(str(tmp_path), '9')
  with pytest.raises(UserError, match='no sweep in'):
    together.train_units(str(tmp_path / 'other'), '0')


def test_several_processes_are_refused_before_anything_is_written(trained, tmp_path, monkeypatch):
  line = r'by one process, and here are 2: start one alone \(--num_processes=1\), or leave out --config.replicas='
  for process in range(2):
    monkeypatch.setattr(hosts, 'share', lambda process=process: (process, 2))
    with pytest.raises(UserError, match=line):
      replicas(tmp_path / 'w', 2)
    with pytest.raises(UserError, match=line):
      together.train_units(str(tmp_path / 'w'), '0')
  assert not trained and not (tmp_path / 'w').exists()
