"""What a task of a Slurm job does, in this process; its command is a line of shell, Slurm's commands are stand-ins."""

import contextlib
import os
import signal

import pytest

submitit = pytest.importorskip('submitit', reason="without submitit: pip install -e '.[slurm]'")

from submitit.core import submission, utils  # noqa: E402

from wgan_jax.sweep.backends import slurm_worker  # noqa: E402

SQUEUE = '#!/bin/sh\necho "squeue $*" >> {0}/calls\ncat {0}/state || exit 1\n'
SCONTROL = """#!/bin/sh
[ "$1" = show ] && echo "ProctrackType           = proctrack/$(cat {0}/tracking)" && exit
echo "scontrol $*" >> {0}/calls
"""
SIGNALS = signal.SIGTERM, signal.SIGCONT, signal.SIGUSR2


@pytest.fixture
def slurm(tmp_path, monkeypatch):
  """Process 0 of task 3 of the array 18. `state` is what squeue says of it, `tracking` how Slurm tracks processes."""
  for name, script in {'squeue': SQUEUE, 'scontrol': SCONTROL}.items():
    (tmp_path / name).write_text(script.format(tmp_path))
    (tmp_path / name).chmod(0o755)
  (tmp_path / 'state').write_text('RUNNING\n')
  (tmp_path / 'tracking').write_text('linuxproc')
  (tmp_path / 'calls').touch()
  monkeypatch.setenv('PATH', f'{tmp_path}:{os.environ["PATH"]}')
  monkeypatch.setenv('SUBMITIT_EXECUTOR', 'slurm')
  monkeypatch.setenv('SUBMITIT_FOLDER', f'{tmp_path}')
  facts = {'JOB_ID': 99, 'ARRAY_JOB_ID': 18, 'ARRAY_TASK_ID': 3, 'PROCID': 0, 'LOCALID': 0, 'NTASKS': 2}
  for name, value in facts.items():
    monkeypatch.setenv(f'SLURM_{name}', f'{value}')
  before = {number: signal.getsignal(number) for number in SIGNALS}
  yield tmp_path
  for number, handler in before.items():
    signal.signal(number, handler)


def ended(slurm, shell, retries=0, gpus=0):
  """The exit status of a task, and the calls of Slurm that it made."""
  (slurm / 'calls').write_text('')
  code = 0
  try:
    slurm_worker.work(slurm_worker.Task(['sh', '-c', shell], f'{slurm}/003', retries, gpus))
  except SystemExit as error:
    code = error.code
  return code, (slurm / 'calls').read_text().splitlines()


ASKED = 'squeue --noheader --format=%T --jobs=18_3'
AGAIN = 'scontrol requeue 18_3'


def test_a_success_is_told_to_nobody(slurm):
  assert ended(slurm, 'exit 0', retries=2) == (0, [])


def test_a_job_that_was_preempted_asks_for_another_start(slurm):
  assert ended(slurm, 'exit 75') == (75, [ASKED, AGAIN])
  assert ended(slurm, 'exit 75') == (75, [ASKED, AGAIN])  # however often


@pytest.mark.parametrize('state', ['COMPLETING', 'PENDING', 'CANCELLED', ''])
def test_a_job_that_is_not_running_asks_for_nothing(slurm, state):
  (slurm / 'state').write_text(state)
  assert ended(slurm, 'exit 75') == (75, [ASKED])
  assert ended(slurm, 'exit 1', retries=1) == (1, [ASKED])


def test_where_slurm_does_not_tell_nothing_is_asked_for(slurm):
  (slurm / 'state').unlink()
  assert ended(slurm, 'exit 75') == (75, [ASKED])


def test_process_0_alone_asks(slurm, monkeypatch):
  monkeypatch.setenv('SLURM_PROCID', '1')
  assert ended(slurm, 'echo two; exit 75', retries=1) == (75, [])
  assert ended(slurm, 'echo too; exit 1', retries=1) == (1, [])
  assert (slurm / '003' / 'log.1').read_text() == 'two\ntoo\n'


def test_a_job_alone_is_not_an_array(slurm, monkeypatch):
  monkeypatch.delenv('SLURM_ARRAY_JOB_ID')
  assert ended(slurm, 'exit 75')[1][-1] == 'scontrol requeue 99'


def test_failures_are_started_again_so_many_times(slurm):
  assert ended(slurm, 'exit 3', retries=2) == (3, [ASKED, AGAIN])
  assert ended(slurm, 'exit 75', retries=2) == (75, [ASKED, AGAIN])  # which is none
  assert ended(slurm, 'kill -KILL $$', retries=2) == (137, [ASKED, AGAIN])
  assert ended(slurm, 'exit 3', retries=2) == (3, [])
  assert (slurm / '18_3_failures.txt').read_text() == 'exit status 3\nexit status 137\nexit status 3\n'


def test_outputs_are_kept_of_every_start(slurm):
  ended(slurm, 'echo out; echo err >&2; exit 75')
  ended(slurm, 'echo more')
  assert (slurm / '003' / 'log').read_text() == 'out\nerr\nmore\n'


LISTENS = 'trap "exit 75" TERM; kill -TERM $PPID; sleep 0.5 & wait; exit 5'


@pytest.mark.parametrize('tracking, code', [('cgroup', 75), ('linuxproc', 5)])
def test_a_signal_reaches_a_run_once(slurm, tracking, code):
  # Slurm itself signals all that a task has started, but where cgroups track it.
  (slurm / 'tracking').write_text(tracking)
  assert ended(slurm, LISTENS)[0] == code


def test_a_run_that_could_not_save_yet_was_preempted_too(slurm):
  assert ended(slurm, 'kill -TERM $PPID; sleep 0.2; kill -TERM $$') == (75, [ASKED, AGAIN])
  assert ended(slurm, 'kill -TERM $$') == (143, [])  # nobody asked for that


@pytest.mark.parametrize('gpus, local, ids', [(0, 0, '-'), (4, 0, '0,1,2,3'), (1, 3, '3'), (2, 1, '2,3')])
def test_each_process_sees_its_own_gpus(slurm, monkeypatch, gpus, local, ids):
  monkeypatch.setenv('SLURM_LOCALID', f'{local}')
  monkeypatch.delenv('JAX_LOCAL_DEVICE_IDS', raising=False)
  ended(slurm, 'echo ${JAX_LOCAL_DEVICE_IDS:--}', gpus=gpus)
  assert (slurm / '003' / 'log').read_text() == f'{ids}\n'


@pytest.mark.parametrize('tasks, told', [(2, 'node[1-2]'), (1, '-')])
def test_a_process_alone_looks_for_no_other(slurm, monkeypatch, tasks, told):
  monkeypatch.setenv('SLURM_NTASKS', f'{tasks}')
  monkeypatch.setenv('SLURM_STEP_NODELIST', 'node[1-2]')
  ended(slurm, 'echo ${SLURM_STEP_NODELIST:--}')
  assert (slurm / '003' / 'log').read_text() == f'{told}\n'


@pytest.mark.parametrize('code, written', [(0, True), (75, False), (1, False)])
def test_only_a_success_is_written_down_as_one(slurm, code, written):
  paths = utils.JobPaths(slurm, '18_3')
  task = slurm_worker.Task(['sh', '-c', f'exit {code}'], f'{slurm}/003', 0, 0)
  utils.DelayedSubmission(slurm_worker.work, task).dump(paths.submitted_pickle)
  with pytest.raises(SystemExit) if code else contextlib.nullcontext():
    submission.process_job(slurm)
  assert paths.result_pickle.exists() == written
