"""The Slurm backend where there is no Slurm: stand-ins of its commands answer, and write down what they were asked."""

import os
import pickle
import re
import subprocess
import sys

import pytest

from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import QUEUED, RUNNING, slurm
from wgan_jax.sweep.units import Job, Unit

pytest.importorskip('submitit', reason="without submitit: pip install -e '.[slurm]'")

STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> {folder}/calls
env > {folder}/environment
cat {folder}/"$(basename "$0")".answer 2> {folder}/nothing
cat {folder}/"$(basename "$0")".error >&2 2> {folder}/nothing && exit 1
exit 0
"""


@pytest.fixture
def commands(tmp_path, monkeypatch):
  """The folder of the stand-ins: NAME.answer is what one prints, NAME.error with what it fails; `calls`, all calls."""
  folder = tmp_path / 'commands'
  folder.mkdir()
  for name in ('sbatch', 'srun', 'squeue', 'scancel'):
    (folder / name).write_text(STAND_IN.format(folder=folder))
    (folder / name).chmod(0o755)
  (folder / 'sbatch.answer').write_text('Submitted batch job 18\n')
  (folder / 'calls').touch()
  monkeypatch.setenv('PATH', f'{folder}:{os.environ["PATH"]}')
  return folder


@pytest.fixture
def root(tmp_path):
  folder = tmp_path / 'My sweep'
  folder.mkdir()
  return folder


def backend(root, **differences):
  options = slurm.options()
  options.update(differences)
  return slurm.Slurm(root, options)


def jobs(*groups):
  made = [tuple(Unit(number, {}, [f'--config.seed={number}']) for number in group) for group in groups]
  return [Job(units, [*units[0].arguments, '--workdir=a b']) for units in made]


def name_in(root):
  return re.findall('(?m)^#SBATCH --job-name=(.*)$', (root / 'slurm' / '18_submission.sh').read_text())[0]


def test_all_jobs_are_one_array(commands, root, capsys):
  differences = dict(
    partition='gpu', nodes=2, gpus_per_node=8, gpu_type='a100', cpus_per_task=4, mem_gb=1.5, time_min=60, account='lab'
  )
  differences |= dict(array_parallelism=2, setup='module load cuda', extra='--mail-type=END --exclusive')
  backend(root, **differences).submit(jobs([0], [1, 2], [3]), 1, dry_run=False)
  assert (commands / 'calls').read_text().count('sbatch') == 1
  script = (root / 'slurm' / '18_submission.sh').read_text()
  said = {*re.findall('(?m)^#SBATCH (.*)$', script)}
  wanted = {
    '--array=0-2%2',
    '--partition=gpu',
    '--nodes=2',
    '--ntasks-per-node=1',
    '--gpus-per-node=a100:8',
    '--mem=1536M',
  }
  wanted |= {'--cpus-per-task=4', '--time=60', '--account=lab', '--mail-type=END', '--exclusive', '--requeue'}
  assert wanted | {'--signal=TERM@120'} <= said
  assert re.search(r'(?m)^module load cuda$', script)
  assert re.search(r'(?m)^srun .*--kill-on-bad-exit=0 .*--cpus-per-task=4 ', script)
  assert 'submitted 3 jobs to Slurm, as 18_0 ... 18_2' in capsys.readouterr().err


def test_what_a_job_is_told(commands, root):
  four = backend(root, nodes=2, tasks_per_node=2, gpus_per_node=8)
  four.submit(jobs([0], [4, 5]), 3, dry_run=False)
  task = pickle.loads((root / 'slurm' / '18_1_submitted.pkl').read_bytes()).args[0]
  launch = f'{slurm.CODE / "launch.py"}'
  assert task.command == [sys.executable, launch, '--config.seed=4', '--workdir=a b', '--num_processes=4']
  assert (task.folder, task.retries, task.gpus) == (f'{root}/004', 3, 4) and four.processes == 4


def test_a_task_listens_before_it_could_have_imported_jax(commands, root):
  backend(root).submit(jobs([0]), 0, dry_run=False)
  load = 'import pickle, sys; pickle.load(open(sys.argv[1], "rb")); print({"jax", "wgan_jax"} & {*sys.modules})'
  command = [sys.executable, '-c', load, root / 'slurm' / '18_submitted.pkl']
  assert subprocess.run(command, capture_output=True, text=True, timeout=60).stdout == 'set()\n'


def test_what_is_not_said_is_left_to_the_cluster(commands, root):
  backend(root).submit(jobs([0]), 0, dry_run=False)
  said = re.findall('(?m)^#SBATCH --([^=\n]*)', (root / 'slurm' / '18_submission.sh').read_text())
  assert said == ['job-name', 'nodes', 'ntasks-per-node', 'open-mode', 'output', 'requeue', 'signal']
  task = pickle.loads((root / 'slurm' / '18_submitted.pkl').read_bytes()).args[0]
  assert task.command[2:] == ['--config.seed=0', '--workdir=a b']


def test_what_is_queued_and_what_runs(commands, root):
  made = jobs([0], [1, 2], [3], [4])
  assert backend(root).status(made) == {}
  assert 'squeue' not in (commands / 'calls').read_text()  # which is not asked of what was never submitted
  backend(root).submit(made, 0, dry_run=False)
  name = name_in(root)
  (commands / 'squeue.answer').write_text(f'{name} 18_0 RUNNING\n{name} 18_1 PENDING\n{name} 18_3 COMPLETING\n')
  assert backend(root).status(made) == {0: RUNNING, 1: QUEUED, 2: QUEUED, 4: RUNNING}
  assert backend(root).status(made[1:3]) == {1: QUEUED, 2: QUEUED}
  assert f'--name={name}' in (commands / 'calls').read_text()


def test_a_job_of_its_own_is_known_by_its_id(commands, root):
  backend(root).submit(jobs([7]), 0, dry_run=False)
  (commands / 'squeue.answer').write_text(f'{name_in(root)} 18 RUNNING\n')
  assert backend(root).status(jobs([7])) == {7: RUNNING}


def test_jobs_are_known_also_where_this_process_ended_before_it_had_their_ids(commands, root, monkeypatch):
  ended = backend(root)
  monkeypatch.setattr(ended, '_send', lambda *_: sys.exit(1))
  with pytest.raises(SystemExit):
    ended.submit(jobs([0], [1]), 0, dry_run=False)
  (name,) = re.findall(r'my-sweep-\w{8}', (root / 'slurm.json').read_text())
  (commands / 'squeue.answer').write_text(f'{name} 18_1 PENDING\n')
  assert backend(root).status(jobs([0], [1])) == {1: QUEUED}


def test_exactly_these_jobs_are_cancelled(commands, root):
  made = jobs([0], [1], [2])
  backend(root).submit(made, 0, dry_run=False)
  name = name_in(root)
  (commands / 'squeue.answer').write_text(f'{name} 18_0 RUNNING\n{name} 18_2 PENDING\n')
  backend(root).cancel(made[1:])
  assert (commands / 'calls').read_text().splitlines()[-1] == 'scancel 18_2'
  backend(root).cancel(made[1:2])
  assert (commands / 'calls').read_text().count('scancel') == 1


def test_a_queue_that_cannot_be_read_is_not_an_empty_one(commands, root):
  backend(root).submit(jobs([0]), 0, dry_run=False)
  (commands / 'squeue.error').write_text('slurm_load_jobs error:\nUnable to contact slurm controller\n')
  with pytest.raises(UserError, match=r'^squeue fails: slurm_load_jobs error: Unable to contact slurm controller$'):
    backend(root).status(jobs([0]))


def test_slurm_says_once_why_it_refuses(commands, root, capsys):
  (commands / 'sbatch.error').write_text('sbatch: error: invalid partition specified: nope\nsbatch: error: No\n')
  with pytest.raises(UserError, match=r'^Slurm refuses the jobs: invalid partition specified: nope; No$'):
    backend(root, partition='nope').submit(jobs([0], [1]), 0, dry_run=False)
  assert (root / 'slurm.json').read_text().strip() == '{}' and capsys.readouterr() == ('', '')


def test_sbatch_sees_nothing_of_a_job_that_submits(commands, root, monkeypatch):
  monkeypatch.setenv('SLURM_JOB_ID', '7')
  monkeypatch.setenv('SLURM_NTASKS', '9')
  monkeypatch.setenv('SLURM_CONF', '/somewhere')
  backend(root).submit(jobs([0]), 0, dry_run=False)
  seen = re.findall('(?m)^(SLURM_.*)$', (commands / 'environment').read_text())
  assert seen == ['SLURM_CONF=/somewhere'] and os.environ['SLURM_NTASKS'] == '9'


def test_without_submitit_or_slurm(commands, root, monkeypatch):
  with monkeypatch.context() as patch:
    patch.setenv('PATH', '/nowhere')
    with pytest.raises(UserError, match=r'^no sbatch on this machine: '):
      backend(root).submit(jobs([0]), 0, dry_run=False)
  monkeypatch.setitem(sys.modules, 'submitit', None)
  with pytest.raises(UserError, match=r"^--backend=slurm needs submitit: pip install -e '\.\[slurm\]'$"):
    backend(root).submit(jobs([0]), 0, dry_run=False)
  assert not (root / 'slurm.json').exists()


def test_a_rehearsal_shows_all_and_writes_nothing(root, capsys, monkeypatch):
  monkeypatch.setenv('PATH', '/nowhere')
  backend(root, qos='long', nodes=2, array_parallelism=1).submit(jobs([0], [1, 2]), 0, dry_run=True)
  sbatch, srun = capsys.readouterr().err.splitlines()
  flags = '--array=0-1%1 --qos=long --nodes=2 --ntasks-per-node=1 --signal=TERM@120 --requeue'
  assert sbatch == f'sbatch {flags}'
  assert re.fullmatch(r"srun .*launch.py --config.seed=0 '--workdir=a b' --num_processes=2 and so on", srun)
  assert not [*root.iterdir()]
