import json
import signal

import chex
import jax
import numpy as np
import pytest
from PIL import Image

from experiments import digits_wgan_gp
from wgan_jax import log, status, train
from wgan_jax.checkpoint import Checkpoints
from wgan_jax.dispatch import Dispatcher
from wgan_jax.errors import UserError
from wgan_jax.sample import Sampler


@pytest.fixture
def config():
  config = digits_wgan_gp.get_config()
  config.data.batch_size = 16
  config.generator.width = config.critic.width = 16
  config.game.n_critic = 2
  config.train.update(steps=12, rounds_per_dispatch=4, devices=1)
  config.log.update(every_steps=1, samples_every_steps=6, n_samples=10, n_evaluate=40)
  config.data.split = 'train[:80%]'
  config.log.update(held_out='train[80%:]', n_held_out=20, n_critic_w1=10)
  config.checkpoint.update(every_steps=4, keep=2)
  return config


def final_state(folder):
  """The newest checkpoint as it lies there, with no run's help."""
  manager = Checkpoints(folder / 'checkpoints', 1, 'sliced_w1', False)._manager
  return manager.latest_step(), manager.restore(manager.latest_step())['state']


def test_a_run_leaves_everything(config, tmp_path, capsys):
  assert train.train(config, str(tmp_path)) == 0
  assert 'report.html' in capsys.readouterr().err
  assert {f.name for f in (tmp_path / 'samples').iterdir()} == {f'{step:08d}.png' for step in (0, 6, 12)}
  # Ten 8x8 images enlarged six times, in four columns and three rows, with gaps of two pixels.
  with Image.open(tmp_path / 'samples' / '00000012.png') as picture:
    assert picture.size == (4 * 50 + 2, 3 * 50 + 2)
  rows = list(log.read(tmp_path))
  assert [row['step'] for row in rows if 'w1_estimate' in row] == list(range(1, 13))
  looks = [row for row in rows if 'sliced_w1' in row]
  assert [row['step'] for row in looks] == [0, 4, 6, 8, 12]
  assert all(row['critic/w1_exact'] > 0 and row['critic/w1_ratio'] <= 1 and row['overfitting/p'] > 0 for row in looks)
  assert all(row['critic_loss'] == pytest.approx(row['penalty'] - row['w1_estimate'], abs=1e-4) for row in rows[1:4])
  assert json.loads((tmp_path / 'run.json').read_text())['starts'][0]['seconds'].keys() >= {'rounds', 'set-up'}
  assert 'data:image/png' in (tmp_path / 'report.html').read_text()
  said = status.read(tmp_path)
  assert (said['state'], said['step'], said['steps']) == ('done', 12, 12)
  assert said['scores'] == {name: value for name, value in looks[-1].items() if name != 'step'}


@pytest.fixture
def terminate_at(monkeypatch):
  """terminate_at(step): a SIGTERM arrives while the dispatch that reaches this round is under way."""
  play = Dispatcher.__call__

  def terminate_at(step):
    def play_and_be_asked(self, state, first, n):
      if first < step <= first + n:
        signal.raise_signal(signal.SIGTERM)
      return play(self, state, first, n)

    monkeypatch.setattr(Dispatcher, '__call__', play_and_be_asked)

  return terminate_at


@pytest.mark.parametrize('devices, accumulate', [(1, 1), (8, 2)])
def test_a_run_goes_on_with_the_same_bits_after_sigterm(config, tmp_path, terminate_at, capsys, devices, accumulate):
  config.train.update(devices=devices, accumulate=accumulate)
  assert train.train(config, str(tmp_path / 'whole')) == 0
  terminate_at(6)
  capsys.readouterr()
  assert train.train(config, str(tmp_path / 'cut')) == 75
  assert 'SIGTERM: saved at round' in capsys.readouterr().err
  stopped, _ = final_state(tmp_path / 'cut')
  assert 6 <= stopped < 12
  assert (said := status.read(tmp_path / 'cut'))['state'] == 'preempted' and said['step'] == stopped
  terminate_at(100)
  assert train.train(config, str(tmp_path / 'cut')) == 0
  (_, whole), (_, cut) = final_state(tmp_path / 'whole'), final_state(tmp_path / 'cut')
  chex.assert_trees_all_equal(whole, cut)
  whole_rows, cut_rows = (list(log.read(tmp_path / name)) for name in ('whole', 'cut'))
  assert whole_rows == cut_rows


def test_a_look_that_a_signal_cuts_short_is_taken_at_the_next_start_and_told_once(config, tmp_path, monkeypatch):
  draw, looks = Sampler.draw, []

  def draw_and_be_asked(self, state, n):
    looks.append(int(state.step))
    if looks in ([0], [0, 0, 4]):
      signal.raise_signal(signal.SIGTERM)
    return draw(self, state, n)

  monkeypatch.setattr(Sampler, 'draw', draw_and_be_asked)
  codes = [train.train(config, str(tmp_path)) for _ in range(3)]
  assert codes == [75, 75, 0] and looks == [0, 0, 4, 4, 6, 8, 12]
  assert [row['step'] for row in log.read(tmp_path) if 'sliced_w1' in row] == [0, 4, 6, 8, 12]


def test_a_finished_run_stays_as_it_is(config, tmp_path):
  train.train(config, str(tmp_path))
  before = (tmp_path / 'metrics.jsonl').read_bytes()
  assert train.train(config, str(tmp_path)) == 0
  assert (tmp_path / 'metrics.jsonl').read_bytes() == before


def test_nan_stops_at_its_round_and_keeps_the_last_good_checkpoint(config, tmp_path, monkeypatch):
  play = Dispatcher.__call__

  def poisoned(self, state, first, n):
    if first >= 8:
      bias = jax.tree.map(lambda x: x * np.nan, state.params['generator']['Dense_0']['bias'])
      generator = {**state.params['generator'], 'Dense_0': {**state.params['generator']['Dense_0'], 'bias': bias}}
      state = state.replace(params={**state.params, 'generator': generator})
    return play(self, state, first, n)

  monkeypatch.setattr(Dispatcher, '__call__', poisoned)
  with pytest.raises(UserError) as caught:
    train.train(config, str(tmp_path))
  line = f'{caught.value}'
  assert 'not finite in round 9 in turn critic_loss of network critic' in line
  assert 'the last good checkpoint is of round 8' in line
  assert '\n' not in line
  assert (said := status.read(tmp_path))['state'] == 'failed' and said['step'] == 8 and said['message'] == line
  step, state = final_state(tmp_path)
  assert step == 8
  chex.assert_tree_all_finite(state)


def test_data_that_changed_are_refused_and_the_checkpoints_stay(config, tmp_path):
  train.train(config, str(tmp_path))
  file = tmp_path / 'config.json'
  file.write_text(file.read_text().replace('"data.found.samples": 1438', '"data.found.samples": 1437'))
  with pytest.raises(UserError, match=r'data.found.samples \(1437 there, 1438 here\)'):
    train.train(config, str(tmp_path))
  assert final_state(tmp_path)[0] == 12


def test_what_a_loss_refuses_is_told_before_a_folder_is_claimed(config, tmp_path):
  config.train.accumulate, config.game.penalty.name = 2, 'dragan'
  with pytest.raises(UserError, match=r'set --config.train.accumulate=1'):
    train.train(config, str(tmp_path / 'run'))
  assert not (tmp_path / 'run').exists()


def test_the_folder_of_many_runs_is_left_alone(config, tmp_path):
  (tmp_path / 'units.json').write_text('{}')
  with pytest.raises(UserError, match=r'holds many runs: choose another --workdir=, or add --sweep='):
    train.train(config, str(tmp_path))
  assert [f.name for f in tmp_path.iterdir()] == ['units.json']


def test_a_score_that_is_not_measured_is_refused(config, tmp_path):
  config.checkpoint.best = 'fid'
  with pytest.raises(UserError, match=r'--config.checkpoint.best=fid is not measured here; known: sliced_w1'):
    train.train(config, str(tmp_path))
