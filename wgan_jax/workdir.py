"""The folder of a run: what was asked for and with what it was done, written before anything is trained."""

import contextlib
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import jax
from etils import epath

from wgan_jax import agreement, hosts, lock, remote
from wgan_jax.errors import UserError

# How keys begin that may differ between the starts of one run: where the same data lie, and how it is looked at.
MOVABLE = ('data.dir', 'sample.', 'evaluate.')
PACKAGES = ('jax', 'jaxlib', 'flax', 'optax', 'orbax-checkpoint', 'chex', 'numpy', 'pillow', 'grain')
PACKAGES += ('tensorflow-datasets', 'scipy', 'scikit-learn', 'POT')


@contextlib.contextmanager
def claimed(path: str, config: dict[str, Any]) -> Iterator[pathlib.Path]:
  """The folder, made where it is missing, locked while inside and known to belong to this config, by full key.

  Of several processes the first one claims it for all, and the others get a folder where it harms nobody what they
  write.

  Raises:
    UserError: when it cannot be written, another run trains in it, it was made by another config, or it or the config
      is not the same for all processes.
  """
  agreement.check_config(config)
  folder = remote.stage(path)
  with contextlib.ExitStack() as claims:
    hosts.told(lambda: claims.enter_context(_claim(folder, path, config)))
    agreement.check_folder(folder)
    if (own := hosts.writable(folder)) != folder:
      write_json(own / 'config.json', config)
    yield own


@contextlib.contextmanager
def _claim(folder, path, config):
  with lock.held(folder, lock.RUN, path):
    remote.fetch(folder)
    made = (folder / 'config.json').exists() or (remote.origin(folder) / 'checkpoints').exists()
    ours = _agreeing(folder, config, MOVABLE) if made else config
    write_json(folder / 'config.json', ours)
    remote.push(folder)  # where it cannot be written, that is told now
    yield


def opened(path: str | pathlib.Path, config: dict[str, Any], free: tuple[str, ...]) -> pathlib.Path:
  """The folder of a run that is only read, and may be trained in meanwhile: neither made, locked nor written.

  Args:
    config: by full key, which the run must have been made with.
    free: how keys begin that may differ all the same, beside those that always may.

  Raises:
    UserError: when it was made by another config.
  """
  folder = pathlib.Path(path).expanduser()
  theirs = read_config(folder)
  # A key that there was none of then has a default that changes nothing.
  missing = [key for key in config if key not in theirs]
  differ = _differing({key: config[key] for key in config if key not in missing}, theirs, (*MOVABLE, *free))
  if differ:
    flags = ' '.join(f'--config.{key}={theirs.get(key)}' for key in differ)
    raise UserError(f'{remote.origin(folder)} was made by another config: add {flags}, or choose another --workdir=')
  return folder


def _agreeing(folder, config, movable):
  """The config, if the folder was made by it but for keys that begin as one of `movable`."""
  ours, theirs = json.loads(json.dumps(config)), read_config(folder)
  if differ := _differing(ours, theirs, movable):
    changes = ', '.join(f'{key} ({theirs.get(key)!r} there, {ours.get(key)!r} here)' for key in differ)
    where = remote.origin(folder)
    raise UserError(f'{where} was made by another config; these keys differ: {changes}; choose another --workdir=')
  return ours


def _differing(ours, theirs, movable):
  """Keys that differ, in order, but for those that begin as one of `movable`."""
  ours = json.loads(json.dumps(ours))
  keys = sorted(key for key in {*ours, *theirs} if not key.startswith(movable))
  return [key for key in keys if ours.get(key) != theirs.get(key)]


def read_config(folder: pathlib.Path) -> dict[str, Any]:
  """The resolved config of a run, by full key."""
  try:
    config = json.loads((folder / 'config.json').read_text())
    return {**config, 'data.name': config['data.name']}
  except (OSError, ValueError, TypeError, KeyError) as error:
    where = remote.origin(folder)
    raise UserError(f'{where} has no readable config.json to tell what made it: choose another --workdir=') from error


def record_start(folder: pathlib.Path, step: int, devices: Iterable[jax.Device]) -> None:
  """Adds this start to run.json: when, from which step, with which versions, devices and git revision."""
  devices = list(devices)
  start = {'from_step': step, **circumstances(), 'device': devices[0].device_kind, 'n_devices': len(devices)}
  write_json(folder / 'run.json', {'starts': [*read_starts(folder), start]})


def circumstances() -> dict[str, Any]:
  """When and with what this process works: date, command, git revision, host and versions."""
  return {
    'date': now(),
    'command': ' '.join(sys.argv),
    'git_revision': _git('rev-parse', 'HEAD'),
    'git_changes': bool(_git('status', '--porcelain')),
    'host': f'{platform.machine()}, {os.cpu_count()} cores',
    'python': platform.python_version(),
    'packages': {name: importlib.metadata.version(name) for name in PACKAGES},
  }


def now() -> str:
  """The date and the time of day, to the second, as files have them."""
  return datetime.datetime.now(datetime.UTC).isoformat(timespec='seconds')


def record_times(folder: pathlib.Path, seconds: dict[str, float]) -> None:
  """Adds to the last start in run.json where its time went."""
  starts = read_starts(folder)
  starts[-1]['seconds'] = {what: round(value, 2) for what, value in seconds.items()}
  write_json(folder / 'run.json', {'starts': starts})


def read_starts(folder: pathlib.Path) -> list[dict[str, Any]]:
  """What `record_start` wrote, oldest first."""
  file = folder / 'run.json'
  try:
    return json.loads(file.read_text())['starts'] if file.exists() else []
  except (ValueError, KeyError, TypeError) as error:
    raise UserError(f'{file} is damaged: mend or remove it; the run goes on without it') from error


def write_json(file: epath.Path | pathlib.Path, content: Any) -> None:
  """As `write_text` does."""
  write_text(file, json.dumps(content, indent=2) + '\n')


def write_text(file: epath.Path | pathlib.Path, text: str) -> None:
  """Atomically: whoever is killed meanwhile leaves the old file."""
  content = text.encode(errors='replace')
  if remote.is_remote(file):  # where a file is there or is not
    file.write_bytes(content)
    return
  partial = file.with_name(f'.{file.name}.partial')
  partial.write_bytes(content)
  partial.replace(file)


def _git(*arguments: str) -> str | None:
  source = pathlib.Path(__file__).parent
  try:
    return subprocess.run(['git', *arguments], cwd=source, capture_output=True, text=True, check=True).stdout.strip()
  except (OSError, subprocess.CalledProcessError):
    return None
