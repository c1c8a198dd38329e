"""The command and the local backend together: processes that are killed, and started again."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

from tests import processes
from wgan_jax import status

ROOT = pathlib.Path(__file__).parents[3]
UNITS, ROUNDS = 8, 10
# In place of launch.py for units: rounds, each written down once it is played; a round is lost with its process.
RUN = """import fcntl, json, os, pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[-1].partition('--workdir=')[2])
fcntl.flock(lock := os.open(folder / '.lock', os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX | fcntl.LOCK_NB)
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
def tell(state, step):
  told = {'state': state, 'step': step, 'steps': 10, 'date': '2026-01-01T00:00:00+00:00'}
  (folder / 'new').write_text(json.dumps(told))
  os.replace(folder / 'new', folder / 'status.json')
rounds = (folder / 'rounds').open('a+')
rounds.seek(0)
for step in range(len(rounds.readlines()), 10):
  tell('running', step)
  time.sleep(0.05)
  rounds.write(f'{step} {os.getpid()}\\n')
  rounds.flush()
  if asked:
    tell('preempted', step + 1)
    sys.exit(75)
tell('done', 10)
"""
SWEEP = """import functools, pathlib, sys
sys.path.insert(0, {root!r})
import launch
from wgan_jax.sweep import options
options.BACKENDS['local'] = functools.partial(options.BACKENDS['local'], launch=pathlib.Path({run!r}))
sys.exit(launch.main(sys.argv))
"""


@pytest.fixture
def start(tmp_path):
  """start(*arguments) -> a process that runs a sweep, two units at a time."""
  units = f'def sweep(add):\n  for seed in range({UNITS}): add(seed=seed)\n'
  get_config = 'from experiments.toy_wgan_gp import get_config\n'
  for name, text in {'run.py': RUN, 'mine.py': get_config + units}.items():
    (tmp_path / name).write_text(text)
  (tmp_path / 'sweep.py').write_text(SWEEP.format(root=f'{ROOT}', run=f'{tmp_path / "run.py"}'))
  started = []

  def start(*arguments):
    flags = [f'--config={tmp_path / "mine.py"}', f'--workdir={tmp_path / "w"}', '--sweep=main', '--parallel=2']
    command = [sys.executable, f'{tmp_path / "sweep.py"}', *flags, *arguments]
    environment = {**os.environ, 'PYTHONPATH': f'{ROOT}'}
    started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True))
    return started[-1]

  yield start
  for process in started:
    process.kill()
    process.communicate(timeout=30)


def rounds(root):
  """{number of a unit: [(round, process that played it), ...]}."""
  files = {int(file.parent.name): file for file in root.glob('*/rounds')}
  return {n: [tuple(map(int, line.split())) for line in file.read_text().splitlines()] for n, file in files.items()}


def finished(root):
  return {n: played for n, played in rounds(root).items() if len(played) == ROUNDS}


def send(number, process, root, before):
  """Sends a signal once three processes that are not of `before` have played rounds.

  But not when one is about to be done, of which nobody could say whether it was. Returns what was said, and all
  processes that played any.
  """

  def begun():
    assert process.poll() is None, process.communicate()[1]
    played = rounds(root).values()
    started.update({pid for of in played for _, pid in of})
    return len(started - before) > 2 and not any(ROUNDS // 2 < len(of) < ROUNDS for of in played)

  started = set()
  processes.until(begun, 90, pause=0.01)
  process.send_signal(number)
  return process.communicate(timeout=90)[1], started


def test_ended_in_the_middle_no_unit_runs_twice_and_none_is_lost(start, tmp_path):
  root = tmp_path / 'w'
  killed = start()
  _, of_killed = send(signal.SIGKILL, killed, root, set())
  first = finished(root)
  assert 0 < len(first) < UNITS

  asked = start()
  said, _ = send(signal.SIGTERM, asked, root, of_killed)
  assert asked.returncode == 75, said
  assert f'{len(first)} done' in said.splitlines()[0]
  second = finished(root)
  assert len(second) < UNITS

  last = start()
  said = last.communicate(timeout=120)[1]
  assert last.returncode == 0, said
  played = rounds(root)
  assert {n: [i for i, _ in of] for n, of in played.items()} == {n: [*range(ROUNDS)] for n in range(UNITS)}
  assert {n: played[n] for n in second} == second and first.items() <= second.items()
  assert all(status.read(root / f'{n:03d}')['state'] == status.DONE for n in range(UNITS))
