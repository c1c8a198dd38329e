"""launch.py as a user calls it: in a process of its own."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import time

import pytest

from wgan_jax.checkpoint import Checkpoints

ROOT = pathlib.Path(__file__).parents[1]
SMALL = [
  '--config=experiments/toy_wgan_gp.py',
  '--config.generator.width=16',
  '--config.critic.width=16',
  '--config.data.batch_size=16',
  '--config.train.steps=300',
  '--config.train.devices=1',
  '--config.log.samples_every_steps=100',
  '--config.checkpoint.every_steps=20',
  '--config.log.n_evaluate=100',
]


@pytest.fixture(scope='module')
def start(tmp_path_factory):
  """start(*arguments) -> a process of launch.py; they share a cache folder, so that the first one compiles for all."""
  environment = {**os.environ, 'XDG_CACHE_HOME': str(tmp_path_factory.mktemp('cache'))}

  def start(*arguments):
    command = [sys.executable, 'launch.py', *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)

  return start


def finish(process):
  _, errors = process.communicate(timeout=300)
  return process.returncode, errors


def final_bits(folder):
  manager = Checkpoints(folder / 'checkpoints', 1, 'hq_share', True)._manager
  state = manager.restore(300)['state']
  return state, (folder / 'metrics.jsonl').read_text()


@pytest.mark.parametrize('arguments', [['--config.data.name=nine'], ['--config.data.batch_size=zero']])
def test_a_mistake_is_one_line_and_no_traceback(start, arguments):
  status, errors = finish(start(*SMALL, *arguments))
  assert status == 1
  assert errors.startswith('error: ') and errors.count('\n') == 1


FIGURE = '--config=experiments/lecture/moving_plans.py'


@pytest.mark.parametrize(
  'arguments, said',
  [
    (['--config.moving_plans.places=0'], 'must be at least 1, not 0'),
    (['--config.moving_plans.place=9'], 'close to it: moving_plans.places'),
    (['--mode=evaluate'], 'leave out --mode'),
  ],
)
def test_a_mistake_with_a_figure_of_a_lecture_too(start, tmp_path, arguments, said):
  status, errors = finish(start(FIGURE, f'--workdir={tmp_path / "lecture"}', *arguments))
  assert status == 1
  assert errors.startswith('error: ') and errors.count('\n') == 1 and said in errors
  assert not (tmp_path / 'lecture').exists()


def test_killed_at_any_moment_it_ends_in_the_same_bits(start, tmp_path):
  assert finish(start(*SMALL, f'--workdir={tmp_path / "whole"}'))[0] == 0
  cut, luck, kills = tmp_path / 'cut', random.Random(0), 0
  for _ in range(3):
    process = start(*SMALL, f'--workdir={cut}')
    while not (cut / 'run.json').exists() and process.poll() is None:
      time.sleep(0.05)
    try:
      process.wait(luck.uniform(0.5, 4.0))
    except subprocess.TimeoutExpired:
      process.send_signal(signal.SIGKILL)
      kills += 1
    process.communicate()
  assert finish(start(*SMALL, f'--workdir={cut}'))[0] == 0
  assert kills
  import chex

  (whole, whole_log), (state, log) = final_bits(tmp_path / 'whole'), final_bits(cut)
  chex.assert_trees_all_equal(whole, state)
  assert whole_log == log
