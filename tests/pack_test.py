import signal

import chex
import jax
import numpy as np
import pytest

from experiments import toy_wgan_gp
from wgan_jax import log, member, status, train
from wgan_jax.checkpoint import Checkpoints
from wgan_jax.dispatch_many import DispatcherOfMany
from wgan_jax.errors import UserError
from wgan_jax.pack import train_together
from wgan_jax.stop import Stopped


def config_of(seed, steps=8):
  """The config of a run that takes a second."""
  config = toy_wgan_gp.get_config()
  config.update(seed=seed)
  config.data.update(name='8gaussians', batch_size=8)
  config.generator.update(width=8, depth=1)
  config.critic.update(width=8, depth=1)
  config.game.n_critic = 1
  config.train.update(steps=steps, rounds_per_dispatch=3, devices=2)
  config.log.update(every_steps=1, samples_every_steps=steps, n_samples=10, n_evaluate=40, n_critic_w1=8)
  config.checkpoint.update(every_steps=4, keep=2)
  return config


def saved(folder, step=None):
  """A checkpoint as it lies there, the newest by default."""
  manager = Checkpoints(folder / 'checkpoints', 1, 'hq_share', True)._manager
  return manager.restore(manager.latest_step() if step is None else step)['state']


def names(folder):
  return {f.relative_to(folder).parts[:2] for f in folder.rglob('*') if f.parent.name != 'tensorboard'}


SEEDS = 5, 6, 9


@pytest.fixture(scope='module')
def whole(tmp_path_factory):
  """The folders of three runs that were trained together, on two devices, one of which has two of them."""
  folders = [tmp_path_factory.mktemp(f'{seed}') for seed in SEEDS]
  assert train_together([config_of(seed) for seed in SEEDS], folders) == 0
  return folders


def test_each_is_left_as_if_it_had_been_trained_alone(whole, tmp_path):
  config = config_of(SEEDS[2])
  assert train.train(config, str(tmp_path)) == 0
  chex.assert_trees_all_close(saved(whole[2]), saved(tmp_path), rtol=1e-4, atol=1e-5)
  assert names(whole[2]) == names(tmp_path)
  assert (whole[2] / 'config.json').read_text() == (tmp_path / 'config.json').read_text()
  rows, rows_alone = list(log.read(whole[2])), list(log.read(tmp_path))
  for row, row_alone in zip(rows, rows_alone, strict=True):
    assert row.keys() == row_alone.keys()
    np.testing.assert_allclose([*row.values()], [*row_alone.values()], rtol=1e-3, atol=1e-4)
  # And it goes on alone.
  assert status.read(whole[2])['state'] == 'done' and train.train(config, str(whole[2])) == 0


def test_seeds_differ(whole):
  first, second = saved(whole[0]), saved(whole[1])
  assert not np.allclose(*(jax.tree.leaves(state['params'])[0] for state in (first, second)))


def test_stopped_and_one_ahead_of_the_others_they_end_in_the_same_bits(whole, tmp_path, monkeypatch, capsys):
  play, asked = DispatcherOfMany.play, []

  def play_and_be_asked(self, state, step, counts):
    asked.append((step, counts))
    if step == 4 and 'stopped' not in asked:
      asked.append('stopped')
      signal.raise_signal(signal.SIGTERM)
    return play(self, state, step, counts)

  monkeypatch.setattr(DispatcherOfMany, 'play', play_and_be_asked)
  configs, folders = [config_of(seed) for seed in SEEDS], [tmp_path / f'{seed}' for seed in SEEDS]
  assert train_together(configs, folders) == 75
  assert 'SIGTERM: saved at round' in capsys.readouterr().err
  assert {status.read(folder)['state'] for folder in folders} == {'preempted'}
  # As if it had been killed after two of three had saved.
  stopped = status.read(folders[1])['step']
  Checkpoints(folders[1] / 'checkpoints', 1, 'hq_share', True)._manager.delete(stopped)
  asked[:] = ['stopped']
  assert train_together(configs, folders) == 0
  alone = [counts for step, counts in asked[1:] if step < stopped]
  assert asked[1][0] == 4 < stopped < 8 and all(counts[0] == counts[2] == 0 < counts[1] for counts in alone)
  for folder, other in zip(folders, whole, strict=True):
    chex.assert_trees_all_equal(saved(folder), saved(other))
    assert (folder / 'metrics.jsonl').read_text() == (other / 'metrics.jsonl').read_text()


def test_one_that_is_not_finite_ends_while_the_others_go_on(whole, tmp_path, monkeypatch, capsys):
  play = DispatcherOfMany.play

  def poisoned(self, state, step, counts):
    if step >= 4:
      # The last of them: devices hold two each, the fourth a stand-in.
      state = jax.tree.map(np.array, jax.device_get(state))
      state.params['critic']['Dense_0']['bias'][1, 0] = np.nan
    return play(self, state, step, counts)

  monkeypatch.setattr(DispatcherOfMany, 'play', poisoned)
  folders = [tmp_path / f'{seed}' for seed in SEEDS]
  assert train_together([config_of(seed) for seed in SEEDS], folders) == 1
  told = capsys.readouterr().err
  assert '9: not finite in round 5 in turn critic_loss of network critic' in told
  assert '2 others left' in told and '1 of 3 runs failed: 9' in told
  assert [status.read(folder)['state'] for folder in folders] == ['done', 'done', 'failed']
  assert 'last good checkpoint is of round 4' in status.read(folders[2])['message']
  chex.assert_trees_all_equal(saved(folders[0]), saved(whole[0]))
  chex.assert_tree_all_finite(saved(folders[2]))


def test_each_has_errors_of_its_own_and_all_are_saved_before_one_is_evaluated(tmp_path, monkeypatch, capsys):
  folders, found = [tmp_path / f'{seed}' for seed in SEEDS], []

  def evaluate(config, path):
    states = [status.read(folder)['state'] for folder in folders]
    found.append((config.seed, [int(f.name) for f in tmp_path.glob('*/checkpoints/[0-9]*')].count(4), states))
    if len(found) == 1:
      raise UserError('no such score')
    raise Stopped('SIGTERM')

  monkeypatch.setattr(member, 'evaluate', evaluate)
  configs = [config_of(seed, steps=4) for seed in SEEDS]
  for config in configs:
    config.evaluate.when_done = True
  with pytest.raises(Stopped):
    train_together(configs, folders)
  assert found == [(5, 3, ['running'] * 3), (6, 3, ['failed', 'running', 'running'])]
  assert not [*tmp_path.glob('*/checkpoints/*tmp*')] and len([*tmp_path.glob('*/report.html')]) == 3
  assert [status.read(folder)['state'] for folder in folders] == ['failed', 'preempted', 'preempted']
  assert (said := status.read(folders[0]))['message'] == 'no such score' and said['step'] == 4
  assert '5: no such score; 2 others left' in capsys.readouterr().err
  # The next start has nothing to play; what is no user's mistake is raised in the end.
  monkeypatch.setattr(member, 'evaluate', lambda config, path: 1 / (config.seed - 6))
  with pytest.raises(ZeroDivisionError):
    train_together(configs, folders)
  assert [status.read(folder)['state'] for folder in folders] == ['done', 'failed', 'done']
