"""Keys of the Slurm backend that are refused before Slurm is asked."""

import pytest

from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import slurm


def made(root, **differences):
  options = slurm.options()
  options.update(differences)
  return slurm.Slurm(root, options)


def test_what_no_cluster_could_run(tmp_path):
  with pytest.raises(
    UserError, match=r'^8 GPUs do not divide among 3 processes: --slurm.tasks_per_node=8, or 1, would$'
  ):
    made(tmp_path, gpus_per_node=8, tasks_per_node=3)
  with pytest.raises(UserError, match=r'at least 1$'):
    made(tmp_path, nodes=0)
  with pytest.raises(UserError, match=r'^Slurm writes its logs into the folder of the sweep, which gs://b/w is not'):
    made('gs://b/w')


@pytest.mark.parametrize(
  'differences, line',
  [
    ({'time_min': -5}, '--slurm.time_min=-5 should be a positive number, or 0 for what the cluster has by itself'),
    ({'nodes': -1}, '--slurm.nodes=-1 should be a positive number'),
    ({'tasks_per_node': -2}, '--slurm.tasks_per_node=-2 should be a positive number'),
    ({'gpus_per_node': -8}, '--slurm.gpus_per_node=-8 should be a positive number'),
    ({'signal_delay_s': -1}, '--slurm.signal_delay_s=-1 should be a positive number'),
    ({'array_parallelism': -1}, '--slurm.array_parallelism=-1 should be a positive number'),
    ({'mem_gb': -0.5}, '--slurm.mem_gb=-0.5 should be a positive number'),
    ({'mem_gb': float('nan')}, '--slurm.mem_gb=nan should be a positive number'),
    ({'mem_gb': float('inf')}, '--slurm.mem_gb=inf should be a positive number'),
    ({'gpu_type': 'a100'}, '--slurm.gpu_type=a100 goes with a number of them: --slurm.gpus_per_node=1'),
    ({'extra': "--comment='a"}, "--slurm.extra=--comment='a is no part of a command line: No closing quotation"),
  ],
)
def test_what_sbatch_would_not_understand(tmp_path, differences, line):
  with pytest.raises(UserError) as told:
    made(tmp_path, **differences)
  assert f'{told.value}'.startswith(line) and '\n' not in f'{told.value}'
