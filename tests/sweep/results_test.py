import pytest

from wgan_jax.errors import UserError
from wgan_jax.sweep import results


def test_no_sweep_is_one_line(tmp_path):
  with pytest.raises(UserError, match=r'no sweep in .* to report on'):
    results.write(tmp_path)


def test_the_mode_reports_on_sweeps_and_on_runs(make_sweep, leave, capsys):
  root, units = make_sweep([{'seed': 0}])
  folder = leave(units[0], {0: {'sliced_w1': 0.5}, 300: {'sliced_w1': 0.25}})
  assert results.report(None, str(root)) == 0
  assert (root / 'sweep.csv').read_text().startswith('unit,state,message,seed,rounds,final/sliced_w1,')
  told = capsys.readouterr().err
  assert f'{root / "sweep.html"}' in told and f'{root / "sweep.csv"}' in told
  with pytest.raises(UserError, match='no run in'):
    results.report(None, str(folder / 'samples'))
