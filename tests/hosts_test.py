"""Two processes that train one run, as a user or a cluster starts them."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import chex
import jax
import numpy as np
import pytest

from tests import processes
from wgan_jax import hosts, log, status
from wgan_jax.checkpoint import manager_in

ROOT = pathlib.Path(__file__).parents[1]
STEPS, HEARTBEAT, PATIENCE = 160, 5, 240
PAUSE = 0.02  # in seconds: 50 rounds or fewer until JAX looks for a signal
SMALL = [
  '--config=experiments/toy_wgan_gp.py',
  '--config.data.name=8gaussians',
  '--config.data.batch_size=16',
  '--config.generator.width=16',
  '--config.critic.width=16',
  # Without kinks, beside which rounding alone soon makes other runs.
  '--config.generator.activation=tanh',
  '--config.critic.activation=tanh',
  '--config.train.rounds_per_dispatch=1',  # between any two of which a signal is heard
  f'--config.train.steps={STEPS}',
  '--config.log.every_steps=1',
  '--config.log.samples_every_steps=100000',
  '--config.checkpoint.every_steps=80',
  '--config.log.n_evaluate=100',
  '--config.log.n_critic_w1=32',
]


@pytest.fixture(scope='module')
def cache(tmp_path_factory):
  """A folder that all share, so that the first ones compile for the others."""
  return str(tmp_path_factory.mktemp('cache'))


@pytest.fixture
def start(cache):
  """start(devices, *arguments, pause) -> a process of launch.py that has so many virtual devices.

  It does not outlive the test. pause: before each round, in seconds, so that there is time for a signal.
  """
  started = []

  def start(devices, *arguments, pause=0):
    flags = os.environ['XLA_FLAGS'].replace('device_count=8', f'device_count={devices}')
    environment = {**os.environ, 'XLA_FLAGS': flags, 'XDG_CACHE_HOME': cache}
    launch = processes.slowly(pause) if pause else ['launch.py']
    command = [sys.executable, *launch, *SMALL, *arguments]
    started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True))
    return started[-1]

  yield start
  for process in started:
    process.kill()
    process.communicate()


@pytest.fixture
def pair(start):
  """pair(*arguments, workdirs, own, pause) -> two processes that train one run.

  Each has a device and arguments of its own.
  """

  def pair(*arguments, workdirs, own=((), ()), pause=0):
    (port,) = processes.free_ports(1)
    there = f'--coordinator=127.0.0.1:{port}', '--num_processes=2', f'--heartbeat_seconds={HEARTBEAT}', *arguments
    each = [[f'--workdir={workdir}', f'--process_id={i}', *own[i]] for i, workdir in enumerate(workdirs)]
    return [start(1, *there, *of_one, pause=pause) for of_one in each]

  return pair


def ended(started):
  """(exit status, what it said) of each."""
  said = [process.communicate(timeout=PATIENCE)[1] for process in started]
  return [(process.returncode, words) for process, words in zip(started, said, strict=True)]


def wait_for(folder, step, started):
  """Returns when the run has come so far."""

  def there():
    assert all(process.poll() is None for process in started)
    return max([0, *(row['step'] for row in log.read(folder))]) >= step

  processes.until(there, PATIENCE)


def newest(folder):
  manager = manager_in((folder / 'checkpoints').resolve(), read_only=True, create=False)
  step = max(manager.all_steps())
  return step, manager.restore(step)['state']


def test_two_processes_are_one_with_two_devices_and_end_in_the_same_bits_whatever_happens(start, pair, tmp_path):
  whole, cut, one = (tmp_path / name for name in ('whole', 'cut', 'one'))
  alone = start(2, f'--workdir={one}')
  assert [code for code, _ in ended(pair(workdirs=[whole, whole]))] == [0, 0]
  assert ended([alone])[0][0] == 0
  step, of_two = newest(whole)
  assert step == STEPS
  chex.assert_trees_all_close(of_two['params'], newest(one)[1]['params'], rtol=1e-3, atol=1e-4)
  for name in ('sliced_w1', 'hq_share'):
    assert status.read(whole)['scores'][name] == pytest.approx(status.read(one)['scores'][name], rel=1e-2, abs=1e-2)

  two = pair(workdirs=[cut, cut], pause=PAUSE)
  wait_for(cut, 10, two)
  two[1].send_signal(signal.SIGINT)
  assert [code for code, _ in ended(two)] == [75, 75]
  said, (step, _) = status.read(cut), newest(cut)
  assert said['state'] == status.PREEMPTED and said['step'] == step < STEPS

  two = pair(workdirs=[cut, cut], pause=PAUSE)
  wait_for(cut, 100, two)
  two[1].kill()
  killed = time.monotonic()
  (code, words), _ = ended(two)
  assert code not in (0, 75) and time.monotonic() - killed < 3 * HEARTBEAT
  assert hosts.LOST in words or 'another task died' in words

  fewer = tmp_path / 'fewer'
  shutil.copytree(cut, fewer)
  alone = start(1, f'--workdir={fewer}')
  assert [code for code, _ in ended(pair(workdirs=[cut, cut]))] == [0, 0]
  assert ended([alone])[0][0] == 0
  chex.assert_trees_all_equal(newest(cut)[1], of_two)
  assert [*log.read(cut)] == [*log.read(whole)]
  chex.assert_trees_all_close(newest(fewer)[1]['params'], of_two['params'], rtol=1e-3, atol=1e-4)


def scores(folder):
  """Numbers of the last evaluation."""
  found = json.loads((folder / 'scores.json').read_text())['evaluations'][-1]
  return {score['name']: score['value'] for score in found['scores']}


def test_what_two_processes_measure_one_measures_too(start, pair, tmp_path):
  run, look = tmp_path / 'run', ['--mode=evaluate', '--config.evaluate.n_points=300', '--config.evaluate.batch_size=64']
  assert ended([start(1, f'--workdir={run}', '--config.train.steps=2')])[0][0] == 0
  assert ended([start(1, f'--workdir={run}', '--config.train.steps=2', *look)])[0][0] == 0
  of_one = scores(run)
  assert [code for code, _ in ended(pair('--config.train.steps=2', *look, workdirs=[run, run]))] == [0, 0]
  assert len(json.loads((run / 'scores.json').read_text())['evaluations']) == 2
  assert scores(run) == pytest.approx(of_one, rel=1e-4, abs=1e-5)


def test_processes_with_different_configs_are_told_by_all(pair, tmp_path):
  one, other = pair(workdirs=[tmp_path, tmp_path], own=[['--config.seed=0'], ['--config.seed=1']])
  (code, words), (other_code, other_words) = ended([one, other])
  assert (code, other_code) == (1, 1)
  assert 'have different configs' in words and 'different configs (here seed)' in other_words


def test_processes_without_a_folder_in_common_are_refused(pair, tmp_path):
  (code, words), (other_code, _) = ended(pair(workdirs=[tmp_path / 'a', tmp_path / 'b']))
  assert (code, other_code) == (1, 1)
  assert 'is not one folder for all 2 processes' in words


def test_alone_there_is_nothing_to_agree_on(tmp_path):
  tree = {'a': np.float32([-0.0, np.nan]), 'b': np.int32(3)}
  assert hosts.agreed(tree) is tree and hosts.joined(tree) is tree
  assert hosts.share() == (0, 1) and hosts.first() and not hosts.several()
  assert hosts.told(lambda: (1, 2)) == (1, 2) and hosts.all_agree(True) and not hosts.all_agree(False)
  assert hosts.writable(tmp_path) == tmp_path
  assert hosts.found(lambda: None, tree) is None
  assert json.dumps(hosts.found(lambda: ([[1, {'x': 2.0}]], 5), tree)) == json.dumps([[[1, {'x': 2.0}]], 5])
  assert hosts.all_devices() == sorted(jax.devices(), key=lambda device: device.id)
