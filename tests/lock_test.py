import pathlib
import subprocess
import sys

import pytest
from etils import epath

from wgan_jax import lock
from wgan_jax.errors import UserError

HOLDER = """
import fcntl, os, sys, time
fcntl.flock(os.open(sys.argv[1], os.O_RDWR), fcntl.LOCK_EX)
print(flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize('file, words', [(lock.RUN, 'is training in'), (lock.SWEEP, 'runs the sweep in')])
def test_a_folder_is_held_by_one_at_a_time(tmp_path, file, words):
  with lock.held(tmp_path / 'w', file):
    assert lock.taken(tmp_path / 'w', file)
    refused = pytest.raises(UserError, match=f'another process {words} gs://b/w: ')
    with refused, lock.held(tmp_path / 'w', file, 'gs://b/w'):
      pass
  assert not lock.taken(tmp_path / 'w', file)
  with lock.held(tmp_path / 'w', file):
    pass


def test_a_run_and_a_sweep_do_not_keep_one_another_out(tmp_path):
  with lock.held(tmp_path, lock.SWEEP), lock.held(tmp_path, lock.RUN):
    assert lock.taken(tmp_path, lock.RUN)


def test_a_lock_ends_with_its_process_however_it_ends(tmp_path):
  file = tmp_path / lock.RUN
  file.touch()
  with subprocess.Popen([sys.executable, '-c', HOLDER, f'{file}'], stdout=subprocess.PIPE) as holder:
    try:
      holder.stdout.readline()
      assert lock.taken(tmp_path, lock.RUN)
    finally:
      holder.kill()
  assert not lock.taken(tmp_path, lock.RUN)


def test_nobody_holds_a_folder_that_is_not_there(tmp_path):
  assert not lock.taken(tmp_path / 'nowhere', lock.RUN)
  assert not (tmp_path / 'nowhere').exists()


def test_a_folder_that_cannot_be_made_is_told_by_the_name_that_people_know(tmp_path):
  (tmp_path / 'file').touch()
  refused = pytest.raises(UserError, match=r'cannot write in --workdir=gs://b/w: .*; choose another')
  with refused, lock.held(tmp_path / 'file' / 'w', lock.RUN, 'gs://b/w'):
    pass


def test_a_bucket_knows_no_locks():
  with lock.held(epath.Path('gs://nowhere/w'), lock.SWEEP) as nothing:
    assert nothing is None
  assert not pathlib.Path('gs:').exists()
