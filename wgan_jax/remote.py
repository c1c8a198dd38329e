"""Runs in a bucket: what they write piece by piece is written on this machine, and copied there as whole files.

A file in a bucket is there or is not, and nothing can be appended to it. So a run at gs://BUCKET/NAME has a stage, a
folder in the cache of this machine: what lies in the bucket is fetched to it at the start, and what changed is pushed
back at each look and at the end, by the first process alone. Checkpoints never come to it: orbax writes them into the
bucket. A run in a folder of this machine has no stage, and nothing here does anything to it.
"""

import atexit
import contextlib
import json
import logging
import os
import pathlib
import re
import shutil
import threading
from collections.abc import Iterator

import fsspec
from etils import epath

from wgan_jax import hosts
from wgan_jax.data.cache import cache_folder
from wgan_jax.errors import UserError

# Not fetched: what is only written, and what is large.
LEFT_THERE = re.compile(r'(checkpoints|torn-[\d.]+|tensorboard)/|sampled_\d+/(png/|samples\.npz)')
PUSHED = '.pushed.json'  # what is alike here and there; like all hidden files it stays here
LOCK = '.lock'  # of whoever writes in the folder
UNITS = 'units.json'  # says of a folder that many runs are in it
LAST = 'status.json'  # whoever reads that a run is done finds the rest
PATIENCE = 30.0  # seconds for a first answer; by itself gcsfs looks for credentials and a network for about 50
# What it has to say is raised too, and told in a line. GCSFS_DEBUG=INFO, which it reads later, lets it speak.
logging.getLogger('gcsfs').setLevel(logging.CRITICAL)


def is_remote(path: str | os.PathLike) -> bool:
  """Whether a path is in a bucket."""
  return '://' in os.fspath(path)


def stage(path: str) -> pathlib.Path:
  """The folder where a run is written: itself, or its stage, on which there is nothing new before `fetch`."""
  return _stage(path, 'written') if is_remote(path) else pathlib.Path(path).expanduser()


def copy(path: str) -> pathlib.Path:
  """The folder where a run is looked at, which may go on meanwhile: itself, or a stage with what is in the bucket."""
  if not is_remote(path):
    return pathlib.Path(path).expanduser()
  own = f'read-{os.getpid()}'
  atexit.register(shutil.rmtree, cache_folder() / 'remote' / own, ignore_errors=True)
  folder = _stage(path, own)
  folder.mkdir(parents=True, exist_ok=True)
  fetch(folder)
  return folder


def holds(path: str, name: str) -> bool:
  """Whether a file of that name is in the folder or bucket `path`.

  Raises:
    UserError: when the bucket cannot be reached.
  """
  if not is_remote(path):
    return (stage(path) / name).exists()
  with _bucket(path) as (files, root):
    return files.exists(f'{root}/{name}')


def origin(folder: pathlib.Path) -> epath.Path | pathlib.Path:
  """Where a run is that is written or looked at in a folder: in its bucket, or in that folder."""
  url = _url(folder)
  return epath.Path(url) if url else folder


def check(path: str | os.PathLike, seconds: float = PATIENCE) -> None:
  """Comes before whatever reads a folder of which nothing is known yet: one of this machine, or in a bucket.

  Raises:
    UserError: when that bucket cannot be reached, or has not answered after so many seconds.
  """
  if not is_remote(path):
    return
  url, failures = os.fspath(path), []

  def look():
    try:
      with _bucket(url) as (files, root), contextlib.suppress(FileNotFoundError):
        files.info(root)
    except UserError as error:
      failures.append(error)

  # In a thread that nobody waits for in the end: what gcsfs does can neither be hurried nor stopped.
  looking = threading.Thread(target=look, daemon=True)
  looking.start()
  looking.join(seconds)
  if looking.is_alive():
    raise UserError(f'no answer from {url} in {seconds:.0f} s (is this machine online, and may you read there?)')
  for error in failures:
    raise error


def fetch(folder: pathlib.Path) -> None:
  """Makes a stage like the bucket, but for what is left there.

  Raises:
    UserError: when the bucket cannot be reached.
  """
  url = _url(folder)
  if not url:
    return
  for old in folder.iterdir():
    if old.is_dir():
      shutil.rmtree(old)
    elif old.name != LOCK:
      old.unlink()
  with _bucket(url) as (files, root):
    names = [file.removeprefix(f'{root}/') for file in files.find(root)]
    names = [name for name in names if not LEFT_THERE.match(name) and not name.endswith('/')]
    for name in names:
      (folder / name).parent.mkdir(parents=True, exist_ok=True)
    files.get([f'{root}/{name}' for name in names], [f'{folder / name}' for name in names])
  _remember(folder, _here(folder))


def push(folder: pathlib.Path) -> None:
  """Makes the bucket like the stage, but for what is left there.

  Raises:
    UserError: when the bucket cannot be reached, or not be written.
  """
  url = _url(folder)
  if not url or not hosts.first():
    return
  here, there = _here(folder), json.loads((folder / PUSHED).read_text())
  changed = [name for name in here if here[name] != there.get(name)]
  with _bucket(url) as (files, root):
    for names in ([name for name in changed if name != LAST], [name for name in changed if name == LAST]):
      files.put([f'{folder / name}' for name in names], [f'{root}/{name}' for name in names])
    if gone := [f'{root}/{name}' for name in there if name not in here]:
      files.rm(gone)
  _remember(folder, here)


def _stage(path, use):
  scheme, _, rest = path.partition('://')
  return cache_folder() / 'remote' / use / scheme / rest.strip('/')


def _url(folder):
  """gs://BUCKET/NAME of a stage, '' of any other folder."""
  stages = cache_folder() / 'remote'
  if not pathlib.Path(folder).is_relative_to(stages):
    return ''
  _, scheme, *rest = pathlib.Path(folder).relative_to(stages).parts
  return f'{scheme}://{"/".join(rest)}'


def _here(folder):
  """{name: [size, time of its last change]} of the files of a stage."""
  files = {file.relative_to(folder).as_posix(): file.stat() for file in sorted(folder.rglob('*')) if file.is_file()}
  return {name: [s.st_size, s.st_mtime_ns] for name, s in files.items() if not name.rpartition('/')[2].startswith('.')}


def _remember(folder, names):
  (folder / PUSHED).write_text(json.dumps(names))


@contextlib.contextmanager
def _bucket(url: str) -> Iterator[tuple[fsspec.AbstractFileSystem, str]]:
  """(file system, name in it) of a URL; tells in a line what goes wrong with it."""
  try:
    files, root = fsspec.core.url_to_fs(url)
    files.invalidate_cache()
    yield files, root
  except ImportError as error:
    raise UserError(f'{url} needs a package more ({error}): pip install -e ".[gcs]"') from error
  except Exception as error:  # each kind of bucket has errors of its own
    what = f'{error}'.strip().partition('\n')[0] or type(error).__name__
    raise UserError(f'cannot read and write in {url} ({what}): is the bucket there, and may you?') from error
