import math

import pytest

from wgan_jax.sweep import runs, states


def test_a_run_is_read_whole(make_sweep, leave, evaluate):
  root, units = make_sweep([{'seed': 3}])
  scores = {0: {'sliced_w1': 0.5, 'critic/w1_exact': 1.0}, 200: {'sliced_w1': 0.1}, 300: {'sliced_w1': 0.2}}
  evaluate(leave(units[0], scores), 1.5)
  (run,) = runs.read(root, units, {})
  assert (run.state, run.seed, run.rounds, run.trouble) == ('done', 3, 300, [])
  assert run.final == {'sliced_w1': 0.2} and run.best('sliced_w1') == (200, 0.1)
  assert [*run.evaluated.values()] == [(1.5, 300)]
  assert run.seconds == 7.0
  assert run.rounds_per_second == 300 / 6.0


def test_higher_is_better_where_it_is(make_sweep, leave):
  root, units = make_sweep([{}])
  leave(units[0], {100: {'hq_share': 0.9, 'sliced_w1': 0.3}, 300: {'hq_share': 0.4, 'sliced_w1': 0.1}})
  (run,) = runs.read(root, units, {})
  assert run.rank == 'hq_share'
  assert run.best('hq_share') == (100, 0.9) and run.best('sliced_w1') == (300, 0.1)


def test_what_is_not_there_is_waiting_and_what_says_nothing_unknown(make_sweep, leave):
  root, units = make_sweep([{'seed': 0}, {'seed': 1}, {'seed': 2}])
  leave(units[1], {0: {'sliced_w1': 0.5}}, state='')
  torn = leave(units[2], {0: {'sliced_w1': 0.5}})
  (torn / 'status.json').write_text('{"state": "do')
  assert [run.state for run in runs.read(root, units, {})] == ['waiting', 'unknown', 'unknown']


def test_a_unit_that_failed_before_it_had_a_folder_of_its_own_is_no_waiting_one(make_sweep):
  root, units = make_sweep([{'seed': 0}])
  (root / '000').mkdir()
  (root / '000' / 'log').write_text('Traceback\nerror: data.name=nothing is not known\n')
  (run,) = runs.read(root, units, {})
  assert (run.state, run.message) == ('failed', 'data.name=nothing is not known')


def test_what_a_backend_knows_goes_before_what_a_run_last_said(make_sweep, leave):
  root, units = make_sweep([{'seed': 0}, {'seed': 1}, {'seed': 2}])
  for unit in units:
    leave(unit, {0: {'sliced_w1': 0.5}}, 'running')
  (root / '001' / 'log').write_text('round 7\nKilled\n')
  known = {1: states.of_unit(root, {}, {}, units[1]), 2: states.of_unit(root, {2: 'queued'}, {}, units[2])}
  there = runs.read(root, units, known)
  assert [run.state for run in there] == ['running', 'killed', 'queued']
  assert [run.message for run in there] == ['', 'Killed', '']


@pytest.mark.parametrize('file', ['config.json', 'run.json', 'scores.json'])
@pytest.mark.parametrize('content', [b'{"evaluations": [{"scores', b'\xff\xfe\x00', b'[1]', b'{"starts": [1]}'])
def test_a_torn_file_is_told_and_costs_nothing_else(make_sweep, leave, evaluate, file, content):
  root, units = make_sweep([{'seed': 0}])
  folder = leave(units[0], {300: {'sliced_w1': 0.2}})
  evaluate(folder, 1.5)
  (folder / file).write_bytes(content)
  (run,) = runs.read(root, units, {})
  assert len(run.trouble) == 1
  assert run.state == 'done' and run.final == {'sliced_w1': 0.2}


def test_a_last_line_cut_short_is_no_look(make_sweep, leave):
  root, units = make_sweep([{'seed': 0}])
  folder = leave(units[0], {0: {'sliced_w1': 0.5}, 300: {'sliced_w1': 0.25}})
  text = (folder / 'metrics.jsonl').read_text()
  (folder / 'metrics.jsonl').write_text(text[:-4])
  (run,) = runs.read(root, units, {})
  assert [look['step'] for look in run.looks] == [0] and not run.trouble


def test_scores_that_are_not_finite_are_kept_as_such_and_never_best(make_sweep, leave):
  root, units = make_sweep([{'seed': 0}])
  leave(units[0], {100: {'sliced_w1': 0.5}, 200: {'sliced_w1': -math.inf}, 300: {'sliced_w1': math.nan}})
  (run,) = runs.read(root, units, {})
  assert math.isnan(run.final['sliced_w1']) and run.looks[1]['sliced_w1'] == -math.inf
  assert run.best('sliced_w1') == (100, 0.5)


def test_the_pace_leaves_out_starts_that_were_killed(make_sweep, leave):
  root, units = make_sweep([{'seed': 0}])
  folder = leave(units[0], {300: {'sliced_w1': 0.5}})
  starts = (
    '{"from_step": 0, "seconds": {"rounds": 5.0}}, {"from_step": 100}, {"from_step": 200, "seconds": {"rounds": 3.0}}'
  )
  (folder / 'run.json').write_text(f'{{"starts": [{starts}]}}')
  (run,) = runs.read(root, units, {})
  assert run.rounds_per_second == (100 + 100) / 8.0


def test_the_main_score_is_one_that_all_have(make_sweep, leave):
  root, units = make_sweep([{'data.name': 'digits'}, {'data.name': '8gaussians'}, {}])
  leave(units[0], {300: {'sliced_w1': 0.5, 'critic/lipschitz': 1.0}})
  leave(units[1], {300: {'hq_share': 0.5, 'sliced_w1': 0.5}})
  there = runs.read(root, units, {})
  assert runs.main_score(there) == 'sliced_w1'
  assert runs.main_score(there[1:]) == 'hq_share' and runs.main_score(there[2:]) == ''
  assert runs.scores_of(there) == ['sliced_w1', 'hq_share']
