"""Slots on this machine, with stand-ins for runs."""

import fcntl
import functools
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests import processes
from wgan_jax import status
from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import QUEUED, RUNNING, journal, local, slots

wait_for = functools.partial(processes.until, seconds=30)


def when(condition, act):
  """Does it as soon as that is so, in a thread."""

  def wait():
    wait_for(condition)
    act()

  thread = threading.Thread(target=wait)
  thread.start()
  return thread


def states(sweep):
  return [status.read(folder).get('state') for folder in sweep.folders]


def test_each_starts_again_as_its_exit_status_asks(sweep):
  of = sweep('done', 'fail,done', 'die', 'sleep', 'own', parallel=3)
  again = of.folders[3]
  raiser = when((again / 'there').exists, lambda: _terminate(of, 3))
  of.jobs[3].arguments.append('--seconds=1')
  of.submit(retries=1)
  raiser.join()
  assert of.starts() == [
    ['start', 'end'],
    ['start'] * 2 + ['end'],
    ['start'] * 2,
    ['start'] * 2 + ['end'],
    ['start'] * 2,
  ]
  assert states(of) == ['done', 'done', 'failed', 'done', 'failed']
  said = status.read(of.folders[2])['message']
  assert said.startswith('SIGKILL') and said.endswith(': round 7 of 9')
  assert status.read(of.folders[4])['message'] == 'said by itself'
  assert 'error: it says why' in (of.folders[1] / 'log').read_text()


def _terminate(of, number):
  """A unit that somebody else preempts."""
  for process, numbers in journal.read(of.root).processes.items():
    if number in numbers:
      process.terminate()


def test_a_job_that_never_gets_on_is_left(sweep):
  of = sweep('stand')
  of.submit()
  assert of.starts() == [['start'] * slots.STANDSTILLS]
  told = status.read(of.folders[0])
  assert told['state'] == status.FAILED and 'without a round played' in told['message']


def test_what_failed_before_is_not_taken_for_why_it_failed_now(sweep):
  of = sweep('fail')
  of.folders[0].mkdir()
  status.write(of.folders[0], status.FAILED, step=3, message='of an earlier day')
  of.submit()
  told = status.read(of.folders[0])
  assert told['message'] == 'exit status 1: it says why' and told['step'] == 3


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
def test_a_signal_has_those_that_run_save_and_starts_no_others(sweep, number):
  of = sweep('sleep', 'sleep', 'done', parallel=2)
  of.jobs[1].arguments.append('--saves=0.5')  # while the other slot is free
  before = signal.getsignal(number)

  def ask():
    os.kill(os.getpid(), number)
    if number == signal.SIGTERM:  # as schedulers do, while the second unit saves
      time.sleep(0.2)
      os.kill(os.getpid(), number)

  there = when(lambda: all((f / 'there').exists() for f in of.folders[:2]), ask)
  of.submit()
  there.join()
  assert of.starts() == [['start'], ['start'], []]
  assert states(of) == [status.PREEMPTED, status.PREEMPTED, None]
  assert signal.getsignal(number) == before


@pytest.mark.parametrize('signals, grace', [(1, 0.3), (2, 60)])
def test_what_hears_no_signal_is_killed_after_a_while_or_a_second_signal(sweep, signals, grace):
  of = sweep('deaf', grace=grace)

  def interrupt():
    for _ in range(signals):
      os.kill(os.getpid(), signal.SIGINT)
      time.sleep(0.4)

  there = when((of.folders[0] / 'there').exists, interrupt)
  begun = time.monotonic()
  of.submit()
  there.join()
  assert time.monotonic() - begun < 20 and of.starts() == [['start']]


def test_a_sweep_that_is_killed_loses_nothing_and_runs_nothing_twice(sweep):
  of = sweep(*['sleep'] * 6, parallel=3)
  for job in of.jobs:
    job.arguments.append('--seconds=0.3')
  of.jobs[2].arguments[-1:] = ['--saves=1', '--seconds=30']  # in the middle of which the sweep is killed
  first = subprocess.Popen(of.elsewhere(), stderr=subprocess.DEVNULL)
  wait_for(lambda: all((of.folders[i] / 'there').exists() for i in (2, 3)) and states(of)[0] == status.DONE)
  first.kill()
  first.wait()
  of.jobs[2].arguments[-1] = '--seconds=0.3'
  left = [job for job, state in zip(of.jobs, states(of), strict=True) if state != status.DONE]
  assert of.jobs[2] in left and of.jobs[5] in left and of.jobs[0] not in left
  assert RUNNING not in of.backend.status(of.jobs).values()  # what is ending has to be submitted again
  of.backend.submit(left, 0, False)
  assert states(of) == [status.DONE] * 6
  assert [starts.count('end') for starts in of.starts()] == [1] * 6
  assert of.starts()[2] == ['start', 'start', 'end']  # asked to save by nobody but the system
  assert not list(of.root.rglob('clash'))


def test_what_a_killed_sweep_left_behind_and_hears_nothing_is_killed(sweep):
  of = sweep('deaf,done', grace=0.3)
  of.folders[0].mkdir()
  left = subprocess.Popen([sys.executable, of.launch, *of.jobs[0].arguments])
  wait_for((of.folders[0] / 'there').exists)
  journal.write(of.root, {left.pid: [0]}, [])
  said = json.loads((of.root / journal.FILE).read_text())
  (of.root / journal.FILE).write_text(json.dumps({**said, 'launcher': None}))
  of.submit()
  assert left.wait(30) == -signal.SIGKILL
  assert of.starts() == [['start', 'start', 'end']]


def test_a_folder_that_is_trained_in_is_waited_for(sweep):
  of = sweep('done', 'done')
  of.folders[0].mkdir()
  lock = os.open(of.folders[0] / '.lock', os.O_RDWR | os.O_CREAT)
  fcntl.flock(lock, fcntl.LOCK_EX)
  assert of.backend.status(of.jobs) == {0: RUNNING}
  free = when((of.folders[1] / 'status.json').exists, lambda: os.close(lock))
  of.submit()
  free.join()
  assert of.starts() == [['start', 'end']] * 2 and not list(of.root.rglob('clash'))


def test_cancelled_ones_end_and_the_others_go_on(sweep):
  of = sweep('sleep', 'sleep', 'done', 'done')
  of.jobs[0].arguments.append('--seconds=1.5')
  launcher = subprocess.Popen(of.elsewhere(), stderr=subprocess.DEVNULL)
  wait_for((of.folders[0] / 'there').exists)
  assert of.backend.status(of.jobs) == {0: RUNNING, 1: QUEUED, 2: QUEUED, 3: QUEUED}
  of.backend.cancel([of.jobs[0], of.jobs[2]])
  assert states(of)[0] == status.PREEMPTED
  wait_for((of.folders[1] / 'there').exists)
  of.backend.cancel([of.jobs[1]])
  assert launcher.wait(30) == 0
  assert of.starts() == [['start'], ['start'], [], ['start', 'end']]
  assert of.backend.status(of.jobs) == {}
  of.backend.submit([of.jobs[2]], 0, False)  # which is to want it again
  assert of.starts()[2] == ['start', 'end']


def test_buckets_are_refused():
  with pytest.raises(UserError, match='a folder of this machine'):
    local.Local('gs://bucket/sweep', local.options())


def test_a_dry_run_starts_nothing(sweep, capfd):
  of = sweep('done', 'done', parallel=2)
  of.backend.submit(of.jobs, 0, True)
  assert not any(map(pathlib.Path.exists, map(pathlib.Path, of.folders)))
  assert 'slot 1 of 2' in capfd.readouterr().err
