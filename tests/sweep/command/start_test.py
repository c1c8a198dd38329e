import shlex

import pytest

from wgan_jax import status
from wgan_jax.errors import UserError
from wgan_jax.sweep import units


def test_all_units_run_each_by_its_own_command_line(launch, place, tmp_path, capsys):
  assert launch('--sweep=main', '--config.critic.width=16', '--retries=2') == 0
  shared = [f'--config={tmp_path / "mine.py"}', '--config.critic.width=16']
  wanted = [[*shared, f'--config.seed={i}', f'--workdir={tmp_path / "w" / f"00{i}"}'] for i in range(4)]
  assert place.asked == [('submit', wanted, 2)]
  made, facts = units.frozen(tmp_path / 'w')
  assert [unit.arguments for unit in made] == [arguments[:-1] for arguments in wanted]
  assert (facts['sweep'], facts['backend'], facts['shared']) == ('main', 'local', {'critic.width': 16})
  assert '4 done' in capsys.readouterr().err
  assert (tmp_path / 'w' / 'sweep.html').exists()


def test_a_bad_override_is_refused_before_the_first_unit_starts(launch, place, tmp_path):
  line = 'unit 1 of --sweep=wrong: unknown key --config.game.penalty.wieght; close to it: game.penalty.weight'
  with pytest.raises(UserError, match=line):
    launch('--sweep=wrong')
  assert not place.asked and not (tmp_path / 'w').exists()


def test_units_of_which_none_started_are_replaced_by_others(launch, place, tmp_path):
  place.fates = dict.fromkeys(range(4), place.never_starts)
  launch('--sweep=main')
  place.going = {3: 'queued'}
  with pytest.raises(UserError, match='has 4 units, not 2'):
    launch('--sweep=two')
  place.going = {}
  launch('--sweep=two')
  made, facts = units.frozen(tmp_path / 'w')
  assert len(made) == 2 and facts['sweep'] == 'two'
  (tmp_path / 'w' / '001').mkdir()
  with pytest.raises(UserError, match='has 2 units, not 4'):
    launch('--sweep=main')


def test_a_second_call_starts_what_is_neither_done_nor_going(launch, place, tmp_path, capsys):
  place.fates = {1: place.told(status.FAILED, message='not finite'), 2: place.told(status.PREEMPTED, step=3, steps=9)}
  assert launch('--sweep=main', '--units=0-2') == 75
  kept = (tmp_path / 'w' / 'units.json').read_text()
  place.fates, place.going = {2: place.never_starts}, {2: 'queued'}
  assert launch('--sweep=main') == 0
  assert place.submitted() == [[0, 1, 2], [1, 3]]
  assert '3 done, 1 queued' in capsys.readouterr().err
  place.going = {}
  assert launch('--sweep=main') == 75
  assert launch('--sweep=main', '--units=0-1') == 0
  assert place.submitted() == [[0, 1, 2], [1, 3], [2]]
  assert (tmp_path / 'w' / 'units.json').read_text() == kept


def test_what_failed_is_named_with_its_message_and_its_log(launch, place, tmp_path, capsys):
  place.fates = {
    0: place.told(status.FAILED, message='not finite in round 7'),
    1: place.says_nothing,
    3: place.told(status.RUNNING),
  }
  assert launch('--sweep=main') == 1
  said = capsys.readouterr().err.splitlines()
  folder = tmp_path / 'w'
  assert f'unit 000 failed: not finite in round 7; see {folder / "000" / "log"}' in said
  assert f'unit 001 failed: no such thing; see {folder / "001" / "log"}' in said
  assert f'unit 003 killed: it ended without a word; see {folder / "003" / "log"}' in said


def test_stopped_by_a_signal_it_asks_to_be_started_again(launch, place):
  place.fates = {1: place.told(status.PREEMPTED), 2: place.never_starts, 3: place.never_starts}
  assert launch('--sweep=main') == 75
  place.fates = {}
  assert launch('--sweep=main') == 0
  assert place.submitted() == [[0, 1, 2, 3], [1, 2, 3]]


@pytest.mark.parametrize(
  'arguments, line',
  [
    (['--sweep=two'], 'has 4 units, not 2: choose another --workdir='),
    (['--sweep=two', '--cancel'], 'has the sweep main, not two: choose another --workdir='),
    (
      ['--sweep=main', '--config.train.steps=7'],
      'unit 0 in .* has nothing of the kind, and now --config.train',
    ),
  ],
)
def test_other_units_are_refused(launch, place, arguments, line):
  launch('--sweep=main', '--units=0')
  with pytest.raises(UserError, match=line):
    launch(*arguments)
  assert place.submitted() == [[0]]


def test_a_dry_run_prints_commands_and_writes_nothing(launch, place, tmp_path, capsys):
  assert launch('--sweep=main', '--units=1,3', '--config.data.dir=my data', '--dry_run') == 0
  printed = capsys.readouterr().out.splitlines()
  assert [shlex.split(line)[:2] for line in printed] == [['python', 'launch.py']] * 2
  (asked,) = place.asked
  assert asked == ('dry_run', [shlex.split(line)[2:] for line in printed], 0)
  assert '--config.data.dir=my data' in asked[1][0]
  assert not (tmp_path / 'w').exists()
