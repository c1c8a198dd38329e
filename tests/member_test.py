"""When a run says that it is done. What a run leaves is tested where it is trained."""

import signal
import types

import pytest

from experiments import toy_wgan_gp
from wgan_jax import member, status
from wgan_jax.clock import Clock
from wgan_jax.stop import Stop, Stopped


@pytest.fixture
def over(tmp_path, monkeypatch):
  """over(evaluate): a run that has played all its rounds, and is evaluated like that."""

  def make(evaluate):
    monkeypatch.setattr(member, 'evaluate', evaluate)
    monkeypatch.setattr(member.report, 'write', lambda folder: None)
    monkeypatch.setattr(member.workdir, 'record_times', lambda folder, seconds: None)
    run = object.__new__(member.Member)
    run.config, run.folder, run._scores, run._clock = toy_wgan_gp.get_config(), tmp_path, {}, Clock()
    run.config.evaluate.when_done, run.step = True, run.config.train.steps
    run._checkpoints = types.SimpleNamespace(saved=lambda step: True, scored=lambda step: True)
    status.write(tmp_path, status.RUNNING)
    return run

  return make


def test_a_run_is_done_after_it_was_evaluated_where_that_is_asked_for_and_once(over, tmp_path):
  states = []
  run = over(lambda config, path: states.append(status.read(path)['state']))
  for _ in range(2):
    run.conclude()
    assert status.read(tmp_path)['state'] == 'done'
  assert states == ['running']


def test_a_run_that_is_stopped_while_it_is_evaluated_is_preempted(over, tmp_path):
  def stopped(config, path):
    raise Stopped('SIGTERM')

  run = over(stopped)
  with pytest.raises(Stopped):
    run.conclude()
  run.interrupt()
  assert status.read(tmp_path)['state'] == 'preempted'


def test_a_signal_that_came_before_its_evaluation_leaves_that_to_the_next_start(over, tmp_path):
  run = over(lambda config, path: pytest.fail('evaluated'))
  with Stop():
    signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Stopped):
      run.conclude()
  status.write(tmp_path, status.DONE)
  run.interrupt()
  assert status.read(tmp_path)['state'] == 'done'  # done means done


def test_a_run_is_not_evaluated_unless_that_is_asked_for(over, tmp_path):
  run = over(lambda config, path: pytest.fail('evaluated'))
  run.config.evaluate.when_done = False
  run.conclude()
  assert status.read(tmp_path)['state'] == 'done'
