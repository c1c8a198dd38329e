import chex
import jax
import numpy as np
import pytest

from wgan_jax.checkpoint import Checkpoints
from wgan_jax.errors import UserError

LIKE = {'weights': np.zeros((300, 40), np.float32), 'nested': {'step': np.array(0, np.int32)}, 'empty': {}}


def state_of(step):
  weights = np.random.default_rng(step).normal(size=(300, 40)).astype(np.float32)
  return {'weights': weights, 'nested': {'step': np.array(step, np.int32)}, 'empty': {}}


@pytest.fixture
def open_folder(tmp_path):
  def open_folder(keep=2, best='score', higher_is_better=True):
    return Checkpoints(tmp_path / 'checkpoints', keep, best, higher_is_better)

  return open_folder


def save(checkpoints, scores):
  for step, score in scores.items():
    checkpoints.save(step, state_of(step), {} if score is None else {'score': score})
  checkpoints.close()


def steps_in(tmp_path):
  return sorted(int(f.name) for f in (tmp_path / 'checkpoints').iterdir() if f.name.isdigit())


def largest_file(folder):
  return max((f for f in folder.rglob('*') if f.is_file()), key=lambda f: f.stat().st_size)


def test_the_newest_comes_back_bit_by_bit(open_folder):
  save(open_folder(), {10: 1.0, 20: 2.0})
  restored = open_folder().restore(jax.eval_shape(lambda: LIKE), pytest.fail)
  chex.assert_trees_all_equal(restored, state_of(20))


def test_an_empty_folder_holds_nothing(open_folder):
  assert open_folder().restore(LIKE, pytest.fail) is None


@pytest.mark.parametrize('higher_is_better, kept', [(True, [20, 40, 50]), (False, [10, 40, 50])])
def test_the_last_and_the_best_are_kept_also_over_restarts(open_folder, tmp_path, higher_is_better, kept):
  save(open_folder(higher_is_better=higher_is_better), {10: 1.0, 20: 5.0, 30: 2.0})
  again = open_folder(higher_is_better=higher_is_better)
  again.restore(LIKE, pytest.fail)
  save(again, {40: 3.0, 50: None})
  assert steps_in(tmp_path) == kept


def test_what_is_saved_is_a_copy(open_folder):
  checkpoints, state = open_folder(), state_of(10)
  checkpoints.save(10, state, {'score': 1.0})
  state['weights'][:] = 0
  checkpoints.close()
  chex.assert_trees_all_equal(open_folder().restore(LIKE, pytest.fail), state_of(10))


def test_what_is_saved_again_takes_the_place_of_what_was_saved(tmp_path):
  checkpoints = Checkpoints(tmp_path / 'new' / 'checkpoints', 2, 'score', True)
  checkpoints.save(10, state_of(1), {})
  assert checkpoints.saved(10) and not checkpoints.scored(10) and not checkpoints.saved(11)
  checkpoints.save(10, state_of(2), {'score': 1.0})
  assert checkpoints.scored(10)
  checkpoints.close()
  again = Checkpoints(tmp_path / 'new' / 'checkpoints', 2, 'score', True)
  chex.assert_trees_all_equal(again.restore(LIKE, pytest.fail), state_of(2))
  assert again.scored(10)


def test_a_kill_while_one_is_written_leaves_the_one_before_it(open_folder, tmp_path, monkeypatch):
  checkpoints = open_folder(keep=1)
  checkpoints.save(10, state_of(10), {'score': 1.0})
  checkpoints._manager.wait_until_finished()
  monkeypatch.setattr(checkpoints._manager, 'save', lambda *args, **kwargs: None)  # of which nothing reaches the disk
  checkpoints.save(20, state_of(20), {'score': 2.0})
  assert steps_in(tmp_path) == [10]


def test_the_one_before_goes_when_the_next_is_on_disk(open_folder, tmp_path):
  save(open_folder(keep=1), {10: 1.0, 20: 2.0, 30: 3.0})
  assert steps_in(tmp_path) == [30]


def test_a_state_of_another_structure_is_refused_and_stays(open_folder, tmp_path):
  save(open_folder(), {10: 1.0})
  for other in ({**LIKE, 'more': np.zeros(3)}, {**LIKE, 'weights': np.zeros((300, 41), np.float32)}):
    with pytest.raises(UserError, match=r'checkpoint 10 in .* is of another version: choose another --workdir='):
      open_folder().restore(other, pytest.fail)
  assert steps_in(tmp_path) == [10]


def truncate(file):
  file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip_a_bit(file):
  data = bytearray(file.read_bytes())
  data[len(data) // 2] ^= 1
  file.write_bytes(data)


@pytest.mark.parametrize('tear', [truncate, flip_a_bit, lambda file: file.unlink()])
def test_a_torn_one_is_named_and_set_aside_for_the_one_before_it(open_folder, tmp_path, tear):
  save(open_folder(), {10: 1.0, 20: 2.0})
  tear(largest_file(tmp_path / 'checkpoints' / '20'))
  lines = []
  chex.assert_trees_all_equal(open_folder().restore(LIKE, lines.append), state_of(10))
  assert len(lines) == 1 and 'checkpoint 20 is torn' in lines[0] and 'torn-20' in lines[0]
  assert (tmp_path / 'torn-20').is_dir()
  again = open_folder()
  again.restore(LIKE, pytest.fail)
  save(again, {20: 3.0})
  chex.assert_trees_all_equal(open_folder().restore(LIKE, pytest.fail), state_of(20))
