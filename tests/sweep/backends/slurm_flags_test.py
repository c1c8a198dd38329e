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
