import csv
import io
import math

from wgan_jax.sweep import csv_table, runs


def rows_of(root, units, score='sliced_w1'):
  return list(csv.DictReader(io.StringIO(csv_table.csv_of(runs.read(root, units, {}), score))))


def test_a_row_for_each_unit_with_numbers_in_full(make_sweep, leave):
  root, units = make_sweep([{'game.penalty.weight': 0.1 + 0.2, 'seed': 4}, {'game.n_critic': 5, 'seed': 5}])
  leave(units[0], {100: {'sliced_w1': 0.1}, 300: {'sliced_w1': 1 / 3}})
  first, second = rows_of(root, units)
  assert ','.join(first) == (
    'unit,state,message,game.penalty.weight,game.n_critic,seed,rounds,final/sliced_w1,best/sliced_w1,best/round,'
    'seconds,rounds_per_second,date,folder'
  )
  assert float(first['game.penalty.weight']) == 0.1 + 0.2 and first['game.n_critic'] == ''
  assert float(first['final/sliced_w1']) == 1 / 3
  assert (first['best/sliced_w1'], first['best/round'], first['rounds'], first['seed']) == ('0.1', '100', '300', '4')
  assert first['folder'] == f'{root}/000'
  assert (second['state'], second['final/sliced_w1'], second['game.n_critic'], second['seed']) == (
    'waiting',
    '',
    '5',
    '5',
  )


def test_a_failure_says_why_in_one_cell(make_sweep, leave):
  root, units = make_sweep([{'data.name': 'a,"b"\nc'}])
  leave(units[0], {0: {'sliced_w1': math.nan}}, 'failed', message='not finite, "so"\nin two lines')
  (row,) = rows_of(root, units)
  assert row['message'] == 'not finite, "so"\nin two lines' and row['data.name'] == 'a,"b"\nc'
  assert math.isnan(float(row['final/sliced_w1'])) and row['best/sliced_w1'] == ''


def test_evaluated_scores_are_told_apart_by_what_differs(make_sweep, leave, evaluate):
  root, units = make_sweep([{'seed': 0}, {'seed': 1}])
  folders = [leave(unit, {300: {'sliced_w1': 0.5}}) for unit in units]
  evaluate(folders[0], 9.0, step=200)
  evaluate(folders[0], 1.0)
  evaluate(folders[0], 2.0, split='train', n_fake=1797)
  evaluate(folders[0], 3.0, truncation={'kind': 'resample', 'threshold': 0.5})
  evaluate(folders[1], 4.0, name='w1', split='density', network='')
  first, second = rows_of(root, units)
  plain = 'evaluated/FCD-digits (test, digits)'
  truncated = 'evaluated/FCD-digits (test, digits, truncation {"kind": "resample", "threshold": 0.5})'
  assert [first[plain], first['evaluated/FCD-digits (train, digits)'], first[truncated]] == ['1.0', '2.0', '3.0']
  assert [second[plain], second['evaluated/w1 (density)']] == ['', '4.0']


def test_before_anything_has_started(make_sweep):
  rows = rows_of(*make_sweep([{'seed': 0}, {'seed': 1}]), score='')
  assert [row['state'] for row in rows] == ['waiting'] * 2
