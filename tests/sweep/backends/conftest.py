"""Jobs that need no JAX: a stand-in for launch.py which does as its job says."""

import json
import pathlib
import sys

import pytest

from wgan_jax.sweep.backends import local
from wgan_jax.sweep.units import Job, Unit

# --do=A,B,...: what the first start does, the second, ..., and all others the last one.
STAND_IN = """
import fcntl, json, os, pathlib, signal, sys, time

given = dict(argument.removeprefix('--').split('=', 1) for argument in sys.argv[1:])
folder = pathlib.Path(given['workdir'])
lock = os.open(folder / '.lock', os.O_RDWR | os.O_CREAT)
try:
  fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
  (folder / 'clash').touch()
  sys.exit(1)
starts = folder / 'starts'
n = starts.read_text().count('start') if starts.exists() else 0
starts.open('a').write('start\\n')


def tell(state, step, **facts):
  partial = folder / 'partial'
  partial.write_text(json.dumps(dict(state=state, step=step, steps=9, scores={'sliced_w1': 0.5}, **facts)))
  partial.replace(folder / 'status.json')


def save(*_):
  time.sleep(float(given.get('saves', 0)))
  tell('preempted', n + 1)
  sys.exit(75)


def sleep():
  signal.signal(signal.SIGTERM, save)
  tell('running', n)
  (folder / 'there').touch()
  time.sleep(float(given.get('seconds', 30)))
  done()


def deaf():
  signal.signal(signal.SIGTERM, signal.SIG_IGN)
  (folder / 'there').touch()
  time.sleep(30)


def done():
  starts.open('a').write('end\\n')
  tell('done', 9)


def fail():
  sys.exit('error: it says why')


def own():
  tell('failed', 3, message='said by itself')
  sys.exit(1)


def die():
  print('round 7 of 9', flush=True)
  os.kill(os.getpid(), signal.SIGKILL)


def stand():
  sys.exit(75)


acts = [globals()[name] for name in given['do'].split(',')]
acts[min(n, len(acts) - 1)]()
"""


# Runs the sweep of the same units in a process of its own.
LAUNCHER = """
import json, pathlib, sys
from wgan_jax.sweep.backends import local
from wgan_jax.sweep.units import Job, Unit

root, launch, jobs, options = sys.argv[1], pathlib.Path(sys.argv[2]), json.loads(sys.argv[3]), local.options()
options.update(json.loads(sys.argv[4]))
jobs = [Job(tuple(Unit(**unit) for unit in units), arguments) for units, arguments in jobs]
local.Local(root, options, launch).submit(jobs, 0, False)
"""


class Sweep:
  """A sweep of stand-ins. does: what each unit does."""

  def __init__(self, root: pathlib.Path, does: list[str], **options):
    self.root, self.launch = root / 'sweep', root / 'launch.py'
    self.root.mkdir()
    self.launch.write_text(STAND_IN)
    self.options = local.options()
    self.options.update(options)
    units = [Unit(i, {'seed': i}, [f'--do={what}']) for i, what in enumerate(does)]
    self.folders = [unit.folder(self.root) for unit in units]
    self.jobs = [Job((u,), [*u.arguments, f'--workdir={f}']) for u, f in zip(units, self.folders, strict=True)]
    self.backend = local.Local(self.root, self.options, self.launch)

  def submit(self, retries=0):
    self.backend.submit(self.jobs, retries, False)

  def starts(self):
    return [(folder / 'starts').read_text().split() if (folder / 'starts').exists() else [] for folder in self.folders]

  def elsewhere(self):
    """The arguments of a process that submits it."""
    jobs = [[[unit._asdict() for unit in job.units], job.arguments] for job in self.jobs]
    options = json.dumps(self.options.to_dict())
    return [sys.executable, '-c', LAUNCHER, f'{self.root}', f'{self.launch}', json.dumps(jobs), options]


@pytest.fixture
def sweep(tmp_path):
  """sweep(what unit 0 does, what unit 1 does, ..., **options) -> a Sweep of them."""
  return lambda *does, **options: Sweep(tmp_path, does, **options)


@pytest.fixture
def here(tmp_path, monkeypatch):
  """A folder with code and a bucket's stand-in, which is this process's own; SkyPilot's YAMLs go there."""
  monkeypatch.chdir(tmp_path)
  (tmp_path / 'experiments').mkdir()
  (tmp_path / 'experiments' / 'toy_wgan_gp.py').touch()
  (tmp_path / 'launch.py').touch()
  return tmp_path
