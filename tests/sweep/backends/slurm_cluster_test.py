"""Sweeps on a real Slurm: two nodes on this machine's loopback, see slurm_cluster.py.

Runs where Slurm is installed, or, having WGAN_JAX_FETCH_SLURM=1, where apt-get fetches it; it is never installed.
"""

import csv
import functools
import json
import os
import pathlib
import tempfile

import pytest
from ml_collections import ConfigDict

from tests import processes
from tests.sweep.backends import slurm_cluster, slurm_packages
from wgan_jax import log, status, workdir
from wgan_jax.progress import say
from wgan_jax.sweep import command
from wgan_jax.sweep.backends import slurm
from wgan_jax.sweep.options import Asked

FETCH = 'WGAN_JAX_FETCH_SLURM'
until = functools.partial(processes.until, seconds=300, pause=0.1)
EXPERIMENT = """
from experiments import toy_wgan_gp


def get_config():
  config = toy_wgan_gp.get_config()
  config.data.update(name='8gaussians', batch_size=16)
  config.generator.update(width=8, depth=1)
  config.critic.update(width=8, depth=1)
  config.train.rounds_per_dispatch = 1
  config.log.update(n_samples=16, n_evaluate=64, n_critic_w1=16)
  return config


def sweep(add):
  for seed, steps in enumerate({steps}):
    add(seed=seed, **{{'train.steps': steps}})
"""


@pytest.fixture(scope='module')
def cluster():
  pytest.importorskip('submitit', reason="without submitit: pip install -e '.[slurm]'")
  with tempfile.TemporaryDirectory(prefix='slurm-') as folder, pytest.MonkeyPatch.context() as patch:
    try:
      with slurm_cluster.cluster(pathlib.Path(folder), fetch=os.environ.get(FETCH) == '1') as up:
        for name, value in up.environment.items():
          patch.setenv(name, value)
        # As in conftest.py, but for the devices: a process has one.
        patch.setenv('XLA_FLAGS', '--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true')
        patch.delenv('NPROC')
        yield up
    except slurm_packages.Unavailable as error:
      pytest.skip(f'{error}; with {FETCH}=1 this test fetches it, and installs nothing')


@pytest.fixture
def sweep(cluster):
  """sweep(steps, **options) -> a Sweep; what its processes said is shown where the test fails."""
  made = []

  def make(steps, **options):
    made.append(Sweep(cluster, f'sweep{len(steps)}', steps, **options))
    return made[-1]

  yield make
  logs = [file for each in made for kind in ('*/log*', 'slurm/*.out') for file in sorted(each.root.glob(kind))]
  for file in [*logs, *sorted(cluster.folder.glob('slurm*.log'))]:
    say('\n  '.join([f'{file}:', *file.read_text(errors='replace').splitlines()[-20:]]))


class Sweep:
  """Units of so many rounds each, in the folder of a cluster."""

  def __init__(self, cluster, name, steps, **options):
    self._cluster, self.root = cluster, cluster.folder / name
    self._file, self._options = cluster.folder / f'{name}.py', slurm.options()
    self._file.write_text(EXPERIMENT.format(steps=steps))
    self._options.update(partition='low', **options)

  def __call__(self, act, units=None):
    """Calls the sweep's command, which says how it ended: 0 is well."""
    options = {'slurm': self._options, 'local': ConfigDict(), 'tpu': ConfigDict()}
    return command.run(Asked('main', act, 'slurm', 0, units, 1, options), f'{self._file}', {}, f'{self.root}')

  def ids(self):
    """Slurm's, of all submissions, in order."""
    return [about['ids'] for about in json.loads((self.root / 'slurm.json').read_text()).values()]

  def queue(self):
    """{id: state} of what Slurm still has, of this sweep alone."""
    there = dict(line.split() for line in self._cluster.run('squeue', '-h', '-r', '-o', '%i %T').splitlines())
    return {job: there[job] for ids in self.ids() for job in ids if job in there}

  def state(self, number):
    return status.read(self.root / f'{number:03d}')

  def rounds(self, number):
    """How many a unit has written down."""
    return max([0, *(row['step'] for row in log.read(self.root / f'{number:03d}'))])

  def starts(self, number, what='from_step'):
    """What each start of a unit says of itself, such as the round that it went on from."""
    return [start[what] for start in workdir.read_starts(self.root / f'{number:03d}')]

  def hurry(self, job):
    """Slurm would wait for two minutes before it starts a job again; in the same second a node refuses it."""
    until(lambda: self.queue()[job] == 'PENDING')
    self._cluster.run('scontrol', 'update', f'jobid={job}', 'StartTime=now+2')


def test_a_sweep_is_preempted_requeued_cancelled_and_goes_on(cluster, sweep):
  sweep = sweep((2_000, 100, 100, 2_000), cpus_per_task=2)  # a whole node: two jobs at once
  assert sweep('start') == 0
  (ids,) = sweep.ids()
  assert ids == [f'{ids[0].partition("_")[0]}_{i}' for i in range(4)] == [*sweep.queue()]

  # A job that takes its node from it.
  until(lambda: sweep.rounds(0) > 50)
  node = cluster.run('squeue', '-h', f'--jobs={ids[0]}', '-o', '%N')
  cluster.run('sbatch', '--partition=high', f'--nodelist={node}', '--exclusive', '--output=/dev/null', '--wrap=true')
  until(lambda: sweep.state(0)['state'] == status.PREEMPTED)
  saved = sweep.state(0)['step']
  assert 50 < saved < 2_000
  sweep.hurry(ids[0])

  until(lambda: sweep.rounds(3) > 50)
  assert sweep('cancel', units='3') == 0
  until(lambda: not sweep.queue())  # unit 3 would be in it again if it came back
  assert [sweep.state(i)['state'] for i in range(4)] == [status.DONE, status.DONE, status.DONE, status.PREEMPTED]
  assert sweep.starts(0) == [0, saved]
  assert [row['step'] for row in log.read(sweep.root / '000') if 'critic_loss' in row] == [*range(10, 2_001, 10)]
  left = sweep.state(3)['step']
  assert 50 < left < 2_000

  assert sweep('start') == 0
  assert len(sweep.ids()[1]) == 1 and [*sweep.queue()] == sweep.ids()[1]
  until(lambda: not sweep.queue())
  assert [sweep.starts(i) for i in range(1, 4)] == [[0], [0], [0, left]]
  assert sweep('start') == 0 and len(sweep.ids()) == 2  # there is nothing left to submit
  rows = csv.DictReader((sweep.root / 'sweep.csv').read_text().splitlines())
  assert [row['state'] for row in rows] == [status.DONE] * 4


def test_a_run_over_two_nodes_is_preempted_as_one(cluster, sweep):
  sweep = sweep((500,), nodes=2)
  assert sweep('start') == 0
  ((job,),) = sweep.ids()
  until(lambda: sweep.rounds(0) > 50)
  cluster.run('scancel', '--signal=TERM', job)
  sweep.hurry(job)
  saved = sweep.state(0)['step']
  assert 50 < saved < 500
  until(lambda: not sweep.queue())
  assert sweep.state(0)['state'] == status.DONE
  assert (sweep.starts(0), sweep.starts(0, 'n_devices')) == ([0, saved], [2, 2])
