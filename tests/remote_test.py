"""Runs in a bucket, here one in memory: what is fetched, what is pushed, and when."""

import logging
import threading

import fsspec
import pytest
from etils import epath

from wgan_jax import remote
from wgan_jax.errors import UserError
from wgan_jax.lecture.command import lecture

RUN = 'memory://bucket/runs/a'


@pytest.fixture
def bucket(tmp_path, monkeypatch):
  """{name: content} of the run in the bucket; a cache of its own."""
  monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
  files = fsspec.filesystem('memory')
  files.store.clear()

  def put(**contents):
    for name, content in contents.items():
      files.pipe(f'/bucket/runs/a/{name.replace("__", "/")}', content.encode())

  def there():
    return {name.removeprefix('/bucket/runs/a/'): files.cat(name).decode() for name in files.find('/bucket')}

  put.there = there
  yield put
  files.store.clear()


def started():
  folder = remote.stage(RUN)
  folder.mkdir(parents=True, exist_ok=True)
  remote.fetch(folder)
  return folder


def test_a_folder_of_this_machine_is_itself_and_nothing_happens_to_it(tmp_path):
  (tmp_path / 'config.json').write_text('{}')
  assert remote.stage(str(tmp_path)) == remote.copy(str(tmp_path)) == remote.origin(tmp_path) == tmp_path
  remote.fetch(tmp_path)
  remote.push(tmp_path)
  assert [file.name for file in tmp_path.iterdir()] == ['config.json']


def test_what_is_there_is_fetched_but_for_what_is_large_or_only_written(bucket):
  bucket(config='1', samples__1='2', checkpoints__5__a='3', tensorboard__events='4', sampled_0__sample='5')
  fsspec.filesystem('memory').pipe('/bucket/runs/a/sampled_0/samples.npz', b'6')
  folder = started()
  found = {file.relative_to(folder).as_posix() for file in folder.rglob('[!.]*') if file.is_file()}
  assert found == {'config', 'samples/1', 'sampled_0/sample'}
  assert (folder / 'samples' / '1').read_text() == '2'


def test_what_is_left_of_another_time_is_not_taken_for_what_is_there(bucket):
  folder = started()
  (folder / 'old').write_text('of a run that was removed from the bucket')
  (folder / '.lock').touch()
  bucket(new='1')
  remote.fetch(folder)
  assert {file.name for file in folder.iterdir()} == {'new', '.lock', '.pushed.json'}


def test_what_changed_is_pushed_and_what_went_goes_and_what_was_left_there_stays(bucket):
  bucket(same='1', changed='1', gone='1', checkpoints__5='1')
  folder = started()
  bucket(same='changed there')  # which would be lost, were it pushed
  (folder / 'changed').write_text('2')
  (folder / 'gone').unlink()
  (folder / 'samples').mkdir()
  (folder / 'samples' / '1').write_text('3')
  (folder / '.status.json.partial').touch()
  remote.push(folder)
  assert bucket.there() == {'same': 'changed there', 'changed': '2', 'samples/1': '3', 'checkpoints/5': '1'}
  (folder / 'samples' / '1').write_text('4')
  remote.push(folder)
  assert bucket.there()['samples/1'] == '4'


def test_a_bucket_is_asked_for_a_file_without_being_fetched(bucket, tmp_path):
  bucket(**{'units.json': '{}'})
  assert remote.holds(RUN, 'units.json') and not remote.holds(RUN, 'config.json')
  assert not (tmp_path / 'cache').exists()
  (tmp_path / 'units.json').touch()
  assert remote.holds(str(tmp_path), 'units.json') and not remote.holds(str(tmp_path), 'config.json')


def test_what_orbax_writes_goes_to_where_a_run_is():
  for folder in (remote.stage, lambda path: remote._stage(path, 'read-1')):
    assert remote.origin(folder('gs://bucket/runs/a')) == epath.Path('gs://bucket/runs/a')


def test_status_comes_last(bucket, monkeypatch):
  folder, order = started(), []
  files = fsspec.filesystem('memory')
  put_file = type(files).put_file
  monkeypatch.setattr(type(files), 'put_file', lambda s, a, b, **k: (order.append(b), put_file(s, a, b, **k)))
  for name in ('status.json', 'a', 'z'):
    (folder / name).write_text(name)
  remote.push(folder)
  assert [name.rpartition('/')[2] for name in order] == ['a', 'z', 'status.json']


def test_whoever_looks_at_a_run_has_a_copy_of_its_own(bucket):
  bucket(config='1')
  folder, copy = started(), remote.copy(RUN)
  assert copy != folder and copy.name == folder.name == 'a' and (copy / 'config').read_text() == '1'
  (copy / 'scores').write_text('2')
  remote.push(copy)
  assert bucket.there() == {'config': '1', 'scores': '2'}


def test_other_processes_than_the_first_push_nothing(bucket, monkeypatch):
  bucket(config='1')
  monkeypatch.setattr('wgan_jax.hosts.first', lambda: False)
  folder = started()
  (folder / 'config').write_text('2')
  remote.push(folder)
  assert bucket.there() == {'config': '1'}


def test_a_bucket_that_cannot_be_reached_is_told_in_a_line(bucket):
  with pytest.raises(UserError, match='cannot read and write in nosuch://bucket/a') as told:
    remote.copy('nosuch://bucket/a')
  assert '\n' not in f'{told.value}'


def test_a_bucket_is_asked_first_and_not_for_ever(bucket, monkeypatch):
  remote.check('/no/such/folder')
  remote.check(RUN)  # where nothing is yet
  files, released = type(fsspec.filesystem('memory')), threading.Event()
  with monkeypatch.context() as patch:
    patch.setattr(files, 'info', lambda *_, **__: released.wait(60))
    with pytest.raises(UserError, match=r'^no answer from memory://bucket/runs/a in 0 s \(is this machine online'):
      remote.check(RUN, 0.2)
    released.set()

  def forbidden(*_, **__):
    raise PermissionError('Forbidden')

  monkeypatch.setattr(files, 'info', forbidden)
  with pytest.raises(UserError, match=r'^cannot read and write in memory://bucket/runs/a \(Forbidden\)'):
    remote.check(RUN)


def test_nobody_reads_the_tracebacks_that_gcsfs_logs():
  assert not logging.getLogger('gcsfs').isEnabledFor(logging.ERROR)


def test_figures_of_lectures_are_not_drawn_in_a_bucket():
  with pytest.raises(UserError, match='in a folder of this machine'):
    lecture(None, RUN)
