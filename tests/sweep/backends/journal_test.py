"""What processes of one sweep know of one another."""

import json
import os
import subprocess
import sys

from wgan_jax.sweep.backends import journal, tether


def test_only_what_still_runs_is_known(tmp_path):
  process = subprocess.Popen([sys.executable, '-S', '-c', 'input()'], stdin=subprocess.PIPE)
  journal.write(tmp_path, {process.pid: [3, 4]}, [5])
  known = journal.read(tmp_path)
  assert known.launcher.pid == os.getpid() and known.queued == [5]
  assert {p.pid: numbers for p, numbers in known.processes.items()} == {process.pid: [3, 4]}
  process.communicate(timeout=30)
  assert not journal.read(tmp_path).processes


def test_another_process_of_the_same_number_is_not_taken_for_it(tmp_path):
  journal.write(tmp_path, {os.getpid(): [0]}, [1])
  said = json.loads((tmp_path / journal.FILE).read_text())
  said['launcher']['created'] -= 3600
  said['processes'][0]['created'] -= 3600
  (tmp_path / journal.FILE).write_text(json.dumps(said))
  assert journal.read(tmp_path) == journal.Known(None, {}, [])


def test_a_torn_file_says_nothing(tmp_path):
  (tmp_path / journal.FILE).write_text('{"launcher": ')
  assert journal.read(tmp_path) == journal.Known(None, {}, [])


def test_nothing_starts_for_a_process_that_is_gone(capfd):
  command = [sys.executable, '-I', '-S', tether.__file__, '1', sys.executable, '-S', '-c', 'print("started")']
  assert subprocess.run(command, timeout=30).returncode == 0
  assert 'started' not in capfd.readouterr().out
  command[4] = f'{os.getpid()}'
  assert subprocess.run(command, timeout=30).returncode == 0
  assert 'started' in capfd.readouterr().out
