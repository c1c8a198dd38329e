"""SkyPilot's jobs: which commands submit, watch and end them."""

import json
import pathlib
import sys

import pytest
import yaml

from tests.sweep.backends.sky_jobs import job, options
from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import tpu

SKY = """#!{python}
import json, os, pathlib, sys
folder = pathlib.Path({folder!r})
with (folder / 'said').open('a') as file:
  file.write(json.dumps([sys.argv[1:], os.environ.get('SKYPILOT_DISABLE_USAGE_COLLECTION')]) + '\\n')
if sys.argv[2] == 'queue':
  if not (folder / 'queue.json').exists():
    sys.exit('sky.exceptions.ClusterNotUpError: No in-progress managed jobs.')
  print('\\x1b[2mFailed to connect to a server. Starting one.\\x1b[0m')
  print((folder / 'queue.json').read_text())
sys.exit((folder / 'broken').exists())
"""


@pytest.fixture
def cloud(here):
  """(backend, said, queue): a backend with a stand-in for `sky`; what that was told; what its queue will say."""
  script = here / 'stand_in_sky'
  script.write_text(SKY.format(python=sys.executable, folder=str(here)))
  script.chmod(0o755)
  backend = tpu.SkyPilot(here / 'sweep', options(sky=str(script)))
  backend._remote = True  # as if that folder were a bucket
  (here / 'sweep').mkdir()

  def said():
    file = here / 'said'
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

  def queue(**words):
    rows = [{'job_name': f'{backend._name}-{name[1:]}', 'status': word, 'job_id': 1} for name, word in words.items()]
    (here / 'queue.json').write_text(json.dumps(rows, indent=2))

  return backend, said, queue


def test_a_local_folder_is_good_for_a_dry_run_alone(here):
  tpu.SkyPilot(here / 's', options()).submit([job(here / 's', 0)], 0, dry_run=True)
  assert len([*(here / 's' / 'sky').glob('*.yaml')]) == 1
  with pytest.raises(UserError, match='choose a bucket'):
    tpu.SkyPilot(here / 's', options()).submit([job(here / 's', 0)], 0, dry_run=False)


def test_jobs_are_submitted_watched_and_cancelled_by_name(cloud):
  backend, said, queue = cloud
  jobs = [job('gs://b/s', 0), job('gs://b/s', 1, 2), job('gs://b/s', 3), job('gs://b/s', 4)]
  assert backend.status(jobs) == {} and said() == []  # whom nothing was given is not asked
  backend.submit(jobs, 1, dry_run=False)
  (arguments, private), *others = said()
  assert arguments[:6] == ['jobs', 'launch', '-d', '-y', '-n', f'{backend._name}-000'] and private == '1'
  assert yaml.safe_load(pathlib.Path(arguments[6]).read_text())['name'] == f'{backend._name}-000' and len(others) == 3
  assert backend.status(jobs) == {}
  queue(_000='RECOVERING', **{'_001-002': 'RUNNING'}, _003='CANCELLING', _004='SUCCEEDED')
  assert backend.status(jobs) == {0: 'queued', 1: 'running', 2: 'running'}
  assert backend.status([job('gs://b/s', 2)]) == {2: 'running'}
  backend.cancel([job('gs://b/s', 2), jobs[2]])
  assert said()[-1][0] == ['jobs', 'cancel', '-y', '-n', f'{backend._name}-001-002']
  assert [words[:2] for words, _ in said()[6:]] == [['jobs', 'queue'], ['jobs', 'queue'], ['jobs', 'cancel']]


def test_a_job_that_is_not_taken_is_told_and_no_other_is_tried(cloud, here):
  backend, said, _ = cloud
  (here / 'broken').touch()
  with pytest.raises(UserError, match='0 were submitted before it'):
    backend.submit([job('gs://b/s', 0), job('gs://b/s', 1)], 0, dry_run=False)
  assert len(said()) == 1
  (here / 'queue.json').write_text('[]')
  with pytest.raises(UserError, match='does not tell its queue'):
    backend.status([job('gs://b/s', 0)])


def test_without_skypilot_its_environment_is_asked_for(cloud):
  backend, _, _ = cloud
  backend._sky = 'no_such_sky'
  with pytest.raises(UserError, match=r'--tpu\.sky=FOLDER/bin/sky'):
    backend.submit([job('gs://b/s', 0)], 0, dry_run=False)
  assert backend.status([job('gs://b/s', 0)]) == {}  # nothing is remembered of what never was submitted
