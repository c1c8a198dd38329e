"""The Slurm backend on a real cluster: two nodes on this machine's loopback, see slurm_cluster.py.

Runs where Slurm is installed, or, having WGAN_JAX_FETCH_SLURM=1, where apt-get fetches it; it is never installed.
"""

import json
import os
import pathlib
import tempfile
import time

import pytest

from tests.sweep.backends import slurm_cluster
from wgan_jax import log, status, workdir
from wgan_jax.sweep.backends import QUEUED, slurm
from wgan_jax.sweep.units import Job, Unit

FETCH = 'WGAN_JAX_FETCH_SLURM'
TINY = [
  '--config=experiments/toy_wgan_gp.py',
  *('--config.data.name=8gaussians', '--config.data.batch_size=16', '--config.train.rounds_per_dispatch=1'),
  *(f'--config.{network}.{size}' for network in ('generator', 'critic') for size in ('width=8', 'depth=1')),
  *('--config.log.n_samples=16', '--config.log.n_evaluate=64', '--config.log.n_critic_w1=16'),
]


@pytest.fixture(scope='module')
def cluster():
  pytest.importorskip('submitit', reason="without submitit: pip install -e '.[slurm]'")
  with tempfile.TemporaryDirectory(prefix='slurm-') as folder, pytest.MonkeyPatch.context() as patch:
    try:
      with slurm_cluster.cluster(pathlib.Path(folder), fetch=os.environ.get(FETCH) == '1') as up:
        for name, value in up.environment.items():
          patch.setenv(name, value)
        patch.setenv('XLA_FLAGS', '--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true')
        patch.setenv('NPROC', '2')
        yield up
    except slurm_cluster.Unavailable as error:
      pytest.skip(f'{error}; with {FETCH}=1 this fetches it, without installing anything')


def jobs_of(root, rounds):
  """A job for each number of rounds, which are those of a unit."""
  units = [Unit(i, {}, [*TINY, f'--config.train.steps={n}', f'--config.seed={i}']) for i, n in enumerate(rounds)]
  return [Job((unit,), [*unit.arguments, f'--workdir={unit.folder(root)}']) for unit in units]


def until(condition, seconds=240):
  end = time.monotonic() + seconds
  while not condition():
    assert time.monotonic() < end, 'nothing of the kind happened'
    time.sleep(0.1)


def rounds(root, number):
  """Rounds that a unit has written down so far."""
  rows = root / f'{number:03d}' / 'metrics.jsonl'
  return max([0, *(row['step'] for row in log.read(rows.parent))]) if rows.exists() else 0


def starts(root, number):
  """The rounds that each start of a unit went on from."""
  return [start['from_step'] for start in workdir.read_starts(root / f'{number:03d}')]


def test_a_sweep_is_preempted_requeued_cancelled_and_goes_on(cluster):
  root = cluster.folder / 'sweep'
  root.mkdir()
  options = slurm.options()
  options.update(partition='low', cpus_per_task=2)  # a whole node: two jobs at once
  backend = slurm.Slurm(root, options)
  jobs = jobs_of(root, [3_000, 200, 200, 3_000])
  state = lambda i: status.read(root / f'{i:03d}')

  backend.submit(jobs, 0, False)
  (about,) = json.loads((root / 'slurm.json').read_text()).values()
  array = about['ids'][0].partition('_')[0]
  assert about['ids'] == [f'{array}_{i}' for i in range(4)]
  assert {*backend.status(jobs)} == {0, 1, 2, 3}

  # A job that takes its node from it.
  until(lambda: rounds(root, 0) > 50)
  node = cluster.run('squeue', '-h', f'--jobs={array}_0', '-o', '%N')
  cluster.run('sbatch', '--partition=high', f'--nodelist={node}', '--exclusive', '--output=/dev/null', '--wrap=true')
  until(lambda: state(0)['state'] == status.PREEMPTED)
  saved = state(0)['step']
  assert 50 < saved < 3_000
  until(lambda: backend.status(jobs[:1]) == {0: QUEUED})
  cluster.run('scontrol', 'update', f'jobid={array}_0', 'StartTime=now')  # Slurm would wait for two minutes

  until(lambda: rounds(root, 3) > 50)
  backend.cancel(jobs[3:])
  until(lambda: not backend.status(jobs))  # all four, one after the other: it would be back if it came back
  assert [state(i)['state'] for i in range(4)] == [status.DONE, status.DONE, status.DONE, status.PREEMPTED]
  assert starts(root, 0) == [0, saved]
  assert [row['step'] for row in log.read(root / '000') if 'critic_loss' in row] == [*range(10, 3_001, 10)]
  left = state(3)['step']
  assert 50 < left < 3_000

  backend.submit([job for job in jobs if state(job.units[0].number)['state'] != status.DONE], 0, False)
  assert {*backend.status(jobs)} == {3}
  until(lambda: not backend.status(jobs))
  assert state(3)['state'] == status.DONE
  assert [starts(root, i) for i in range(1, 4)] == [[0], [0], [0, left]]


def test_a_run_over_two_nodes_is_preempted_as_one(cluster):
  root = cluster.folder / 'two nodes'
  root.mkdir()
  options = slurm.options()
  options.update(partition='low', nodes=2)
  backend = slurm.Slurm(root, options)
  jobs = jobs_of(root, [1_000])
  backend.submit(jobs, 0, False)
  until(lambda: rounds(root, 0) > 50)
  (about,) = json.loads((root / 'slurm.json').read_text()).values()
  cluster.run('scancel', '--signal=TERM', *about['ids'])
  until(lambda: backend.status(jobs) == {0: QUEUED})
  cluster.run('scontrol', 'update', f'jobid={about["ids"][0]}', 'StartTime=now')
  saved = status.read(root / '000')['step']
  assert 50 < saved < 1_000
  until(lambda: not backend.status(jobs))
  assert status.read(root / '000')['state'] == status.DONE
  assert starts(root, 0) == [0, saved]
  assert [start['n_devices'] for start in workdir.read_starts(root / '000')] == [2, 2]
