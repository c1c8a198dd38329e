"""What is shown of a sweep."""

import io
import json

import rich.console

from wgan_jax import status
from wgan_jax.sweep.backends import gauge, live
from wgan_jax.sweep.units import Job, Unit


def jobs_of(overrides):
  units = [Unit(i, of, []) for i, of in enumerate(overrides)]
  return [Job((unit,), [f'--number={unit.number}']) for unit in units]


def shown(rows, most=100):
  console = rich.console.Console(file=io.StringIO(), width=120)
  console.print(live.table(rows, most))
  return console.file.getvalue()


def test_a_gauge_reads_the_last_row_and_the_pace(tmp_path, monkeypatch):
  now = iter([10.0, 12.0])
  monkeypatch.setattr(gauge.time, 'monotonic', lambda: next(now))
  status.write(tmp_path, status.RUNNING, step=100, steps=1000, scores={'sliced_w1': 0.25})
  of_run = gauge.Gauge(tmp_path)
  for step in (150, 250):
    with (tmp_path / 'metrics.jsonl').open('a') as rows:
      rows.write(json.dumps({'step': step, 'loss': 'x' * 20_000}) + '\n' + json.dumps({'step': step}) + '\n{"step": ')
    reading = of_run.read()
  assert reading == gauge.Reading(250, 1000, 50.0, {'sliced_w1': 0.25}, '')
  assert reading.seconds_left == 15.0


def test_a_run_without_files_is_at_its_beginning(tmp_path):
  assert gauge.Gauge(tmp_path).read() == gauge.Reading()


def test_a_row_says_where_a_unit_is(tmp_path):
  jobs = jobs_of([{'seed': 0, 'a.weight': 1.0, 'steps': 7}, {'seed': 1, 'a.weight': 1.0, 'steps': 7}])
  watch = live.Watch(tmp_path, jobs, None)
  folder = tmp_path / '001'
  folder.mkdir()
  watch.started(jobs[1], 'GPU 1')
  status.write(folder, status.DONE, step=1200, steps=1200, scores={'hq_share': 0.5})
  row = watch._rows[1]
  assert shown(watch._rows.values()).splitlines()[2].split()[:3] == ['001', 'seed=1', 'running']
  watch.ended(jobs[1], status.DONE)
  assert '1,200 of 1,200' in shown([row]) and 'hq_share 0.5' in shown([row])


def test_of_many_units_those_that_run_or_failed_are_shown_and_the_rest_counted(tmp_path):
  watch = live.Watch(tmp_path, jobs_of([{'seed': i} for i in range(64)]), None)
  rows = [*watch._rows.values()]
  rows[7].word, rows[40].word, rows[50].word = status.FAILED, live.RUNNING, status.DONE
  page = shown(rows, most=10)
  assert [line[:3] for line in page.splitlines()[1:3]] == ['007', '040']
  assert '61 waiting, 1 failed, 1 running, 1 done; 62 of them not shown' in page
  assert len(shown(rows).splitlines()) > 64


def test_lines_tell_what_happens_where_there_is_no_terminal(tmp_path, capfd):
  jobs = jobs_of([{'seed': 0}, {'seed': 1}])
  with live.watch(tmp_path, jobs) as watch:
    watch.started(jobs[0], '')
    watch.ended(jobs[0], status.FAILED, 'exit status 1')
    for _ in range(2):
      watch.held_up(jobs[1])
  said = capfd.readouterr().err.splitlines()
  assert said == [
    '000 seed=0: running',
    '000: failed: exit status 1',
    '001: another process trains there; waits for it',
  ]
