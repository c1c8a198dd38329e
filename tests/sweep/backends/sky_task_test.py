"""SkyPilot's tasks: what their YAML says, and whether SkyPilot itself likes it."""

import os
import pathlib
import shutil
import subprocess

import pytest
import yaml

from tests.sweep.backends.sky_jobs import CONFIG, job, options
from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import sky_task, tpu

ROOT = pathlib.Path(__file__).parents[3]
BUCKET = 'gs://bucket/runs/My_sweep.1'


def written(root, *jobs, retries=3, **differences):
  """The YAMLs that a dry run leaves, read again, in order."""
  before = {*pathlib.Path().rglob('*.yaml')}
  tpu.SkyPilot(root, options(**differences)).submit(jobs, retries, dry_run=True)
  return [yaml.safe_load(file.read_text()) for file in sorted({*pathlib.Path().rglob('*.yaml')} - before)]


def test_a_job_is_a_task_that_starts_launch_on_all_hosts_and_comes_back_after_75(here, capfd):
  (task,) = written(BUCKET, job(BUCKET, 3), mounts='~/a=gs://b/c,/d=experiments')
  assert task['resources'] == {
    'accelerators': 'tpu-v5litepod-16',
    'accelerator_args': {'runtime_version': 'v2-alpha-tpuv5-lite'},
    'use_spot': True,
    'job_recovery': {'max_restarts_on_errors': 3, 'recover_on_exit_codes': [75]},
  }
  assert task['run'] == (
    f"exec ~/wgan_jax/bin/python launch.py {CONFIG} --config.seed=3 '--config.data.dir=a b' --workdir={BUCKET}/003 "
    '--num_processes=4\n'
  )
  assert task['workdir'] == str(here) and 'num_nodes' not in task and "'jax[tpu]'" in task['setup']
  assert task['file_mounts'] == {'~/a': 'gs://b/c', '/d': 'experiments'}
  name = task['name']
  assert name.startswith('wgan-my-sweep-1-') and name.endswith('-003') and '_' not in name
  assert f'sky jobs launch -d -y -n {name} runs/sky/{name[:-4]}/{name}.yaml' in capfd.readouterr().err


def test_sweeps_called_alike_have_jobs_of_other_names(here):
  (one,) = written('gs://bucket/a/s', job('gs://bucket/a/s', 0))
  (two,) = written('gs://bucket/b/s', job('gs://bucket/b/s', 0))
  assert one['name'] != two['name']


@pytest.mark.parametrize(
  'kind, runtime, hosts',
  [
    ('tpu-v2-8', 'tpu-ubuntu2204-base', '1'),
    ('tpu-v3-32', 'tpu-ubuntu2204-base', '4'),
    ('tpu-v4-16', 'tpu-ubuntu2204-base', '2'),
    ('tpu-v5litepod-8', 'v2-alpha-tpuv5-lite', '1'),
    ('tpu-v5p-384', 'v2-alpha-tpuv5', '48'),
    ('tpu-v5p-128', 'v2-alpha-tpuv5', '16'),
    ('tpu-v6e-64', 'v2-alpha-tpuv6e', '16'),
    ('tpu-v6e-slice:4', None, '$SKYPILOT_NUM_NODES'),
  ],
)
def test_a_slice_has_the_software_and_the_hosts_of_its_type(here, kind, runtime, hosts):
  (task,) = written(BUCKET, job(BUCKET, 0), type=kind)
  assert task['resources'].get('accelerator_args', {}).get('runtime_version') == runtime
  assert task['run'].endswith(f' --num_processes={hosts}\n')


@pytest.mark.parametrize(
  'differences, processes',
  [
    ({}, 4),
    ({'type': 'tpu-v5litepod-8'}, 1),
    ({'type': 'tpu-v7x-16', 'hosts': 2, 'runtime': 'of_v7'}, 2),
    ({'type': 'V100-32GB:8'}, 1),
    ({'type': 'A100:8', 'hosts': 2}, 2),
    ({'type': 'tpu-v6e-slice:4'}, 1),  # as far as can be told
  ],
)
def test_a_job_has_as_many_processes_as_hosts(here, differences, processes):
  assert tpu.SkyPilot(BUCKET, options(**differences)).processes == processes


def test_several_gpu_machines_are_told_where_the_first_one_is(here):
  (task,) = written(BUCKET, job(BUCKET, 0), type='A100:8', hosts=2, infra='k8s', spot=False, setup='true')
  assert task['num_nodes'] == 2 and task['setup'] == 'true'
  assert task['resources']['infra'] == 'k8s' and task['resources']['use_spot'] is False
  line = task['run'].replace('exec ~/wgan_jax/bin/python', 'printf "%s\\n"')
  environment = {'SKYPILOT_NODE_IPS': '10.0.0.1\n10.0.0.2', 'SKYPILOT_NODE_RANK': '1', 'PATH': os.environ['PATH']}
  said = subprocess.run(['bash', '-c', line], env=environment, capture_output=True, text=True, timeout=20).stdout
  flags = ['--coordinator=10.0.0.1:8476', '--num_processes=2', '--process_id=1']
  assert said.splitlines()[-4:] == [f'--workdir={BUCKET}/000', *flags] and '--config.data.dir=a b' in said


@pytest.mark.parametrize(
  'differences, part',
  [
    ({'type': 'tpu-v5e-16'}, 'known: tpu-v2-N'),
    ({'workdir': 'experiments'}, 'no launch.py in --tpu.workdir=experiments'),
    ({'mounts': 'gs://bucket'}, 'should be THERE=HERE'),
    ({'mounts': '~/a=gs://b,~/d=~/no such'}, '^no ~/no such on this machine'),
    ({'hosts': -2}, '^--tpu.hosts=-2 should be a number of machines'),
    ({'type': 'A100:8', 'hosts': -2}, '^--tpu.hosts=-2 should be a number of machines'),
    ({'type': 'v5litepod-8'}, 'did you mean tpu-v5litepod-8'),
    ({'type': 'TPU-v4-8'}, 'did you mean tpu-v4-8'),
    ({'type': 'tpu-v5litepod-17'}, 'is no slice: there are 1, 4, 8, 16, 32, ...; of another one say --tpu.hosts='),
    ({'type': 'tpu-v5litepod-2'}, 'is no slice'),
    ({'type': 'tpu-v4-12'}, 'is no slice: there are 8, 16, 32, ...'),
    ({'type': 'tpu-v7x-16', 'runtime': 'of_v7'}, 'of others say --tpu.runtime= and --tpu.hosts='),
  ],
)
def test_what_no_host_could_do_is_refused(here, differences, part):
  with pytest.raises(UserError, match=part):
    written(BUCKET, job(BUCKET, 0), **differences)


def test_an_experiment_that_is_not_copied_is_refused(here):
  (here / 'experiments' / 'toy_wgan_gp.py').unlink()
  with pytest.raises(UserError, match='name a file in it'):
    written(BUCKET, job(BUCKET, 0))


VALIDATE = """
import sys, requests, sky
for file in sys.argv[1:]:
  try:
    sky.Task.from_yaml(file).validate()
    print('valid')
  except requests.exceptions.ConnectionError:
    print('valid as far as can be told without its lists of GPUs and regions')
  except Exception as error:
    print('broken', ' '.join(f'{error}'.split())[:300])
"""


@pytest.fixture
def skypilot():
  """The Python of SkyPilot's own environment: SKY_PYTHON, or beside `sky`."""
  if python := os.environ.get('SKY_PYTHON'):
    return python
  found = shutil.which('sky')
  if not found:
    pytest.skip('no SkyPilot here: SKY_PYTHON names the Python of its environment')
  return str(pathlib.Path(found).resolve().with_name('python'))


def test_skypilot_itself_accepts_what_is_written_and_nothing_else(skypilot, tmp_path):
  kinds = [{}, {'type': 'tpu-v6e-8', 'spot': False}, {'type': 'tpu-v6e-slice:4'}]
  listed_online = (
    {'type': 'A100:8', 'hosts': 2},
    {'infra': 'gcp/us-central1'},
    {'infra': 'gcp/us-central1/us-central1-a'},
  )
  texts = []
  for differences in (*kinds, *listed_online):
    keys = options(workdir=str(ROOT), **differences)
    texts.append(sky_task.text(sky_task.content(job(BUCKET, 0), 'a', keys, retries=3)))
  broken = [text.replace('- 75', '- a') for text in texts]
  texts += [*broken, texts[-1].replace('gcp/', 'moon/')]
  files = [tmp_path / f'{n}.yaml' for n in range(len(texts))]
  for file, text in zip(files, texts, strict=True):
    file.write_text(text)
  environment = {**os.environ, 'SKYPILOT_DISABLE_USAGE_COLLECTION': '1', 'HOME': str(tmp_path)}
  command = [skypilot, '-c', VALIDATE, *map(str, files)]
  result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
  assert result.returncode == 0, result.stderr
  said = [line for line in result.stdout.splitlines() if line.startswith(('valid', 'broken'))]
  assert said[:3] == ['valid'] * 3 and all(line.startswith('valid') for line in said[3:6])
  assert all(line.startswith('broken') and 'recover_on_exit_codes' in line for line in said[6:12])
  assert said[12].startswith('broken') and "'moon/us-central1/us-central1-a' does not match" in said[12]
  assert len(said) == 13
