import json

import pytest

from wgan_jax.errors import UserError


@pytest.mark.parametrize(
  'arguments, line',
  [
    (['--sweep=mian'], "mine.py has no sweep 'mian'; it has main, two, wrong"),
    (['--sweep=main', '--mode=evaluate'], '--sweep=main trains: leave out --mode=evaluate'),
    (['--units=0'], '--units is of a sweep: say which by --sweep=main, or leave it out'),
    (['--status'], '--status is of a sweep'),
    (['--sweep=main', '--units=4'], '--units=4: there is no unit 4; they go from 0 to 3'),
    (['--together=0-1', '--mode=evaluate'], 'units as their sweep has them: leave out --mode=evaluate'),
    (['--together=0-1', '--config.seed=5'], 'units as their sweep has them: leave out --config.seed'),
    (['--together=0-1', '--sweep=main'], 'units as their sweep has them: leave out --sweep=main'),
    (['--sweep=main', '--pack=0'], '--pack=0: 0 is not a positive integer'),
    (['--sweep=main', '--retries=-1'], '--retries=-1: -1 is not a non-negative integer'),
    (['--sweep=main', '--backend=moon'], '--backend=moon: value should be one of <local|slurm|tpu>'),
    (['--sweep=main', '--tpu.spto=a'], 'unknown key --tpu.spto; close to it: spot'),
    (['--sweep=main', '--slurm.partitoin=a'], 'unknown key --slurm.partitoin; close to it: partition'),
    (['--sweep=main', '--slurm.cpu=8'], 'unknown key --slurm.cpu; close to it: cpus_per_task'),
    (['--sweep=main', '--slurm.qqq=8'], 'unknown key --slurm.qqq; close to it: qos, '),
    (['--sweep=main', '--tpu.hosts=a'], '--tpu.hosts=a: '),
    (['--sweep=main', '--status', '--dry_run'], '--status and --dry_run are two different things'),
    (['--sweep=main', '--config.seed=5'], 'the sweep itself says what seed is: leave out --config.seed'),
  ],
)
def test_a_mistake_is_one_line_that_says_what_would_be_right(launch, place, tmp_path, arguments, line):
  with pytest.raises(UserError) as caught:
    launch(*arguments)
  assert line in f'{caught.value}' and '\n' not in f'{caught.value}'
  assert not place.asked and not (tmp_path / 'w').exists()


def test_a_single_run_is_no_sweep(launch, tmp_path):
  (tmp_path / 'w').mkdir()
  (tmp_path / 'w' / 'config.json').write_text(json.dumps({}))
  with pytest.raises(UserError, match='is the folder of a single run'):
    launch('--sweep=main')


def test_without_a_sweep_nothing_changes(launch, place):
  assert launch('--config.seed=3') is None
  assert not place.asked
