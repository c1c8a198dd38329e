"""A TPU pod with a bucket, rehearsed on CPU: JAX's own eyes for pods on GKE and on GCE, a server for gs:// here.

What is not rehearsed: TPUs, and Google's side of a preemption, which at best sends the same signal.
"""

import http.server
import importlib.util
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

from tests import processes

TESTS = pathlib.Path(__file__).parent
STEPS, PATIENCE = 150, 200
COMMAND = [
  '--config=experiments/toy_wgan_gp.py',
  '--config.data.name=8gaussians',
  '--config.data.batch_size=16',
  '--config.generator.width=16',
  '--config.critic.width=16',
  f'--config.train.steps={STEPS}',
  '--config.log.samples_every_steps=100000',
  '--config.checkpoint.every_steps=50',
  '--config.log.n_evaluate=100',
  '--config.log.n_critic_w1=32',
  '--workdir=gs://bucket/runs/a',
  '--num_processes=2',
  '--heartbeat_seconds=10',
]
# On a machine without TPU chips JAX asks no metadata server.
ASKING = 'import os, runpy, jax; os.environ.pop("TPU_SKIP_MDS_QUERY", 0); runpy.run_path("launch.py", {}, "__main__")'


@pytest.fixture
def bucket():
  """The URL of a server for gs://bucket, which answers."""
  missing = [name for name in ('gcsfs', 'gcp_storage_emulator') if not importlib.util.find_spec(name)]
  if missing:
    pytest.skip(f"without {' and '.join(missing)}, a bucket on this machine: pip install -e '.[rehearsal]'")
  (port,) = processes.free_ports(1)
  url = f'http://127.0.0.1:{port}'
  with subprocess.Popen([sys.executable, TESTS / 'emulated_bucket.py', str(port)], stderr=subprocess.DEVNULL) as server:
    try:
      processes.until(lambda: server.poll() is not None or answers(url), 60)
      assert server.poll() is None
      yield url
    finally:
      server.kill()


@pytest.fixture
def pod(bucket, tmp_path):
  """pod(environments, *python) -> two processes of launch.py in them; none outlives the test."""
  started = []
  common = {
    **os.environ,
    'STORAGE_EMULATOR_HOST': bucket,
    'TENSORSTORE_GCS_HTTP_URL': bucket,
    'GOOGLE_AUTH_TOKEN_FOR_TESTING': 'none',
    'GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT': 'false',  # which asks for more than the server knows
    'JAX_PLATFORMS': 'cpu',
    'JAX_FORCE_TPU_INIT': '1',
    'XLA_FLAGS': '',
    'XDG_CACHE_HOME': str(tmp_path),
  }

  def pod(environments, *python):
    (port,) = processes.free_ports(1)
    where = {'JAX_COORDINATOR_PORT': f'{port}', 'JAX_COORDINATOR_BIND_ADDRESS': f'127.0.0.1:{port}'}
    for environment in environments:
      started.append(
        subprocess.Popen(
          [sys.executable, *python, *COMMAND],
          cwd=TESTS.parent,
          env={**common, **where, **environment},
          stderr=subprocess.PIPE,
          text=True,
        )
      )
    return started[-2:]

  yield pod
  for process in started:
    process.kill()
    process.communicate()


class Metadata(http.server.BaseHTTPRequestHandler):
  """Tells as much as GCE tells a host of a pod."""

  def do_GET(self):
    said = self.server.known.get(self.path.rpartition('/')[2])
    self.send_response(404 if said is None else 200)
    self.end_headers()
    self.wfile.write((said or '').encode())

  def log_message(self, *_):
    pass


@pytest.fixture
def metadata():
  """The addresses of the metadata servers of two hosts."""
  servers = [http.server.ThreadingHTTPServer(('127.0.0.1', 0), Metadata) for _ in range(2)]
  endpoints = ','.join(f'name:{i}:127.0.0.1' for i in range(2))
  for i, server in enumerate(servers):
    server.known = {'agent-worker-number': f'{i}', 'worker-network-endpoints': endpoints, 'tpu-env': ''}
    threading.Thread(target=server.serve_forever, daemon=True).start()
  yield [f'127.0.0.1:{server.server_port}' for server in servers]
  for server in servers:
    server.shutdown()
    server.server_close()


def answers(bucket):
  try:
    return urllib.request.urlopen(f'{bucket}/storage/v1/b/bucket', timeout=20).close() is None
  except (urllib.error.URLError, ConnectionError):
    return False


def read(bucket, name):
  """A JSON file of the run in the bucket, {} where there is none."""
  file = f'runs/a/{name}'.replace('/', '%2F')
  try:
    with urllib.request.urlopen(f'{bucket}/storage/v1/b/bucket/o/{file}?alt=media', timeout=20) as answer:
      return json.load(answer)
  except (urllib.error.URLError, ConnectionError):
    return {}


def codes(started):
  said = [process.communicate(timeout=PATIENCE)[1] for process in started]
  print(*said, sep='\n')  # noqa: T201, which a test that fails shows
  return [process.returncode for process in started]


def test_a_pod_is_preempted_and_goes_on_from_its_bucket(bucket, pod, metadata, tmp_path):
  none = {f'MEGASCALE_{name}': '' for name in ('COORDINATOR_ADDRESS', 'NUM_SLICES', 'SLICE_ID')}
  workers = {'TPU_WORKER_HOSTNAMES': '127.0.0.1,127.0.0.1', **none}
  on_gke = pod([{**workers, 'TPU_WORKER_ID': f'{i}'} for i in range(2)], *processes.slowly(0.3))

  def begun():
    assert [process.poll() for process in on_gke] == [None, None]
    return read(bucket, 'status.json').get('step', 0) >= 50

  processes.until(begun, PATIENCE, pause=0.1)
  on_gke[1].send_signal(signal.SIGTERM)
  assert codes(on_gke) == [75, 75]
  said = read(bucket, 'status.json')
  assert said['state'] == 'preempted' and 50 <= said['step'] < STEPS

  shutil.rmtree(tmp_path / 'wgan_jax' / 'remote')  # other machines, but what the first ones compiled
  on_gce = pod([{'GCE_METADATA_IP': address} for address in metadata], '-c', ASKING)
  assert codes(on_gce) == [0, 0]
  assert read(bucket, 'status.json')['state'] == 'done'
  assert [start['from_step'] for start in read(bucket, 'run.json')['starts']] == [0, said['step']]
  assert read(bucket, f'checkpoints/{STEPS}/about/metadata')['scores'] == read(bucket, 'status.json')['scores']
