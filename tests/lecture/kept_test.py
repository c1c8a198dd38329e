"""A training that is kept: it is played once, goes on where it was killed, and ends in the same bits."""

import chex
import jax
import numpy as np
import pytest

from experiments import toy_wgan_gp
from wgan_jax.lecture import kept as module
from wgan_jax.lecture.kept import kept, kept_of
from wgan_jax.lecture.playing import Stage, Training


class Counting:
  """A training whose weights are a list of the rounds that were played, and which may be killed in one of them."""

  played, kill = [], None

  def __init__(self, config):
    self.seed = config.seed
    self.like = {'seed': np.zeros(()), 'rounds': np.zeros(600)}

  def stages(self, rounds, what, start=None):
    state = jax.tree.map(np.array, start) if start else {'seed': np.array(float(self.seed)), 'rounds': np.zeros(600)}
    first = int(state['rounds'].sum())
    for step in range(first, rounds[-1] + 1):
      if step in rounds:
        yield Stage(step, jax.tree.map(np.array, state), {})
      if step == self.kill:
        raise KeyboardInterrupt
      if step < rounds[-1]:
        self.played.append(step)
        state['rounds'][step] = 1


@pytest.fixture
def counting(monkeypatch):
  monkeypatch.setattr(module, 'Training', Counting)
  monkeypatch.setattr(Counting, 'played', [])
  return Counting


@pytest.fixture
def config(make_tiny):
  config = make_tiny(toy_wgan_gp, 6)
  config.checkpoint.every_steps = 2
  return config


def test_it_is_trained_once_and_found_by_others(config, counting, tmp_path):
  _, first = kept(config, tmp_path)
  assert [stage.step for stage in first] == [0, 2, 4, 6] and counting.played == [*range(6)]
  config.evaluate.seed = 3  # which is of looking
  _, again = kept(config, tmp_path)
  chex.assert_trees_all_equal(first, again)
  assert counting.played == [*range(6)]


def test_another_config_is_another_training(config, counting, tmp_path):
  kept(config, tmp_path)
  config.seed = 1
  _, other = kept(config, tmp_path)
  assert counting.played == 2 * [*range(6)] and other[-1].state['seed'] == 1


def test_figures_ask_for_a_seed_and_rounds(config, counting, tmp_path):
  _, stages = kept_of(config, 3, 4, tmp_path)
  assert [stage.step for stage in stages] == [0, 2, 4] and counting.played == [*range(4)]
  assert stages[-1].state['seed'] == 3


def test_what_is_torn_is_trained_again_and_no_more(config, counting, tmp_path, capsys):
  _, whole = kept(config, tmp_path)
  (home,) = tmp_path.iterdir()
  file = max((f for f in (home / 'round-4').rglob('*') if f.is_file()), key=lambda f: f.stat().st_size)
  file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
  _, mended = kept(config, tmp_path)
  assert counting.played == [*range(6), 2, 3] and 'checkpoint 4 is torn' in capsys.readouterr().err
  chex.assert_trees_all_equal(whole, mended)


def test_killed_it_goes_on_from_the_last_that_was_kept(config, counting, monkeypatch, tmp_path):
  monkeypatch.setattr(counting, 'kill', 5)
  with pytest.raises(KeyboardInterrupt):
    kept(config, tmp_path)
  monkeypatch.setattr(counting, 'kill', None)
  kept(config, tmp_path)
  assert counting.played == [*range(5), 4, 5]


def test_a_game_that_goes_on_ends_in_the_same_bits(config, monkeypatch, tmp_path):
  config.train.steps = 4
  stages = Training.stages

  def killed(self, *arguments):
    for stage, _ in zip(stages(self, *arguments), range(2), strict=False):
      yield stage
    raise KeyboardInterrupt

  _, whole = kept(config, tmp_path / 'whole')
  monkeypatch.setattr(Training, 'stages', killed)
  with pytest.raises(KeyboardInterrupt):
    kept(config, tmp_path / 'cut')
  monkeypatch.setattr(Training, 'stages', stages)
  chex.assert_trees_all_equal(whole, kept(config, tmp_path / 'cut')[1])
