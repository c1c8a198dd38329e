import pytest

from wgan_jax import lock, remote, status
from wgan_jax.errors import UserError
from wgan_jax.sweep import options, states, units


def test_the_table_tells_units_apart_and_how_they_stand(launch, place, tmp_path, capsys):
  with pytest.raises(UserError, match=r'there is no sweep in .*: start it first'):
    launch('--sweep=main', '--status')
  place.fates = {2: place.told(status.FAILED, message='x'), 3: place.never_starts}
  launch('--sweep=main')
  mine = tmp_path / 'mine.py'
  mine.write_text(mine.read_text().replace('range(4)', 'range(9)'))  # what was started is shown all the same
  place.going = {3: 'queued'}
  capsys.readouterr()
  assert launch('--sweep=main', '--status') == 0
  shown = capsys.readouterr()
  head, *rows = [line.split() for line in shown.out.splitlines()]
  assert head[:3] == ['unit', 'seed', 'state']
  assert [row[:3] for row in rows] == [
    ['000', '0', 'done'],
    ['001', '1', 'done'],
    ['002', '2', 'failed'],
    ['003', '3', 'queued'],
  ]
  assert '2 done, 1 failed, 1 queued (local)' in shown.err
  assert len(place.asked) == 1


def test_what_is_going_is_cancelled(launch, place, capsys):
  launch('--sweep=main')
  place.going, place.asked[:] = {1: 'queued', 3: 'running'}, []
  assert launch('--sweep=main', '--cancel', '--units=2-3') == 0
  assert launch('--sweep=main', '--cancel') == 0
  assert place.asked == [('cancel', [3]), ('cancel', [1, 3])]
  assert 'local: cancelled 1,3; ' in capsys.readouterr().err
  place.going = {}
  launch('--sweep=main', '--cancel')
  assert 'nothing is queued or running' in capsys.readouterr().err


def test_units_go_elsewhere_only_when_none_is_going_where_they_were(launch, place, tmp_path):
  place.fates = dict.fromkeys(range(4), place.never_starts)
  launch('--sweep=main')
  place.going = {1: 'queued'}
  with pytest.raises(UserError, match=r'local has units 1: .*--backend=local --cancel ends them'):
    launch('--sweep=main', '--backend=tpu')
  assert len(place.submitted()) == 1
  place.going, place.fates = {}, {}
  assert launch('--sweep=main', '--backend=tpu', '--units=0') == 0
  assert units.frozen(tmp_path / 'w')[1]['backend'] == 'tpu'
  assert options.BACKENDS['tpu'].asked[-1][0] == 'submit'


def test_two_launchers_do_not_run_one_sweep(launch, place, tmp_path):
  with lock.held(tmp_path / 'w', lock.SWEEP), pytest.raises(UserError, match='another process runs the sweep in'):
    launch('--sweep=main')
  assert not place.asked
  assert launch('--sweep=main') == 0


def test_units_are_trained_together_where_that_is_asked_for(launch, place, tmp_path, capsys):
  assert launch('--sweep=main', '--units=0') == 0
  assert '--pack' not in capsys.readouterr().err
  place.fates = {1: place.says_nothing, 2: place.never_starts}
  assert launch('--sweep=main', '--pack=2') == 1
  mine = f'--config={tmp_path / "mine.py"}'
  together = [mine, f'--workdir={tmp_path / "w"}', '--together=1-2']
  alone = [mine, '--config.seed=3', f'--workdir={tmp_path / "w" / "003"}']
  assert place.asked[-1] == ('submit', [together, alone], 0)
  said = capsys.readouterr().err.splitlines()
  assert f'unit 002 failed: no such thing; see {tmp_path / "w" / "001" / "log"}' in said
  assert launch('--sweep=main', '--dry_run') == 0
  launch('--sweep=main')
  assert '2 of these differ in numbers alone' in capsys.readouterr().err


@pytest.mark.parametrize('more', [[], ['--dry_run']])
def test_units_are_not_trained_together_by_several_processes(launch, place, tmp_path, more):
  line = r'^--pack=2 needs jobs of one process, and these have 4: leave it out, or choose --tpu.type=\S+-8, a slice of'
  with pytest.raises(UserError, match=line):
    launch('--sweep=main', '--backend=tpu', '--pack=2', *more)
  assert not options.BACKENDS['tpu'].asked and not (tmp_path / 'w').exists()


def test_nobody_is_told_to_train_together_what_several_processes_train(launch, place, capsys):
  assert launch('--sweep=main', '--backend=tpu') == 0
  assert 'submit' in options.BACKENDS['tpu'].asked[0] and '--pack' not in capsys.readouterr().err


def test_a_dry_run_needs_no_bucket(launch, place, monkeypatch, capsys):
  def unreachable(path, *_):
    raise UserError(f'no answer from {path}')

  monkeypatch.setattr(remote, 'check', unreachable)
  for reads in ((units, 'frozen'), (states, 'read')):
    monkeypatch.setattr(*reads, lambda *_: pytest.fail('the bucket is read'))
  at = '--sweep=main', '--backend=tpu', '--workdir=gs://nowhere/w'
  assert launch(*at, '--dry_run') == 0
  said = capsys.readouterr()
  assert said.err.splitlines()[0] == 'no answer from gs://nowhere/w; it is taken for empty'
  assert [line.split()[-1] for line in said.out.splitlines()] == [f'--workdir=gs://nowhere/w/00{i}' for i in range(4)]
  assert options.BACKENDS['tpu'].asked[-1][0] == 'dry_run'
  for act in ([], ['--status'], ['--cancel']):
    with pytest.raises(UserError, match=r'^no answer from gs://nowhere/w$'):
      launch(*at, *act)
